"""The HTTP client of asyncore's manual of 3.x.

Usage: http_client_3.py HOST PORT PATH
"""

import asyncore
import sys


class HTTPClient(asyncore.dispatcher):

    def __init__(self, host, port, path):
        asyncore.dispatcher.__init__(self)
        self.create_socket()
        self.connect((host, port))
        self.buffer = bytes('GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' % (path, host), 'ascii')

    def handle_connect(self):
        pass

    def handle_close(self):
        self.close()

    def handle_read(self):
        print(self.recv(8192))

    def writable(self):
        return len(self.buffer) > 0

    def handle_write(self):
        sent = self.send(self.buffer)
        self.buffer = self.buffer[sent:]


def main(host, port, path):
    HTTPClient(host, int(port), path)
    asyncore.loop()


if __name__ == '__main__':
    main(*sys.argv[1:])
