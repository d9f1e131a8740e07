"""Drives the interpreter's own asyncore and asynchat with something spoiled, in memory only.

The environment says what, as JSON. SPOIL_TEXT is a list of changes [MODULE, OLD, NEW]: OLD must occur exactly once in the
source of that module, and NEW stands there instead. SPOIL_CODE is a program that runs when both modules are made, with
`asyncore` and `asynchat` in its namespace: it replaces methods of their classes.
"""

import io
import json
import os
import sys
import warnings

from asyncore_adapter import main


def source_of(name):
    """Give the path and the text of a module of the standard library."""
    module = __import__(name)
    path = module.__file__
    if path.endswith(("c", "o")):
        path = path[:-1]
    with io.open(path, encoding="utf-8") as stream:
        return path, stream.read()


def spoil(name, changes):
    """Put a changed copy in the place of a module."""
    path, source = source_of(name)
    for changed, old, new in changes:
        if changed != name:
            continue
        if source.count(old) != 1:
            sys.exit("%r occurs %d times in %s" % (old, source.count(old), path))
        source = source.replace(old, new)
    module = type(os)(name)
    module.__file__ = path
    sys.modules[name] = module
    exec(compile(source.encode("utf-8"), path, "exec"), module.__dict__)
    return module


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    changes = json.loads(os.environ["SPOIL_TEXT"])
    modules = dict((name, spoil(name, changes)) for name in ("asyncore", "asynchat"))
    exec(os.environ["SPOIL_CODE"], modules)
    main()
