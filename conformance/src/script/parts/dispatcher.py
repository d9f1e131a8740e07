def recording(base):
    """Makes the subclass of a dispatcher that notes the calls of what a program can override."""
    def handle_read(self):
        return base.handle_read(self) if self.reads is None else self.recv(self.reads)

    def readable(self):
        return base.readable(self) if self.says_readable is None else self.says_readable

    def writable(self):
        return base.writable(self) if self.says_writable is None else self.says_writable

    class Recording(base):
        label = "unnamed"
        reads = says_readable = says_writable = None

    def override(name, method=None, *arguments, **options):
        if hasattr(base, name):
            setattr(Recording, name, hook(name, method or getattr(base, name), *arguments, **options))

    for name in ("handle_connect", "handle_close", "handle_write", "handle_expt", "handle_accept"):
        override(name, flags=True)
    override("handle_read", handle_read, flags=True)
    override("handle_error", None, error_argument, flags=True)
    override("handle_accepted", None, lambda sock, address: " list " + show_accepted((sock, address)), flags=True)
    override("readable", readable, default=False)
    override("writable", writable, default=False)
    override("recv", None, data_argument, default=b"")
    override("send", None, data_argument, default=0)
    for name in (
        "accept", "close", "initiate_send", "handle_read_event", "handle_write_event", "handle_expt_event",
        "handle_connect_event",
    ):
        override(name)
    Recording.log_info = hook("log_info", None, log_argument)
    return Recording


Dispatcher = recording(asyncore.dispatcher)
DispatcherWithSend = recording(asyncore.dispatcher_with_send)
