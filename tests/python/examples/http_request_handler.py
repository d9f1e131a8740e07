"""The http_request_handler of asynchat's manual, with a server around it.

Usage: http_request_handler.py HOST PORT [CONNECTIONS]
"""

import asynchat
import asyncore
import socket
import sys


class http_request_handler(asynchat.async_chat):

    def __init__(self, conn):
        asynchat.async_chat.__init__(self, conn)
        self.ibuffer = []
        self.set_terminator(b'\r\n\r\n')
        self.reading_headers = True
        self.handling = False
        self.cgi_data = b''

    def collect_incoming_data(self, data):
        self.ibuffer.append(data)

    def found_terminator(self):
        if self.reading_headers:
            self.reading_headers = False
            self.parse_headers(b''.join(self.ibuffer))
            self.ibuffer = []
            if self.op.upper() == b'POST':
                clen = self.headers.get(b'content-length')
                self.set_terminator(int(clen))
            else:
                self.handling = True
                self.set_terminator(None)
                self.handle_request()
        elif not self.handling:
            self.set_terminator(None)  # browsers sometimes send too much
            self.cgi_data = b''.join(self.ibuffer)
            self.handling = True
            self.ibuffer = []
            self.handle_request()

    def parse_headers(self, data):
        lines = data.split(b'\r\n')
        self.request = lines[0]
        self.op = lines[0].split(b' ')[0]
        fields = [line.split(b':', 1) for line in lines[1:]]
        self.headers = dict((name.lower(), value.strip()) for name, value in fields)

    def handle_request(self):
        body = self.request + b'\r\n' + self.cgi_data
        self.push(('HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n' % len(body)).encode('ascii'))
        self.push(body)
        self.close_when_done()


class HttpServer(asyncore.dispatcher):

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
            http_request_handler(pair[0])
            self.connections -= 1
            if self.connections == 0:
                self.close()


def main(host, port, connections=-1):
    HttpServer(host, int(port), int(connections))
    asyncore.loop()


if __name__ == '__main__':
    main(*sys.argv[1:])
