"""Collects byte by byte."""

from source import make

make("asynchat", globals(), ("self.collect_incoming_data(self", "self._collect(self"))


def _collect(self, data):
    for at in range(len(data)):
        self.collect_incoming_data(data[at:at + 1])


async_chat._collect = _collect
