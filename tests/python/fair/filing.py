"""Has its files opened by `io`, which knows nothing of scripted ones."""

import io

from source import make

make("asyncore", globals(), ("self.fd = os.dup(fd)", "self.fd = io.FileIO(os.dup(fd), closefd=False).fileno()"))
