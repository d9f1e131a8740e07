"""Is where everything is."""

from source import make

make("asyncore", globals())
