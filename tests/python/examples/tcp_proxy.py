"""Hands connections on to another server: two channels for each, which know each other.

Usage: tcp_proxy.py HOST PORT UPSTREAM_HOST UPSTREAM_PORT [CONNECTIONS]
"""

import asyncore
import socket
import sys

SIZE = 8192
LIMIT = 65536


class Side(asyncore.dispatcher):

    def __init__(self, label, sock=None):
        self.label = label
        self.other = None
        self.pending = b''
        self.ending = False
        asyncore.dispatcher.__init__(self, sock)

    def forward(self, data):
        self.pending += data
        if self.connected:
            self.flush()

    def flush(self):
        if self.pending:
            sent = self.send(self.pending)
            self.pending = self.pending[sent:]
        if self.ending and not self.pending:
            self.close()

    def hang_up(self):
        self.ending = True
        if not self.pending:
            self.close()

    def readable(self):
        return self.other is not None and len(self.other.pending) < LIMIT and not self.ending

    def writable(self):
        return not self.connected or bool(self.pending)

    def handle_connect(self):
        pass

    def handle_read(self):
        data = self.recv(SIZE)
        if data and self.other is not None:
            self.other.forward(data)

    def handle_write(self):
        self.flush()

    def handle_close(self):
        self.close()
        other, self.other = self.other, None
        if other is not None:
            other.hang_up()

    def handle_error(self):
        sys.stdout.write('%s: %s\n' % (self.label, sys.exc_info()[1]))
        self.handle_close()


class Proxy(asyncore.dispatcher):

    def __init__(self, host, port, upstream, connections):
        asyncore.dispatcher.__init__(self)
        self.upstream = upstream
        self.connections = connections
        self.create_socket(socket.AF_INET, socket.SOCK_STREAM)
        self.set_reuse_addr()
        self.bind((host, port))
        self.listen(5)
        print('listening on %s:%d' % self.socket.getsockname())

    def handle_accepted(self, sock, addr):
        client = Side('client', sock)
        upstream = Side('upstream')
        client.other, upstream.other = upstream, client
        upstream.create_socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            upstream.connect(self.upstream)
        except socket.error:
            upstream.handle_error()
        self.connections -= 1
        if self.connections == 0:
            self.close()


def main(host, port, upstream_host, upstream_port, connections=-1):
    Proxy(host, int(port), (upstream_host, int(upstream_port)), int(connections))
    asyncore.loop()


if __name__ == '__main__':
    main(*sys.argv[1:])
