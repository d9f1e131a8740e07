"""Drives the interpreter's own asyncore and asynchat with one small change, in memory only.

MUTANT says which: the module and the place in its list of changes, such as `asynchat 17`; see first_order.py, whose
folder is MUTANT_FOLDER. MUTANT_SCRIPTED=1 leaves the kernel's sockets alone.
"""

import os
import sys
import types
import warnings

from asyncore_adapter import Adapter, main

FOLDER = os.environ["MUTANT_FOLDER"]
sys.path += [FOLDER, os.path.join(FOLDER, os.pardir, "spoil")]
import first_order
from spoiled import Scripted


def change(name, place):
    """Put a changed copy in the place of a module."""
    path, tree = first_order.source_of(name)
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    exec(compile(first_order.make(tree, place), path, "exec"), module.__dict__)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    name, place = os.environ["MUTANT"].split()
    change(name, int(place))
    main(Scripted if os.environ.get("MUTANT_SCRIPTED") == "1" else Adapter)
