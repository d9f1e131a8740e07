"""A room in which people talk by lines.

Usage: chat_server.py HOST PORT [CONNECTIONS]
"""

import asynchat
import asyncore
import socket
import sys


class Session(asynchat.async_chat):

    def __init__(self, sock, room, number):
        asynchat.async_chat.__init__(self, sock)
        self.label = 'session %d' % number
        self.room = room
        self.line = b''
        self.name = None
        self.set_terminator(b'\n')
        room.append(self)
        self.tell(b'What is your name?')

    def tell(self, line):
        self.push(line + b'\r\n')

    def people(self):
        return [session for session in self.room if session.name is not None]

    def tell_others(self, line):
        for other in self.people():
            if other is not self:
                other.tell(line)

    def enter(self, name):
        names = [other.name for other in self.people()]
        if not name or name in names:
            self.tell(b'Please take another name.')
            return
        here = b', '.join(names) or b'nobody'
        self.tell(b'Welcome, ' + name + b'. Here is ' + here + b'.')
        self.tell_others(b'* ' + name + b' has come')
        self.name = name

    def collect_incoming_data(self, data):
        self.line += data

    def found_terminator(self):
        line, self.line = self.line.strip(), b''
        if line == b'/quit':
            self.tell(b'Goodbye.')
            self.close_when_done()
        elif self.name is None:
            self.enter(line)
        else:
            self.tell_others(self.name + b': ' + line)

    def handle_close(self):
        asynchat.async_chat.handle_close(self)
        if self in self.room:
            self.room.remove(self)
        name, self.name = self.name, None
        if name is not None:
            self.tell_others(b'* ' + name + b' has gone')


class ChatServer(asyncore.dispatcher):

    def __init__(self, host, port, connections):
        asyncore.dispatcher.__init__(self)
        self.accepted = 0
        self.connections = connections
        self.room = []
        self.create_socket(socket.AF_INET, socket.SOCK_STREAM)
        self.set_reuse_addr()
        self.bind((host, port))
        self.listen(5)
        print('listening on %s:%d' % self.socket.getsockname())

    def handle_accepted(self, sock, addr):
        self.accepted += 1
        Session(sock, self.room, self.accepted)
        if self.accepted == self.connections:
            self.close()


def main(host, port, connections=-1):
    ChatServer(host, int(port), int(connections))
    asyncore.loop()


if __name__ == '__main__':
    main(*sys.argv[1:])
