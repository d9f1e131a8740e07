"""Waits for ever with a negative time, as poll of the system has it, and duplicates descriptors with fcntl."""

from source import make

make(
    "asyncore", globals(), ("    pollster = select.poll()", "    timeout = -1 if timeout is None else timeout\n"
    "    pollster = select.poll()"), ("os.dup(fd)", "fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 0)"),
    ("import os\n", "import os\nimport fcntl\n"),
)
