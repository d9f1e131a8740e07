"""Gives what is received as something else than bytes."""

from source import make

make("asyncore", globals(), ("                return data\n", "                return memoryview(data)\n"))
