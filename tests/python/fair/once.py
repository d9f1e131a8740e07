"""Closes its socket once, however often it is told to."""

from source import make

make("asyncore", globals())
close = dispatcher.close


def close_once(self):
    if self.socket is None or not getattr(self, "_over", None) is self.socket:
        self._over = self.socket
        close(self)


dispatcher.close = close_once
