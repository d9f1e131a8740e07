"""The echo server of asyncore's manual of 2.7, which accepts connections itself.

Usage: echo_accept.py HOST PORT [CONNECTIONS]
"""

import asyncore
import socket
import sys


class EchoHandler(asyncore.dispatcher_with_send):

    def handle_read(self):
        data = self.recv(8192)
        if data:
            self.send(data)


class EchoServer(asyncore.dispatcher):

    def __init__(self, host, port, connections):
        asyncore.dispatcher.__init__(self)
        self.connections = connections
        self.create_socket(socket.AF_INET, socket.SOCK_STREAM)
        self.set_reuse_addr()
        self.bind((host, port))
        self.listen(5)
        print('listening on %s:%d' % self.socket.getsockname())

    def handle_accept(self):
        pair = self.accept()
        if pair is not None:
            sock, addr = pair
            print('Incoming connection from %s' % repr(addr))
            EchoHandler(sock)
            self.connections -= 1
            if self.connections == 0:
                self.close()


def main(host, port, connections=-1):
    EchoServer(host, int(port), int(connections))
    asyncore.loop()


if __name__ == '__main__':
    main(*sys.argv[1:])
