"""Connects with the method that raises, and makes sockets that do not block from the beginning."""

from source import make

make(
    "asyncore", globals(), ("self.socket.connect_ex(address)", "_connected(self.socket, address)"),
    ("socket.socket(family, type)", "socket.socket(family, type | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)"),
)


def _connected(sock, address):
    try:
        sock.connect(address)
    except OSError as error:
        return error.errno
    return 0
