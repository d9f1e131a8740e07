//! Faults that releases had, put back: the older behaviour of methods, and the values that changed.
//!
//! What concerns the loop alone cannot be shown by a channel: which exceptions `read` and `write` let pass (2.6), for one.

use super::table::Module::{Asynchat, Asyncore};
use super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::code(
        "1.5.2: discard_buffers compares where it should empty",
        "
def discard_buffers(self):
    self.ac_in_buffer = self.ac_in_buffer[:0]
    del self.incoming[:]
    self.producer_fifo == []
asynchat.async_chat.discard_buffers = discard_buffers
",
        &["OUTPUT-22"],
    ),
    Spoiling::code(
        "2.0: a channel with nothing to send is writable",
        "asynchat.async_chat.writable = lambda self: True",
        &["OUTPUT-20"],
    ),
    Spoiling::code(
        "2.0: the needle is a pattern",
        "
import re
def find_prefix_at_end(haystack, needle):
    for l in range(len(needle) - 1, 0, -1):
        try:
            if re.search(needle[:l] + needle[:0].__class__(b'$' if isinstance(needle, bytes) else u'$'), haystack):
                return l
        except re.error:
            pass
    return 0 if needle else -1
asynchat.find_prefix_at_end = find_prefix_at_end
",
        &["PREFIX-4"],
    ),
    Spoiling::text(
        "2.1: the data are searched for in the terminator",
        &[(Asynchat, "self.ac_in_buffer.find(terminator)", "terminator.find(self.ac_in_buffer)")],
        &["INPUT-1", "INPUT-5", "INPUT-3"],
    ),
    Spoiling::text(
        "2.2: an empty terminator or 0 loops",
        &[(Asynchat, "if not terminator:", "if terminator is None:")],
        &["INPUT-15", "INPUT-16", "INPUT-13"],
    ),
    Spoiling::code(
        "2.2: collect_incoming_data is not there",
        "del asynchat.async_chat.collect_incoming_data",
        &["INPUT-37"],
    ),
    Spoiling::code("2.2: found_terminator is not there", "del asynchat.async_chat.found_terminator", &["INPUT-37"]),
    Spoiling::text(
        "2.4: 0 as the terminator loops",
        &[(Asynchat, "if not terminator:", "if terminator is None or terminator == b'' or terminator == []:")],
        &["INPUT-16", "INPUT-13"],
    ),
    Spoiling::text(
        "2.5: a channel that holds much back is not readable",
        &[(Asynchat, "return 1\n", "return len(self.ac_in_buffer) <= self.ac_in_buffer_size\n")],
        &["INPUT-34"],
    ),
    Spoiling::code(
        "2.5: one output buffer, filled before the channel is connected",
        "
def initiate_send(self):
    buffer = getattr(self, 'ac_out_buffer', b'')
    if len(buffer) < self.ac_out_buffer_size:
        while self.producer_fifo:
            first = self.producer_fifo[0]
            if first is None:
                if not buffer:
                    self.producer_fifo.popleft()
                    self.ac_out_buffer = buffer
                    self.handle_close()
                break
            if isinstance(first, (bytes, bytearray, memoryview)):
                buffer += bytes(self.producer_fifo.popleft())
                break
            data = first.more()
            if data:
                buffer += data
                break
            self.producer_fifo.popleft()
    self.ac_out_buffer = buffer
    if buffer and self.connected:
        try:
            self.ac_out_buffer = buffer[self.send(buffer[:self.ac_out_buffer_size]):]
        except asyncore.socket.error:
            self.handle_error()
asynchat.async_chat.initiate_send = initiate_send
asynchat.async_chat.writable = lambda self: bool(
    self.producer_fifo or getattr(self, 'ac_out_buffer', b'') or not self.connected)
",
        &["PRODUCER-7", "OUTPUT-17", "OUTPUT-28", "OUTPUT-7"],
    )
    .among_others(),
    Spoiling::text(
        "2.5: the close that was asked for calls close",
        &[(Asynchat, "self.handle_close()\n                    return", "self.close()\n                    return")],
        &["OUTPUT-15"],
    ),
    Spoiling::code(
        "2.5: push makes a simple_producer",
        "
def push(self, data):
    if bytes is not str and not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(data)
    len(data)
    self.push_with_producer(asynchat.simple_producer(data))
asynchat.async_chat.push = push
",
        &["OUTPUT-2", "OUTPUT-6", "OUTPUT-7", "OUTPUT-20"],
    ),
    Spoiling::text(
        "2.5: a lost connection is an error of send",
        &[(Asyncore, "elif why.errno in _DISCONNECTED", "elif False")],
        &["OUTPUT-11"],
    )
    .only(3),
    Spoiling::text(
        "2.5: a lost connection is an old error of send",
        &[(Asyncore, "elif why.args[0] in _DISCONNECTED", "elif False")],
        &["OUTPUT-11"],
    )
    .only(2),
    Spoiling::text(
        "2.5: ECONNABORTED is no lost connection",
        &[(Asyncore, "ESHUTDOWN, ECONNABORTED, EPIPE,", "ESHUTDOWN, EPIPE,")],
        &["INPUT-25", "OUTPUT-11"],
    ),
    Spoiling::text(
        "2.5: close leaves connected as it was",
        &[(Asyncore, "self.connected = False\n        self.accepting", "self.accepting")],
        &["CLOSE-5", "OUTPUT-28"],
    ),
    Spoiling::text(
        "2.5: handle_error calls close",
        &[(
            Asyncore,
            "'error'\n            )\n        self.handle_close()",
            "'error'\n            )\n        self.close()",
        )],
        &["ERROR-1"],
    ),
    Spoiling::text(
        "2.6: EPIPE and EBADF are no lost connection",
        &[(Asyncore, "ECONNABORTED, EPIPE,\n                           EBADF", "ECONNABORTED")],
        &["INPUT-25", "OUTPUT-11"],
    ),
    Spoiling::text(
        "2.7.0: a channel stays connected when handle_connect raises",
        &[(
            Asyncore,
            "self.handle_connect()\n        self.connected = True",
            "try:\n            self.handle_connect()\n        finally:\n            self.connected = True",
        )],
        &["CONNECT-31"],
    )
    .sparing(&["CONNECT-1"]),
    Spoiling::text(
        "2.7.8: a read that would block is an error",
        &[(Asynchat, "if why.args[0] in _BLOCKING_IO_ERRORS:", "if False:")],
        &["INPUT-23"],
    )
    .only(2),
    Spoiling::text(
        "3.4.1: a read that would block is an error",
        &[(
            Asynchat,
            "except BlockingIOError:\n            return",
            "except BlockingIOError:\n            self.handle_error()\n            return",
        )],
        &["INPUT-23"],
    )
    .only(3),
    Spoiling::text(
        "3.3: reads are of 4096 bytes",
        &[(Asynchat, "ac_in_buffer_size = 65536", "ac_in_buffer_size = 4096")],
        &["INPUT-52"],
    )
    .only(3),
    Spoiling::text(
        "3.3: sends are of 4096 bytes",
        &[(Asynchat, "ac_out_buffer_size = 65536", "ac_out_buffer_size = 4096")],
        &["INPUT-52"],
    )
    .only(3),
    Spoiling::text(
        "3.4.1: push takes anything",
        &[(Asynchat, "if not isinstance(data, (bytes, bytearray, memoryview)):", "if False:")],
        &["OUTPUT-25"],
    )
    .only(3),
    Spoiling::text(
        "push refuses a memoryview",
        &[(Asynchat, "(bytes, bytearray, memoryview)", "(bytes, bytearray)")],
        &["OUTPUT-25"],
    )
    .only(3),
    Spoiling::text("3.4.1: a negative terminator is taken", &[(Asynchat, "term < 0", "False")], &["INPUT-41"]).only(3),
];
