"""Has a default map that keeps nothing alive."""

from source import make

make("asyncore", globals(), ("    socket_map = {}\n", "    import weakref\n    socket_map = weakref.WeakValueDictionary()\n"))
