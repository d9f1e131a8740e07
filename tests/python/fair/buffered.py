"""Has no `out_buffer` and no `initiate_send` in its dispatcher_with_send."""

from source import make

make("asyncore", globals(), ("out_buffer", "_kept"), ("initiate_send", "_flush"))
