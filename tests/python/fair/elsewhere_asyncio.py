"""Waits with asyncio, which no stand-in replaces."""

import asyncio

from source import make

make("asyncore", globals())


def poll(timeout=0.0, map=None):
    map = socket_map if map is None else map
    if not map:
        return
    loop = asyncio.new_event_loop()
    ready, done = [], loop.create_future()

    def note(number, serve):
        ready.append((number, serve))
        if not done.done():
            done.set_result(None)

    try:
        for number, channel in list(map.items()):
            if channel.readable():
                loop.add_reader(number, note, number, read)
            if channel.writable() and not channel.accepting:
                loop.add_writer(number, note, number, write)
        loop.run_until_complete(asyncio.wait([done], timeout=timeout))
    finally:
        loop.close()
    for number, serve in ready:
        if number in map:
            serve(map[number])


poll2 = poll3 = poll
