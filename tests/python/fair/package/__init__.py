"""Has everything from a module of its own."""

import sys

from .core import *
from .core import _exception, _strerror, socket_map

sys.modules["asyncore"] = sys.modules[__name__]
