"""Calls what is private by other names."""

from source import make

make("asyncore", globals(), ("_map", "_registry"), ("socket_registry", "socket_map"), ("_fileno", "_handle"))
