"""Asks, serves and closes its channels in the reverse order of the map."""

from source import make

make(
    "asyncore", globals(),
    ("list(map.items())", "list(map.items())[::-1]"), ("list(map.values())", "list(map.values())[::-1]"),
)
