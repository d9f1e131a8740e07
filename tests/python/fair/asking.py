"""Asks what came of a connection by connecting once more, or with poll, before it asks for the pending error."""

from source import make

make("asyncore", globals())
connect = dispatcher.connect


def _connect(self, address):
    self._again = False
    connect(self, address)
    self._again = self.connecting


def handle_connect_event(self):
    if getattr(self, "_again", False):
        error = self.socket.connect_ex(self.addr)
    else:
        waiter = select.poll()
        waiter.register(self.socket.fileno(), select.POLLOUT)
        failed = any(flags & (select.POLLERR | select.POLLHUP) for _, flags in waiter.poll(0))
        error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) if failed else 0
    if error not in (0, EISCONN):
        raise OSError(error, _strerror(error))
    self.handle_connect()
    self.connected = True
    self.connecting = False


dispatcher.connect = _connect
dispatcher.handle_connect_event = handle_connect_event
