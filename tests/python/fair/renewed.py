"""Lets another exception leave the loop than the one that was raised."""

from source import make

make("asyncore", globals(), ("    except _reraised_exceptions:\n        raise\n", "    except _reraised_exceptions as error:\n"
     "        raise type(error)()\n"))
