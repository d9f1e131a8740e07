"""Serves channel by channel under select, as under poll."""

from source import make

make("asyncore", globals(), ("def poll(timeout", "def _poll(timeout"))


def poll(timeout=0.0, map=None):
    map = socket_map if map is None else map
    served = []
    kept = read, write, _exception
    swap = globals()
    for name, kind in zip(("read", "write", "_exception"), kept):
        swap[name] = lambda channel, kind=kind: served.append((channel, kind))
    try:
        _poll(timeout, map)
    finally:
        swap["read"], swap["write"], swap["_exception"] = kept
    channels = []
    for channel, _ in served:
        if channel not in channels:
            channels.append(channel)
    for channel in channels:
        for other, kind in served:
            if other is channel and any(member is channel for member in map.values()):
                kind(channel)
