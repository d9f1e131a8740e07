import copy

# Files: descriptors that stand for a fake socket, for functions of the system that know them.


class Descriptor(int):
    """Is the number of a scripted file; it knows the file."""


class FileObject(object):
    """Is an object that has a descriptor."""

    def __init__(self, number):
        self.number = number

    def fileno(self):
        return self.number


next_number = [%NEXT%]


def descriptor_of(sock):
    """Makes the descriptor of a file."""
    number = Descriptor(sock.fileno())
    number.sock = sock
    return number


def file_at(number):
    """Gives the file of a descriptor."""
    if isinstance(number, Descriptor):
        return number.sock
    raise system_error("EBADF", OSError)


def fake_dup(number):
    sock = file_at(number)
    sock._do("dup")
    other = copy.copy(sock)
    other._number = next_number[0]
    next_number[0] += 1
    return descriptor_of(other)


def fake_set_blocking(number, flag):
    sock = file_at(number)
    sock._check()
    sock.setblocking(flag)


def fake_fcntl(number, command, argument=0):
    sock = file_at(number)
    sock._check()
    if command == asyncore.fcntl.F_SETFL:
        sock.setblocking(not argument & os.O_NONBLOCK)
        return 0
    return 0 if sock._shared["blocking"] else os.O_NONBLOCK


stand_in(
    "os",
    read=lambda number, size: file_at(number).recv(size),
    write=lambda number, data: file_at(number).send(data),
    close=lambda number: file_at(number).close(),
    dup=fake_dup,
    set_blocking=fake_set_blocking,
)
stand_in("fcntl", fcntl=fake_fcntl)
FileDispatcher = recording(asyncore.file_dispatcher)
