"""Makes a port of the interpreter's own asyncore: its source, read where it is installed, with other words in it."""

import os
import re
import sys
import warnings


def text_of(name):
    """Gives the source of a module of the standard library."""
    with open(os.path.join(os.path.dirname(os.__file__), name + ".py"), encoding="utf-8") as stream:
        return re.sub(r"^warnings\._deprecated\(.*$", "", stream.read(), flags=re.MULTILINE)


def make(name, namespace, *replacements):
    """Fills a module as `name`, which is asyncore or asynchat, with all of some words replaced."""
    text = text_of(name)
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    warnings.simplefilter("ignore")
    exec(compile(text, "<%s>" % name, "exec"), namespace)
    sys.modules[name] = sys.modules[namespace["__name__"]]
