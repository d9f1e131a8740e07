"""The HTTP client of asyncore's manual of the 2.0 era, as it was meant and as it was printed.

Usage: http_client_2_0.py HOST PORT PATH [--as-printed]
"""

import asyncore
import socket
import sys


class AsPrinted(asyncore.dispatcher):

    ending = '\r\b\r\n'

    def __init__(self, host, port, path):
        asyncore.dispatcher.__init__(self)
        self.path = path
        self.create_socket(socket.AF_INET, socket.SOCK_STREAM)
        self.connect((host, port))
        self.buffer = ('GET %s HTTP/1.0' % self.path + self.ending).encode('ascii')

    def handle_connect(self):
        pass

    def handle_read(self):
        data = self.recv(8192)
        print(data)

    def writeable(self):
        return len(self.buffer) > 0

    def handle_write(self):
        sent = self.send(self.buffer)
        self.buffer = self.buffer[sent:]


class HttpClient(AsPrinted):

    ending = '\r\n\r\n'

    def writable(self):
        return len(self.buffer) > 0


def main(host, port, path, option=None):
    client = AsPrinted if option == '--as-printed' else HttpClient
    client(host, int(port), path)
    asyncore.loop()


if __name__ == '__main__':
    main(*sys.argv[1:])
