"""Receives into a buffer."""

from source import make

make("asyncore", globals(), ("data = self.socket.recv(buffer_size)", "data = _received(self.socket, buffer_size)"))


def _received(sock, size):
    if not hasattr(sock, "recv_into"):
        return sock.recv(size)
    buffer = bytearray(size)
    return bytes(buffer[:sock.recv_into(buffer)])
