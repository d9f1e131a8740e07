//! What is spoiled in `initiate_send`, `push` and what belongs to them.

use super::table::Module::{Asynchat, Asyncore};
use super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::text(
        "the rest of a partial send is dropped",
        &[(Asynchat, "first[num_sent:]", "first[len(data):]")],
        &["OUTPUT-8"],
    ),
    Spoiling::text(
        "an entry that was sent in part is deleted",
        &[(Asynchat, "self.producer_fifo[0] = first[num_sent:]", "del self.producer_fifo[0]")],
        &["OUTPUT-8", "OUTPUT-5", "OUTPUT-1", "PRODUCER-10"],
    ),
    Spoiling::text(
        "an entry that was sent in part is sent again from its beginning",
        &[(Asynchat, "first[num_sent:]", "first")],
        &["OUTPUT-8", "OUTPUT-5", "OUTPUT-1", "PRODUCER-10"],
    ),
    Spoiling::text(
        "a partial send counts as a whole one",
        &[(Asynchat, "if num_sent < len(data) or obs < len(first):", "if obs < len(first):")],
        &["OUTPUT-8"],
    ),
    Spoiling::text(
        "the first part of a long piece counts as all of it",
        &[(Asynchat, "if num_sent < len(data) or obs < len(first):", "if num_sent < len(data):")],
        &["PRODUCER-10", "PRODUCER-5", "OUTPUT-5"],
    ),
    Spoiling::text(
        "a send that takes nothing is not told from others",
        &[(Asynchat, "if num_sent:", "if True:")],
        &["OUTPUT-14", "OUTPUT-1", "OUTPUT-9"],
    ),
    Spoiling::text(
        "everything is sent twice",
        &[(Asynchat, "num_sent = self.send(data)", "self.send(data); num_sent = self.send(data)")],
        &["OUTPUT-1", "OUTPUT-4"],
    ),
    Spoiling::text(
        "one call sends until nothing is left",
        &[(Asynchat, "some actual data\n            return", "some actual data\n            continue")],
        &["OUTPUT-4", "OUTPUT-42", "PRODUCER-16"],
    ),
    Spoiling::text(
        "an error of send is passed over",
        &[(Asynchat, "self.handle_error()\n                return", "return")],
        &["OUTPUT-10"],
    ),
    Spoiling::text(
        "an error of send is raised",
        &[(Asynchat, "self.handle_error()\n                return", "raise")],
        &["OUTPUT-10"],
    ),
    Spoiling::text(
        "an entry is dropped when send fails",
        &[(
            Asynchat,
            "self.handle_error()\n                return",
            "self.handle_error()\n                del self.producer_fifo[0]\n                return",
        )],
        &["OUTPUT-10"],
    ),
    Spoiling::text(
        "any exception of send is an error of the connection",
        &[(Asynchat, "except OSError:\n                self", "except Exception:\n                self")],
        &["OUTPUT-13"],
    )
    .only(3),
    Spoiling::text(
        "any exception of send is an error of the old connection",
        &[(Asynchat, "except socket.error:\n                self", "except Exception:\n                self")],
        &["OUTPUT-13"],
    )
    .only(2),
    Spoiling::text("a send that would block is an error", &[(Asyncore, "== EWOULDBLOCK", "== -1")], &["OUTPUT-9"]),
    Spoiling::text(
        "close_when_done closes at once",
        &[(Asynchat, "self.producer_fifo.append(None)", "self.close()")],
        &["OUTPUT-16"],
    ),
    Spoiling::text(
        "close_when_done calls handle_close at once",
        &[(Asynchat, "self.producer_fifo.append(None)", "self.handle_close()")],
        &["OUTPUT-16"],
    ),
    Spoiling::text(
        "close_when_done starts sending",
        &[(Asynchat, "self.producer_fifo.append(None)", "self.push_with_producer(None)")],
        &["OUTPUT-16"],
    ),
    Spoiling::text(
        "close_when_done goes in front of what is queued",
        &[(Asynchat, "self.producer_fifo.append(None)", "self.producer_fifo.appendleft(None)")],
        &["OUTPUT-15", "OUTPUT-1"],
    )
    .among_others(),
    Spoiling::text(
        "the close that was asked for stays queued",
        &[(
            Asynchat,
            "del self.producer_fifo[0]\n                if first is None:\n",
            "if first is not None:\n                    del self.producer_fifo[0]\n                if first is None:\n",
        )],
        &["OUTPUT-15", "OUTPUT-18", "OUTPUT-29"],
    ),
    Spoiling::text(
        "the close that was asked for is taken off after handle_close",
        &[(
            Asynchat,
            "del self.producer_fifo[0]\n                if first is None:\n                    self.handle_close()\n",
            "if first is not None:\n                    del self.producer_fifo[0]\n                else:\n                    \
             self.handle_close()\n                    del self.producer_fifo[0]\n",
        )],
        &["OUTPUT-15", "OUTPUT-18", "OUTPUT-29"],
    ),
    Spoiling::text(
        "sending goes on after the close",
        &[(
            Asynchat,
            "self.handle_close()\n                    return",
            "self.handle_close()\n                    continue",
        )],
        &["OUTPUT-18"],
    ),
    Spoiling::text(
        "only half of writable: what is queued",
        &[(Asynchat, "self.producer_fifo or (not self.connected)", "self.producer_fifo")],
        &["OUTPUT-20"],
    ),
    Spoiling::text(
        "only half of writable: the connection",
        &[(Asynchat, "self.producer_fifo or (not self.connected)", "not self.connected")],
        &["OUTPUT-20"],
    ),
    Spoiling::text(
        "discard_buffers forgets what is queued",
        &[(Asynchat, "self.producer_fifo.clear()", "pass")],
        &["OUTPUT-22"],
    ),
    Spoiling::text(
        "discard_buffers leaves a close that was asked for",
        &[(
            Asynchat,
            "self.producer_fifo.clear()",
            "self.producer_fifo = deque(x for x in self.producer_fifo if x is None)",
        )],
        &["OUTPUT-22"],
    ),
    Spoiling::text(
        "a producer is dropped when it has given its first piece",
        &[(Asynchat, "self.producer_fifo.appendleft(data)", "self.producer_fifo[0] = data")],
        &["PRODUCER-5", "PRODUCER-9", "PRODUCER-16"],
    ),
    Spoiling::text(
        "a producer is found to be exhausted one call too late",
        &[(
            Asynchat,
            "del self.producer_fifo[0]\n                continue",
            "del self.producer_fifo[0]; return\n                continue",
        )],
        &["PRODUCER-17"],
    ),
    Spoiling::text(
        "an exhausted producer is not dropped",
        &[(Asynchat, "del self.producer_fifo[0]\n                continue", "return\n                continue")],
        &["PRODUCER-6", "PRODUCER-17"],
    ),
    Spoiling::text(
        "what a producer gives is put behind the queue",
        &[(Asynchat, "appendleft(data)", "append(data)")],
        &["PRODUCER-5", "PRODUCER-9", "PRODUCER-15", "PRODUCER-16"],
    ),
    Spoiling::text(
        "producers are asked before the channel is connected",
        &[(
            Asynchat,
            "self.producer_fifo and self.connected:",
            "self.producer_fifo and (self.connected or hasattr(self.producer_fifo[0], 'more')):",
        )],
        &["PRODUCER-7"],
    ),
    Spoiling::text(
        "an exception in more ends the producer",
        &[(
            Asynchat,
            "data = first.more()",
            "\n                try:\n                    data = first.more()\n                except Exception:\n                    data = None",
        )],
        &["PRODUCER-11"],
    ),
    Spoiling::text(
        "only none ends a producer",
        &[(Asynchat, "if data:\n", "if data is not None:\n")],
        &["PRODUCER-6", "PRODUCER-5", "PRODUCER-12", "PRODUCER-17"],
    ),
    Spoiling::text(
        "data are sent although the channel is not connected",
        &[(Asynchat, "self.producer_fifo and self.connected:", "self.producer_fifo:")],
        &["OUTPUT-3"],
    ),
    Spoiling::text(
        "an empty entry is not taken off",
        &[(Asynchat, "if not first:", "if first is None:")],
        &["OUTPUT-14", "OUTPUT-6"],
    ),
    Spoiling::text(
        "push makes slices a byte too short",
        &[(Asynchat, "data[i:i+sabs]", "data[i:i+sabs-1]")],
        &["OUTPUT-6", "OUTPUT-1"],
    ),
    Spoiling::text(
        "push makes slices that overlap",
        &[(Asynchat, "data[i:i+sabs]", "data[i:i+sabs+1]")],
        &["OUTPUT-6", "OUTPUT-1"],
    ),
    Spoiling::text(
        "push makes no slices",
        &[(Asynchat, "if len(data) > sabs:", "if False:")],
        &["OUTPUT-6", "OUTPUT-7"],
    ),
    Spoiling::text(
        "push lets an entry be a byte too long",
        &[(Asynchat, "if len(data) > sabs:", "if len(data) > sabs + 1:")],
        &["OUTPUT-6", "OUTPUT-7"],
    ),
    Spoiling::text(
        "push does not start sending",
        &[(Asynchat, "append(data)\n        self.initiate_send()", "append(data)")],
        &["OUTPUT-2"],
    ),
    Spoiling::text(
        "push_with_producer does not start sending",
        &[(Asynchat, "append(producer)\n        self.initiate_send()", "append(producer)")],
        &["PRODUCER-5", "OUTPUT-23", "PRODUCER-9", "PRODUCER-16"],
    ),
    Spoiling::text(
        "push_with_producer goes in front of what is queued",
        &[(Asynchat, "append(producer)", "appendleft(producer)")],
        &["PRODUCER-15", "OUTPUT-1", "OUTPUT-23"],
    )
    .among_others(),
    Spoiling::text("one send is given a byte too many", &[(Asynchat, "first[:obs]", "first[:obs+1]")], &["OUTPUT-5"])
        .only(3),
    Spoiling::text(
        "one send is given one byte too many",
        &[(Asynchat, "first, 0, obs)", "first, 0, obs+1)")],
        &["OUTPUT-5"],
    )
    .only(2),
    Spoiling::code("handle_write does nothing", "asynchat.async_chat.handle_write = lambda self: None", &["OUTPUT-21"]),
    Spoiling::text(
        "a simple_producer drops a byte of each piece",
        &[(Asynchat, "result = self.data[:self.buffer_size]", "result = self.data[:self.buffer_size - 1]")],
        &["PRODUCER-1"],
    ),
    Spoiling::text(
        "the default size of a simple_producer is another",
        &[(Asynchat, "buffer_size=512", "buffer_size=500")],
        &["PRODUCER-4"],
    ),
    Spoiling::text(
        "an exhausted simple_producer gives its last piece again",
        &[(Asynchat, "result = self.data\n", "return self.data\n")],
        &["PRODUCER-2", "PRODUCER-1"],
    ),
    Spoiling::text("a fifo gives the newest", &[(Asynchat, "list.popleft()", "list.pop()")], &["FIFO-1", "FIFO-2"])
        .among_others()
        .only(2),
    Spoiling::text("first gives the newest", &[(Asynchat, "return self.list[0]", "return self.list[-1]")], &["FIFO-4"])
        .only(2),
    Spoiling::text(
        "a fifo is empty when its first item is false",
        &[(Asynchat, "return not self.list", "return not self.list or not self.list[0]")],
        &["FIFO-6", "FIFO-10"],
    )
    .only(2),
    Spoiling::text("pop of an empty fifo gives none", &[(Asynchat, "return (0, None)", "return None")], &["FIFO-3"])
        .only(2),
];
