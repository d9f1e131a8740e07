# What create_socket makes: the channel's own socket, unless the scenario says otherwise.

creating = []


def create(channel, sock, **given):
    """Calls a channel's create_socket."""
    creating.append((channel.label, sock))
    try:
        channel.create_socket(**given)
    finally:
        creating.pop()


def fake_socket(family=socket.AF_INET, type=socket.SOCK_STREAM, *others):
    label, own = creating[-1]
    argument = "[%s %s]" % (show_constant(family, "AF_", "inet inet6 unix"), show_constant(type, "SOCK_", "stream dgram"))
    replies = own.replies.get("create")
    reply = replies.pop(0) if replies else OK
    if isinstance(reply, Fails):
        error = system_error(reply.name)
        say("%s.socket.create %s -> %s" % (label, argument, describe(error)))
        raise error
    sock = own if reply is OK else reply
    owns(label, sock)
    say("%s.socket.create %s%s" % (label, argument, "" if reply is OK else " -> " + show_bytes(sock._label)))
    return sock


def show_constant(constant, prefix, words):
    """Writes a constant of the module `socket` by the word for it."""
    for word in words.split():
        if getattr(socket, prefix + word.upper(), None) == constant:
            return show_bytes(word)
    return show(constant)


stand_in("socket", socket=fake_socket)
