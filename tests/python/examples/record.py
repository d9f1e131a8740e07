"""Runs one of these programs and tells on standard error what it does.

Usage: record.py select|poll PAUSE PROGRAM ARGUMENT...

Every channel class of the program is replaced by one derived from it, which tells of each call of a handler that the
program overrides. Sockets are put into a box that tells of each call. A line looks as it does in the reference's tests.
The loop waits by select or by poll. Before the wait that follows the line PAUSE, if that is not empty, the program
waits for a line of standard input.
"""

import asyncore
import errno
import sys

HANDLERS = [
    'handle_accept', 'handle_accepted', 'handle_close', 'handle_connect', 'handle_error', 'handle_expt', 'handle_read',
    'handle_write', 'collect_incoming_data', 'found_terminator',
]
LABELS = {'Proxy': 'proxy', 'HTTPClient': 'client', 'HttpClient': 'client', 'AsPrinted': 'client'}

sockets = 0
pause = ''
paused = False


def tell(line):
    global paused
    paused = paused or bool(pause) and line == pause
    sys.stderr.write(line + '\n')
    sys.stderr.flush()


def quote(data):
    escapes = {9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 39: "\\'", 92: '\\\\'}

    def show(byte):
        return escapes.get(byte) or (chr(byte) if 32 <= byte < 127 else '\\x%02x' % byte)

    return '"' + ''.join(show(byte) for byte in bytearray(data)) + '"'


class Socket(object):
    """A socket that tells what is done with it."""

    def __init__(self, inner):
        global sockets
        sockets += 1
        self.inner = inner
        self.title = 's%d' % sockets

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def call(self, name, arguments, shown, show):
        try:
            result = getattr(self.inner, name)(*arguments)
        except EnvironmentError as error:
            tell('%s.%s%s -> %s' % (self.title, name, shown, errno.errorcode[error.errno]))
            raise
        tell('%s.%s%s%s' % (self.title, name, shown, show(result)))
        return result

    def recv(self, size):
        return self.call('recv', [size], ' %d' % size, lambda data: ' -> ' + quote(data))

    def send(self, data):
        return self.call('send', [data], ' ' + quote(data), lambda sent: ' -> %d' % sent)

    def listen(self, backlog):
        return self.call('listen', [backlog], ' %d' % backlog, lambda _: '')

    def close(self):
        return self.call('close', [], '', lambda _: '')

    def connect_ex(self, address):
        error = self.inner.connect_ex(address)
        tell('%s.connect -> %s' % (self.title, errno.errorcode.get(error, 'done')))
        return error

    def accept(self):
        try:
            sock, address = self.inner.accept()
        except EnvironmentError as error:
            tell('%s.accept -> %s' % (self.title, errno.errorcode[error.errno]))
            raise
        sock = Socket(sock)
        tell('%s.accept -> %s' % (self.title, sock.title))
        return sock, address


def wait_to_be_resumed():
    global paused, pause
    if paused:
        paused, pause = False, ''
        tell('(paused)')
        sys.stdin.readline()


def recording(base):
    class Leaf(base):
        def set_socket(self, sock, *arguments):
            if not isinstance(sock, Socket):
                sock = Socket(sock)
            base.set_socket(self, sock, *arguments)

    def recorded(name):
        inherited = getattr(base, name)

        def handler(self, *arguments):
            label = getattr(self, 'label', None) or LABELS.get(base.__name__)
            label = label or ('server' if 'Server' in base.__name__ else 'handler')
            data = ' ' + quote(arguments[0]) if name == 'collect_incoming_data' else ''
            tell('%s.%s%s' % (label, name, data))
            return inherited(self, *arguments)

        return handler

    for owner in [base] + list(base.__bases__):
        for name in HANDLERS:
            if owner.__module__ not in ('asyncore', 'asynchat') and name in vars(owner):
                setattr(Leaf, name, recorded(name))
    return Leaf


def main(how, marker, name, *arguments):
    global pause
    pause = marker
    wait = asyncore.poll2 if how == 'poll' else asyncore.poll

    def one_pass(*arguments):
        wait_to_be_resumed()
        wait(*arguments)

    # The function that the loop calls unless it is told otherwise.
    asyncore.poll = one_pass
    program = __import__(name)
    classes = [
        (key, value) for key, value in vars(program).items()
        if isinstance(value, type(asyncore.dispatcher)) and issubclass(value, asyncore.dispatcher)
    ]
    for key, value in classes:
        setattr(program, key, recording(value))
    program.main(*arguments)


if __name__ == '__main__':
    main(*sys.argv[1:])
