"""Asks every channel twice what it waits for."""

from source import make

make("asyncore", globals(), ("is_r = obj.readable()", "obj.readable(); obj.writable(); is_r = obj.readable()"),
     ("if obj.readable():", "obj.readable(); obj.writable()\n            if obj.readable():"))
