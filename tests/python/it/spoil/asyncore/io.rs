//! What is spoiled in `send` and `recv`, and in the buffer of `dispatcher_with_send`.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part("send: the count is kept", &[("dispatcher.send", "return result", "return len(data)")], &["IO-1"]),
    Spoiling::part("send: nothing is given back", &[("dispatcher.send", "return result", "return")], &["IO-1"]),
    Spoiling::part(
        "send: the socket is called twice",
        &[(
            "dispatcher.send",
            "result = self.socket.send(data)",
            "result = self.socket.send(data); self.socket.send(data[result:])",
        )],
        &["IO-29", "IO-1"],
    ),
    Spoiling::part(
        "send: the rest is tried again",
        &[(
            "dispatcher.send",
            "            return result",
            "            while 0 < result < len(data): result += self.socket.send(data[result:])\n            return result",
        )],
        &["IO-29", "IO-1"],
    ),
    Spoiling::part(
        "send: nothing is not sent",
        &[("dispatcher.send", "        try:", "        if not data: return 0\n        try:")],
        &["IO-25", "IO-23"],
    ),
    Spoiling::part(
        "send: nothing closes",
        &[(
            "dispatcher.send",
            "            return result",
            "            if not result: self.handle_close()\n            return result",
        )],
        &["IO-25", "IO-23", "IO-1", "IO-16"],
    ),
    Spoiling::part(
        "send: that there is no room is an error",
        &[("dispatcher.send", "why.errno == EWOULDBLOCK", "False")],
        &["IO-2"],
    )
    .only(3),
    Spoiling::part(
        "send: that there is no room closes",
        &[(
            "dispatcher.send",
            "EWOULDBLOCK:\n                return 0",
            "EWOULDBLOCK:\n                self.handle_close()\n                return 0",
        )],
        &["IO-2"],
    ),
    Spoiling::part(
        "send: that there is no room gives nothing",
        &[("dispatcher.send", "EWOULDBLOCK:\n                return 0", "EWOULDBLOCK:\n                return None")],
        &["IO-2", "IO-1"],
    ),
    Spoiling::part(
        "send: a lost connection is an error",
        &[("dispatcher.send", "why.errno in _DISCONNECTED", "False")],
        &["IO-3"],
    )
    .only(3),
    Spoiling::part(
        "send: every error is a lost connection",
        &[("dispatcher.send", "why.errno in _DISCONNECTED", "True")],
        &["IO-5"],
    )
    .only(3),
    Spoiling::part(
        "send: a lost connection does not close",
        &[("dispatcher.send", "self.handle_close()", "pass")],
        &["IO-3"],
    ),
    Spoiling::part(
        "send: a lost connection closes past handle_close",
        &[("dispatcher.send", "self.handle_close()", "self.close()")],
        &["IO-3"],
    ),
    Spoiling::part(
        "send: a lost connection closes twice",
        &[("dispatcher.send", "self.handle_close()", "self.handle_close(); self.handle_close()")],
        &["IO-3"],
    ),
    Spoiling::part(
        "send: a lost connection gives no number",
        &[(
            "dispatcher.send",
            "self.handle_close()\n                return 0",
            "self.handle_close()\n                return -1",
        )],
        &["IO-3"],
    ),
    Spoiling::part(
        "send: any other error is swallowed",
        &[("dispatcher.send", "                raise", "                return 0")],
        &["IO-5"],
    ),
    Spoiling::part(
        "send: any other error is handled",
        &[(
            "dispatcher.send",
            "                raise",
            "                self.handle_error()\n                return 0",
        )],
        &["IO-5"],
    ),
    Spoiling::part(
        "send: a closed channel says nothing",
        &[("dispatcher.send", "        try:", "        if self._fileno is None: return 0\n        try:")],
        &["IO-11"],
    ),
    Spoiling::part(
        "send: an unconnected channel sends nothing",
        &[("dispatcher.send", "        try:", "        if not self.connected: return 0\n        try:")],
        &["IO-11", "IO-17"],
    ),
    Spoiling::part(
        "recv: the end of the stream does not close",
        &[("dispatcher.recv", "if not data:", "if False:")],
        &["IO-7"],
    ),
    Spoiling::part(
        "recv: the end of the stream closes past handle_close",
        &[(
            "dispatcher.recv",
            "return 0.\n                self.handle_close()",
            "return 0.\n                self.close()",
        )],
        &["IO-7"],
    ),
    Spoiling::part(
        "recv: the end of the stream closes twice",
        &[(
            "dispatcher.recv",
            "return 0.\n                self.handle_close()",
            "return 0.\n                self.handle_close(); self.handle_close()",
        )],
        &["IO-7"],
    ),
    Spoiling::part(
        "recv: the end of the stream gives nothing at all",
        &[(
            "dispatcher.recv",
            "return 0.\n                self.handle_close()\n                return b''",
            "return 0.\n                self.handle_close()\n                return None",
        )],
        &["IO-7"],
    )
    .only(3),
    Spoiling::part(
        "recv: the end of the stream closes once",
        &[(
            "dispatcher.recv",
            "return 0.\n                self.handle_close()",
            "return 0.\n                if not self.closing: self.handle_close()\n                self.closing = True",
        )],
        &["IO-28"],
    ),
    Spoiling::part(
        "recv: data are the end of the stream",
        &[("dispatcher.recv", "if not data:", "if data:")],
        &["IO-6", "IO-7"],
    ),
    Spoiling::part(
        "recv: one byte is kept",
        &[("dispatcher.recv", "return data", "return data[:-1] or data")],
        &["IO-6"],
    ),
    Spoiling::part(
        "recv: the size is passed over",
        &[("dispatcher.recv", "self.socket.recv(buffer_size)", "self.socket.recv(4096)")],
        &["IO-6"],
    ),
    Spoiling::part(
        "recv: asking for nothing is not the end",
        &[("dispatcher.recv", "if not data:", "if buffer_size and not data:")],
        &["IO-27"],
    ),
    Spoiling::part(
        "recv: a lost connection is an error",
        &[("dispatcher.recv", "if why.errno in _DISCONNECTED", "if False")],
        &["IO-8"],
    )
    .only(3),
    Spoiling::part(
        "recv: every error is a lost connection",
        &[("dispatcher.recv", "if why.errno in _DISCONNECTED", "if True")],
        &["IO-10"],
    )
    .only(3),
    Spoiling::part(
        "recv: a lost connection does not close",
        &[(
            "dispatcher.recv",
            "_DISCONNECTED:\n                self.handle_close()",
            "_DISCONNECTED:\n                pass",
        )],
        &["IO-8"],
    ),
    Spoiling::part(
        "recv: a lost connection closes twice",
        &[(
            "dispatcher.recv",
            "_DISCONNECTED:\n                self.handle_close()",
            "_DISCONNECTED:\n                self.handle_close(); self.handle_close()",
        )],
        &["IO-8"],
    ),
    Spoiling::part(
        "recv: an aborted connection is an error",
        &[("dispatcher.recv", "in _DISCONNECTED", "in _DISCONNECTED - set([ECONNABORTED])")],
        &["IO-8"],
    ),
    Spoiling::part(
        "recv: a closed socket is an error",
        &[("dispatcher.recv", "in _DISCONNECTED", "in _DISCONNECTED - set([EBADF])")],
        &["IO-8", "IO-11"],
    ),
    Spoiling::part(
        "recv: that nothing is there is nothing",
        &[(
            "dispatcher.recv",
            "                raise",
            "                if why.args[0] == EAGAIN: return b''\n                raise",
        )],
        &["IO-10"],
    ),
    Spoiling::part(
        "recv: any other error is swallowed",
        &[("dispatcher.recv", "                raise", "                return b''")],
        &["IO-10"],
    ),
    Spoiling::part(
        "recv: any other error is handled",
        &[(
            "dispatcher.recv",
            "                raise",
            "                self.handle_error()\n                return b''",
        )],
        &["IO-10"],
    ),
    Spoiling::part(
        "with_send: the buffer is not empty at first",
        &[("dispatcher_with_send.__init__", "self.out_buffer = b''", "self.out_buffer = b'x'")],
        &["IO-12", "IO-14", "IO-15", "POLL-4"],
    )
    .only(3),
    Spoiling::part(
        "with_send: sends four bytes at a time",
        &[("dispatcher_with_send.initiate_send", "[:65536]", "[:4]")],
        &["IO-12", "IO-14", "IO-16"],
    )
    .only(3),
    Spoiling::part(
        "with_send: sends 511 bytes at a time",
        &[("dispatcher_with_send.initiate_send", "[:512]", "[:511]")],
        &["IO-13"],
    )
    .only(2),
    Spoiling::part(
        "with_send: sends everything at a time",
        &[("dispatcher_with_send.initiate_send", "[:512]", "")],
        &["IO-13"],
    )
    .only(2),
    Spoiling::part(
        "with_send: keeps what was sent",
        &[("dispatcher_with_send.initiate_send", "self.out_buffer[num_sent:]", "self.out_buffer")],
        &["IO-14", "IO-12"],
    ),
    Spoiling::part(
        "with_send: drops what was not sent",
        &[("dispatcher_with_send.initiate_send", "self.out_buffer[num_sent:]", "self.out_buffer[:0]")],
        &["IO-14", "IO-12"],
    ),
    Spoiling::part(
        "with_send: drops one byte too many",
        &[("dispatcher_with_send.initiate_send", "[num_sent:]", "[num_sent + 1:]")],
        &["IO-14", "IO-12"],
    ),
    Spoiling::part(
        "with_send: drops what a send that raised did not send",
        &[
            (
                "dispatcher_with_send.initiate_send",
                "        num_sent = dispatcher.send",
                "        data, self.out_buffer = self.out_buffer, self.out_buffer[:0]\n        num_sent = dispatcher.send",
            ),
            ("dispatcher_with_send.initiate_send", "self, self.out_buffer[", "self, data["),
            (
                "dispatcher_with_send.initiate_send",
                "        self.out_buffer = self.out_buffer[num_sent:]",
                "        self.out_buffer = data[num_sent:]",
            ),
        ],
        &["IO-14"],
    ),
    Spoiling::part(
        "with_send: sends until nothing is left",
        &[(
            "dispatcher_with_send.initiate_send",
            "        self.out_buffer = self.out_buffer[num_sent:]",
            "        self.out_buffer = self.out_buffer[num_sent:]\n        if num_sent and self.out_buffer: self.initiate_send()",
        )],
        &["IO-12", "IO-16"],
    ),
    Spoiling::part(
        "with_send: sends nothing while it is unconnected",
        &[(
            "dispatcher_with_send.initiate_send",
            "        num_sent = 0\n",
            "        if not self.connected: return\n        num_sent = 0\n",
        )],
        &["IO-17"],
    ),
    Spoiling::part(
        "with_send: an empty buffer is not sent",
        &[(
            "dispatcher_with_send.initiate_send",
            "        num_sent = 0\n",
            "        if not self.out_buffer: return\n        num_sent = 0\n",
        )],
        &["IO-25"],
    ),
    Spoiling::part(
        "with_send: a lost connection empties the buffer",
        &[(
            "dispatcher_with_send.initiate_send",
            "        self.out_buffer = self.out_buffer[num_sent:]",
            "        self.out_buffer = self.out_buffer[num_sent:] if self.connected else self.out_buffer[:0]",
        )],
        &["IO-18", "IO-17"],
    ),
    Spoiling::part(
        "with_send: a write event sends nothing",
        &[("dispatcher_with_send.handle_write", "self.initiate_send()", "pass")],
        &["IO-16", "IO-14"],
    ),
    Spoiling::part(
        "with_send: a write event sends twice",
        &[("dispatcher_with_send.handle_write", "self.initiate_send()", "self.initiate_send(); self.initiate_send()")],
        &["IO-16"],
    ),
    Spoiling::part(
        "with_send: an unconnected channel is not writable",
        &[("dispatcher_with_send.writable", "(not self.connected) or", "")],
        &["IO-15"],
    ),
    Spoiling::part(
        "with_send: a channel is writable when its buffer is empty",
        &[("dispatcher_with_send.writable", "len(self.out_buffer)", "not len(self.out_buffer)")],
        &["IO-15", "POLL-4"],
    ),
    Spoiling::part(
        "with_send: a connected channel is not writable",
        &[("dispatcher_with_send.writable", "or len(self.out_buffer)", "")],
        &["IO-15", "POLL-4"],
    ),
    Spoiling::part(
        "with_send: one byte is not worth sending",
        &[("dispatcher_with_send.writable", "len(self.out_buffer)", "len(self.out_buffer) > 1")],
        &["IO-15"],
    ),
    Spoiling::part(
        "with_send: send waits for the write event",
        &[("dispatcher_with_send.send", "self.initiate_send()", "pass")],
        &["IO-12"],
    ),
    Spoiling::part(
        "with_send: send overtakes what waits",
        &[("dispatcher_with_send.send", "self.out_buffer + data", "data + self.out_buffer")],
        &["IO-14", "IO-12"],
    ),
    Spoiling::part(
        "with_send: send replaces what waits",
        &[("dispatcher_with_send.send", "self.out_buffer + data", "data")],
        &["IO-14", "IO-12"],
    ),
    Spoiling::part(
        "with_send: send gives the count",
        &[(
            "dispatcher_with_send.send",
            "        self.initiate_send()",
            "        self.initiate_send()\n        return len(data)",
        )],
        &["IO-21"],
    )
    .among_others(),
    Spoiling::part(
        "with_send: send leaves out what is empty",
        &[(
            "dispatcher_with_send.send",
            "        self.out_buffer",
            "        if not data: return\n        self.out_buffer",
        )],
        &["IO-25"],
    ),
    Spoiling::code(
        "with_send: close sends the rest",
        "
close = asyncore.dispatcher.close
def flush(self):
    if self.out_buffer and self.connected:
        self.initiate_send()
    close(self)
asyncore.dispatcher_with_send.close = flush
",
        &["IO-22"],
    )
    .alone(),
    Spoiling::code(
        "with_send: close empties the buffer",
        "
def empty(self, close=asyncore.dispatcher.close):
    close(self)
    self.out_buffer = self.out_buffer[:0]
asyncore.dispatcher_with_send.close = empty
",
        &["IO-26", "IO-22"],
    )
    .alone(),
    Spoiling::code(
        "an unknown attribute is looked up on the socket",
        "
asyncore.dispatcher.__getattr__ = lambda self, name: getattr(self.__dict__['socket'], name)
",
        &["IO-20"],
    )
    .alone()
    .only(3),
    Spoiling::code(
        "an unknown attribute is not looked up on the socket",
        "del asyncore.dispatcher.__getattr__",
        &["IO-19"],
    )
    .alone()
    .only(2),
];
