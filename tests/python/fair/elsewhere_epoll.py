"""Waits with epoll, which no stand-in replaces."""

import select

from source import make

make("asyncore", globals())


def poll(timeout=0.0, map=None):
    map = socket_map if map is None else map
    if not map:
        return
    with select.epoll() as waiter:
        for number, channel in list(map.items()):
            flags = select.EPOLLIN | select.EPOLLPRI if channel.readable() else 0
            if channel.writable() and not channel.accepting:
                flags |= select.EPOLLOUT
            if flags:
                waiter.register(number, flags)
        for number, flags in waiter.poll(-1 if timeout is None else timeout):
            if number in map:
                readwrite(map[number], flags)


poll2 = poll3 = poll
