"""Drives the interpreter's own asyncore and asynchat with something spoiled, in memory only.

The environment says what, as JSON. SPOIL_TEXT is a list of changes [MODULE, PLACE, OLD, NEW]. PLACE is a function or a
method, such as `poll` or `dispatcher.close`: there NEW stands in the place of every OLD, of which there must be one.
Without a place, OLD must occur exactly once in the source of the module. SPOIL_CODE is a program that runs when both
modules are made, with `asyncore` and `asynchat` in its namespace: it replaces methods of their classes.

With SPOIL_ALONE=1 asyncore is all there is: asynchat cannot be imported.
With SPOIL_SCRIPTED=1 the kernel's sockets are left alone.
"""

import io
import json
import os
import re
import sys
import warnings

from asyncore_adapter import Adapter, main


def source_of(name):
    """Give the path and the text of a module of the standard library."""
    module = __import__(name)
    path = module.__file__
    if path.endswith(("c", "o")):
        path = path[:-1]
    with io.open(path, encoding="utf-8") as stream:
        return path, stream.read()


def find_block(source, start, end, name):
    """Find where a class or a function between two places begins and ends."""
    head = re.compile(r"^( *)(?:class|def) %s\b" % re.escape(name), re.MULTILINE).search(source, start, end)
    if head is None:
        sys.exit("there is no %s" % name)
    indented = r"\n(?! *(?:#|\n)| {%d})" % (len(head.group(1)) + 1)
    tail = re.compile(indented).search(source, head.end(), end)
    return head.start(), tail.start() if tail else end


def change(source, place, old, new):
    """Make a change to a source."""
    start, end = 0, len(source)
    for name in place.split(".") if place else ():
        start, end = find_block(source, start, end, name)
    count = source.count(old, start, end)
    if count == 0 or count > 1 and not place:
        sys.exit("%r occurs %d times in %s" % (old, count, place or "the module"))
    return source[:start] + source[start:end].replace(old, new) + source[end:]


def spoil(name, changes):
    """Put a changed copy in the place of a module."""
    path, source = source_of(name)
    for changed, place, old, new in changes:
        if changed == name:
            source = change(source, place, old, new)
    module = type(os)(name)
    module.__file__ = path
    sys.modules[name] = module
    exec(compile(source.encode("utf-8"), path, "exec"), module.__dict__)
    return module


class Scripted(Adapter):
    """Drives the modules on scripted sockets and files only."""

    def features(self):
        """Leave out what needs the kernel."""
        return [name for name in Adapter.features(self) if not name.startswith("sockets.")]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    changes = json.loads(os.environ["SPOIL_TEXT"])
    is_alone = os.environ.get("SPOIL_ALONE") == "1"
    names = ("asyncore",) if is_alone else ("asyncore", "asynchat")
    modules = dict((name, spoil(name, changes)) for name in names)
    if is_alone:
        sys.modules["asynchat"] = None
    exec(os.environ["SPOIL_CODE"], modules)
    main(Scripted if os.environ.get("SPOIL_SCRIPTED") == "1" else Adapter)
