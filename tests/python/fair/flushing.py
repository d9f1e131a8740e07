"""Has no `initiate_send` in its async_chat, nor anything else that no manual of 3.x names."""

from source import make

make(
    "asynchat", globals(), ("initiate_send", "_flush"), ("use_encoding", "_encodes"), ("_get_data", "_gathered"),
    ("_collect_incoming_data", "_gather"),
)
