"""Waits with a selector, which no stand-in replaces."""

import selectors

from source import make

make("asyncore", globals())


def poll(timeout=0.0, map=None):
    map = socket_map if map is None else map
    if not map:
        return
    with selectors.DefaultSelector() as waiter:
        for number, channel in list(map.items()):
            asked = selectors.EVENT_READ if channel.readable() else 0
            if channel.writable() and not channel.accepting:
                asked |= selectors.EVENT_WRITE
            if asked:
                waiter.register(number, asked)
        for key, told in waiter.select(timeout):
            for flag, serve in ((selectors.EVENT_READ, read), (selectors.EVENT_WRITE, write)):
                if told & flag and key.fd in map:
                    serve(map[key.fd])


poll2 = poll3 = poll
