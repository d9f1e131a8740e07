"""Asks a listening channel for nothing urgent."""

from source import make

make("asyncore", globals(), ("if is_r or is_w:\n                e.append(fd)", "if (is_r or is_w) and not obj.accepting:\n                e.append(fd)"),
     ("flags |= select.POLLIN | select.POLLPRI", "flags |= select.POLLIN if obj.accepting else select.POLLIN | select.POLLPRI"))
