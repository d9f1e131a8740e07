import asynchat, asyncore, socket, sys

class Server(asyncore.dispatcher):
    def handle_accept(self):
        while True:
            pair = self.accept()
            if pair is None:
                break
            Echo(pair[0])

class Echo(asynchat.async_chat):
    def __init__(self, connection):
        asynchat.async_chat.__init__(self, connection)
        self.lines = []
        self.set_terminator(b'\r\n')
    def collect_incoming_data(self, data):
        self.lines.append(data)
    def found_terminator(self):
        line = b''.join(self.lines) + b'\r\n'
        self.lines = []
        self.push(line)
    def handle_error(self):
        self.close()

def end_with_the_parent():
    try:
        import ctypes
        ctypes.CDLL(None).prctl(1, 9)
    except Exception:
        pass

end_with_the_parent()
server = Server()
server.create_socket(socket.AF_INET, socket.SOCK_STREAM)
server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
server.bind(('127.0.0.1', 0))
server.listen(4096)
sys.stdout.write('%d\n' % server.socket.getsockname()[1])
sys.stdout.flush()
asyncore.loop(use_poll=sys.argv[1] == 'Poll')
