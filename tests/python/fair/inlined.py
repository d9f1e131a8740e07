"""Has none of the `handle_*_event` methods by these names."""

from source import make

EVENTS = ("read", "write", "expt", "connect")
make("asyncore", globals(), *[("handle_%s_event" % event, "_on_%s" % event) for event in EVENTS])
