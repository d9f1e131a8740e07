class BareChat(asynchat.async_chat):
    """Notes the calls of what async_chat calls on itself."""

    label = "unnamed"
    handle_connect = hook("handle_connect", asynchat.async_chat.handle_connect, flags=True)
    handle_close = hook("handle_close", asynchat.async_chat.handle_close, flags=True)
    handle_error = hook("handle_error", asynchat.async_chat.handle_error, error_argument, flags=True)
    log_info = hook("log_info", None, log_argument)
    recv = hook("recv", asynchat.async_chat.recv, data_argument, default=b"")
    send = hook("send", asynchat.async_chat.send, data_argument, default=0)
    close = hook("close", asynchat.async_chat.close)
    initiate_send = hook("initiate_send", asynchat.async_chat.initiate_send)
    if hasattr(asynchat.async_chat, "refill_buffer"):
        refill_buffer = hook("refill_buffer", asynchat.async_chat.refill_buffer)


class Chat(BareChat):
    """Notes what is collected, too."""

    collect_incoming_data = hook("collect_incoming_data", None, data_argument, flags=True)
    found_terminator = hook("found_terminator", None, flags=True)


class GatheringChat(Chat):
    """Notes what is collected and keeps it as the class does."""

    collect_incoming_data = hook(
        "collect_incoming_data", lambda self, data: self._collect_incoming_data(data), data_argument, flags=True
    )
