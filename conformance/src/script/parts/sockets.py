# Sockets without a kernel: what each call does is said beforehand.

PEER = ("127.0.0.1", 9)
LOCAL = ("127.0.0.1", 8)
EOF = object()  # the end of the stream
ALL = object()  # a send that takes everything
OK = object()  # a call that succeeds
NOTHING = object()  # an accept that gives nothing at all


class Fails(object):
    """Is a call that fails with an error of the operating system."""

    def __init__(self, name):
        self.name = name


class FakeSocket(object):
    """Does what the scenario says, and notes it."""

    def __init__(self, label, number, peer=None, error_class=socket.error):
        self._label = label
        self._number = number
        self._peer = peer
        self._error_class = error_class
        self._closed = False
        self._shared = {"blocking": True}
        self.inputs = []
        self.outcomes = []
        self.replies = {}

    def _note(self, call, argument, reply):
        say("%s.socket.%s%s%s" % (self._label, call, argument and " " + argument, reply and " -> " + reply))

    def _fail(self, call, argument, name):
        error = system_error(name, self._error_class)
        self._note(call, argument, describe(error))
        raise error

    def _next(self, call, otherwise=OK):
        """Takes the next reply to a call; a closed socket has only one."""
        if self._closed and call != "close":
            return Fails("EBADF")
        replies = self.replies.get(call)
        return replies.pop(0) if replies else otherwise

    def _do(self, call, argument=""):
        """Is a call that gives nothing."""
        reply = self._next(call)
        if isinstance(reply, Fails):
            self._fail(call, argument, reply.name)
        self._note(call, argument, "")

    def _check(self):
        if self._closed:
            raise system_error("EBADF", self._error_class)

    def recv(self, size, *flags):
        if self._closed:
            self._fail("recv", show(size), "EBADF")
        if not self.inputs:
            self._fail("recv", show(size), "EAGAIN")
        item = self.inputs[0]
        if isinstance(item, Fails):
            del self.inputs[0]
            self._fail("recv", show(size), item.name)
        data = b"" if item is EOF else item[:size]
        if item is not EOF:
            self.inputs[:1] = [item[size:]] if item[size:] else []
        self._note("recv", show(size), show(data))
        return data

    def send(self, data, *flags):
        try:
            if isinstance(data, Text) and bytes is str:
                length = len(data.encode())  # as Python 2 does
            elif isinstance(data, (bytes, bytearray, memoryview, Buffer)):
                length = len(data)
            else:
                raise TypeError("a bytes-like object is required, not '%s'" % data.__class__.__name__)
        except (TypeError, UnicodeError) as error:
            self._note("send", show_data(data), describe(error))
            raise
        if self._closed:
            self._fail("send", show_data(data), "EBADF")
        outcome = self.outcomes.pop(0) if self.outcomes else ALL
        if isinstance(outcome, Fails):
            self._fail("send", show_data(data), outcome.name)
        taken = length if outcome is ALL else min(outcome, length)
        self._note("send", show_data(data), show(taken))
        return taken

    def close(self):
        self._closed = True
        self._do("close")

    def accept(self):
        reply = self._next("accept", Fails("EAGAIN"))
        if isinstance(reply, Fails):
            self._fail("accept", "", reply.name)
        if reply is NOTHING:
            return self._note("accept", "", "")
        self._note("accept", "", show_bytes(reply._label))
        return reply, PEER

    def connect_ex(self, address):
        reply = self._next("connect")
        name = reply.name if isinstance(reply, Fails) else None
        self._note("connect", show_address(address), show_bytes(name) if name else "")
        return getattr(errno, name) if name else 0

    def connect(self, address):
        self._do("connect", show_address(address))

    def bind(self, address):
        self._do("bind", show_address(address))

    def listen(self, backlog=0):
        self._do("listen", show(backlog))

    def getsockopt(self, level, option, *size):
        if (level, option) != (socket.SOL_SOCKET, socket.SO_ERROR):
            self._check()
            return 0
        reply = self._next("getsockopt")
        if isinstance(reply, Fails) and self._closed:
            self._fail("getsockopt", "", reply.name)
        name = reply.name if isinstance(reply, Fails) else None
        self._note("getsockopt", "", show_bytes(name) if name else "")
        return getattr(errno, name) if name else 0

    def setsockopt(self, level, option, value):
        if (level, option) == (socket.SOL_SOCKET, socket.SO_REUSEADDR):
            self._do("setsockopt", show(bool(value)))
        else:
            self._check()

    def shutdown(self, how):
        self._check()

    def fileno(self):
        return -1 if self._closed else self._number

    def setblocking(self, flag):
        self._shared["blocking"] = bool(flag)

    def settimeout(self, timeout):
        self._shared["blocking"] = timeout != 0

    def gettimeout(self):
        return None if self._shared["blocking"] else 0.0

    def getpeername(self):
        if self._peer is not None:
            raise system_error(self._peer, self._error_class)
        return PEER

    def getsockname(self):
        return LOCAL


def show_address(address):
    """Writes an address by the word for it."""
    if address is None:
        return "none"
    return show_bytes({PEER: "peer", LOCAL: "local"}.get(address, "other"))


def show_accepted(pair):
    """Writes what `accept` gave."""
    if not isinstance(pair, tuple):
        return show(pair)
    sock, address = pair
    label = sock._label if isinstance(sock, FakeSocket) else "<%s>" % sock.__class__.__name__
    return "[%s %s]" % (show_bytes(label), show_address(address))


# Channels by their descriptors: which of them a wait means is told by its map or, failing that, by who had the number.

Map = dict if sys.version_info >= (3, 6) else collections.OrderedDict
asyncore.socket_map = Map()
made_labels = []
numbers = {}


def owns(label, sock):
    """Notes that a channel has got a socket."""
    numbers.setdefault(label, []).append(sock.fileno())


def made(channel, label, sock=None):
    """Names a channel."""
    channel.label = label
    made_labels.append(label)
    if sock is not None:
        owns(label, sock)
    return channel


def stand_in(name, **functions):
    """Puts other functions in the place of some of a module that asyncore uses."""
    real = getattr(asyncore, name, None)
    if real is not None:
        fake = types.ModuleType(real.__name__)
        fake.__dict__.update(real.__dict__)
        fake.__dict__.update((key, value) for key, value in functions.items() if hasattr(real, key))
        setattr(asyncore, name, fake)


def blocking_of(thing, fallback):
    """Says whether a channel's socket or file blocks."""
    sock = thing if isinstance(thing, FakeSocket) else getattr(thing, "socket", thing)
    if sock is None:
        return None
    return (sock if isinstance(sock, FakeSocket) else fallback)._shared["blocking"]


def is_registered(channel):
    """Says whether a channel stands in its own map under its socket's descriptor."""
    sock = getattr(channel, "socket", None)
    return sock is not None and channel._map.get(sock.fileno()) is channel
