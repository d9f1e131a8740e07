"""The echo server of the notes on writing a server: a handler with a buffer of its own, and a map for each thread.

Usage: echo_own_buffer.py HOST PORT [CONNECTIONS]
"""

import asyncore
import logging
import socket
import sys

log = logging.getLogger(__name__)

SIZE = 1024


class EchoHandler(asyncore.dispatcher):

    def __init__(self, conn_sock, client_address, map):
        self.client_address = client_address
        self.buffer = b''
        self.is_writable = False
        asyncore.dispatcher.__init__(self, conn_sock, map)

    def readable(self):
        return True

    def writable(self):
        return self.is_writable

    def handle_read(self):
        data = self.recv(SIZE)
        if data:
            self.buffer += data
            self.is_writable = True

    def handle_write(self):
        if self.buffer:
            sent = self.send(self.buffer)
            self.buffer = self.buffer[sent:]
        if len(self.buffer) == 0:
            self.is_writable = False

    def handle_close(self):
        log.info('conn_closed: client_address=%s:%s', *self.client_address)
        self.close()


class EchoServer(asyncore.dispatcher):

    request_queue_size = 5

    def __init__(self, address, connections, map):
        self.map = map
        self.connections = connections
        asyncore.dispatcher.__init__(self, map=map)
        self.create_socket(socket.AF_INET, socket.SOCK_STREAM)
        self.bind(address)
        self.listen(self.request_queue_size)
        print('listening on %s:%d' % self.socket.getsockname())

    def serve_forever(self):
        asyncore.loop(map=self.map)

    def handle_accept(self):
        pair = self.accept()
        if pair is not None:
            self.process_request(*pair)

    def process_request(self, conn_sock, client_address):
        log.info('conn_made: client_address=%s:%s', *client_address)
        EchoHandler(conn_sock, client_address, self.map)
        self.connections -= 1
        if self.connections == 0:
            self.close()

    def handle_close(self):
        self.close()


def main(host, port, connections=-1):
    EchoServer((host, int(port)), int(connections), {}).serve_forever()


if __name__ == '__main__':
    main(*sys.argv[1:])
