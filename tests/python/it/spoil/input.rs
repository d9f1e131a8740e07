//! What is spoiled in `handle_read`, `find_prefix_at_end` and what belongs to them.

use super::table::Module::{Asynchat, Asyncore};
use super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::text(
        "the test for a buffer that is nothing but a prefix is removed",
        &[(Asynchat, "if index != lb:", "if True:")],
        &["INPUT-5"],
    )
    .sparing(&["INPUT-1", "INPUT-2", "INPUT-3"]),
    Spoiling::text(
        "the test for a buffer that is nothing but a prefix is negated",
        &[(Asynchat, "if index != lb:", "if index == lb:")],
        &["INPUT-5", "INPUT-4"],
    ),
    Spoiling::text(
        "the test for data before a terminator is removed",
        &[(Asynchat, "if index > 0:", "if True:")],
        &["INPUT-2"],
    )
    .sparing(&["INPUT-1", "INPUT-5"]),
    Spoiling::text(
        "the test for data before a terminator is negated",
        &[(Asynchat, "if index > 0:", "if index <= 0:")],
        &["INPUT-1", "INPUT-2"],
    ),
    Spoiling::text(
        "one byte before a terminator is not collected",
        &[(Asynchat, "if index > 0:", "if index > 1:")],
        &["INPUT-1"],
    ),
    Spoiling::text(
        "a numeric terminator is not counted down",
        &[(Asynchat, "self.terminator = self.terminator - lb", "pass")],
        &["INPUT-12", "INPUT-56"],
    ),
    Spoiling::text(
        "a numeric terminator is counted up",
        &[(Asynchat, "self.terminator - lb", "self.terminator + lb")],
        &["INPUT-12", "INPUT-56"],
    ),
    Spoiling::text(
        "a numeric terminator is counted down by one too many",
        &[(Asynchat, "self.terminator - lb", "self.terminator - lb - 1")],
        &["INPUT-12", "INPUT-11", "INPUT-56"],
    ),
    Spoiling::text(
        "a numeric terminator stays when it is met",
        &[(Asynchat, "self.terminator = 0", "pass")],
        &["INPUT-13"],
    ),
    Spoiling::text(
        "a numeric terminator becomes 0 after found_terminator",
        &[(
            Asynchat,
            "self.terminator = 0\n                    self.found_terminator()",
            "self.found_terminator()\n                    self.terminator = 0",
        )],
        &["INPUT-8", "INPUT-13"],
    ),
    Spoiling::text(
        "a count that is met exactly is not noticed",
        &[(Asynchat, "if lb < n:", "if lb <= n:")],
        &["INPUT-11"],
    ),
    Spoiling::text(
        "a number takes one byte too many",
        &[(Asynchat, "self.ac_in_buffer[:n]", "self.ac_in_buffer[:n+1]")],
        &["INPUT-11"],
    ),
    Spoiling::text(
        "a number keeps one byte too few",
        &[(Asynchat, "self.ac_in_buffer[n:]", "self.ac_in_buffer[n+1:]")],
        &["INPUT-13", "INPUT-11"],
    ),
    Spoiling::text(
        "the search for a prefix begins one byte too short",
        &[(Asynchat, "l = len(needle) - 1", "l = max(len(needle) - 2, 0)")],
        &["PREFIX-1"],
    ),
    Spoiling::text(
        "the search for a prefix begins with all of the needle",
        &[(Asynchat, "l = len(needle) - 1", "l = len(needle)")],
        &["PREFIX-3", "PREFIX-5"],
    )
    .sparing(&["PREFIX-1", "PREFIX-4", "INPUT-3"]),
    Spoiling::code(
        "the search for a prefix ends at the shortest",
        "
def shortest(haystack, needle):
    for l in range(1, len(needle)):
        if haystack.endswith(needle[:l]):
            return l
    return 0 if needle else -1
asynchat.find_prefix_at_end = shortest
",
        &["PREFIX-1"],
    ),
    Spoiling::text(
        "a prefix is said to be one byte shorter",
        &[(Asynchat, "return l\n", "return max(l - 1, 0) if needle else l\n")],
        &["PREFIX-1"],
    ),
    Spoiling::text(
        "prefixes are not looked for",
        &[(Asynchat, "return l\n", "return 0 if needle else l\n")],
        &["PREFIX-1"],
    ),
    Spoiling::code(
        "handle_read does not hold back prefixes",
        "
real = asynchat.find_prefix_at_end
def never(haystack, needle):
    import sys
    return 0 if sys._getframe(1).f_code.co_name == 'handle_read' else real(haystack, needle)
asynchat.find_prefix_at_end = never
",
        &["INPUT-3", "INPUT-4", "INPUT-5"],
    )
    .sparing(&["PREFIX-1", "PREFIX-2", "PREFIX-3"]),
    Spoiling::text(
        "a terminator is taken to be one byte long",
        &[(Asynchat, "index+terminator_len", "index+1")],
        &["INPUT-1", "INPUT-7", "INPUT-9"],
    ),
    Spoiling::text(
        "a terminator is taken to be one byte longer",
        &[(Asynchat, "index+terminator_len", "index+terminator_len+1")],
        &["INPUT-7", "INPUT-9", "INPUT-10"],
    ),
    Spoiling::text(
        "the last terminator is looked for",
        &[(Asynchat, ".find(terminator)", ".rfind(terminator)")],
        &["INPUT-7", "INPUT-9"],
    ),
    Spoiling::text(
        "found_terminator is called before the data are collected",
        &[
            (Asynchat, "if index > 0:", "self.found_terminator()\n                    if index > 0:"),
            (Asynchat, "changed here.\n                    self.found_terminator()", "\n"),
        ],
        &["INPUT-1"],
    )
    .only(2),
    Spoiling::text(
        "found_terminator comes before collect_incoming_data",
        &[
            (Asynchat, "if index > 0:", "self.found_terminator()\n                    if index > 0:"),
            (Asynchat, "is changed here.\n                    self.found_terminator()", "\n"),
        ],
        &["INPUT-1"],
    )
    .only(3),
    Spoiling::text(
        "found_terminator is called twice",
        &[(
            Asynchat,
            "changed here.\n                    self.found_terminator()",
            "\n                    self.found_terminator(); self.found_terminator()",
        )],
        &["INPUT-1"],
    ),
    Spoiling::text(
        "the line is consumed after found_terminator",
        &[
            (Asynchat, "self.ac_in_buffer = self.ac_in_buffer[index+terminator_len:]", "pass"),
            (
                Asynchat,
                "changed here.\n                    self.found_terminator()",
                "\n                    self.found_terminator()\n                    self.ac_in_buffer = \
                 self.ac_in_buffer[index+terminator_len:]",
            ),
        ],
        &["INPUT-30", "INPUT-46"],
    ),
    Spoiling::text(
        "the terminator is looked up once for each read",
        &[
            (Asynchat, "            terminator = self.get_terminator()\n", ""),
            (
                Asynchat,
                "while self.ac_in_buffer:",
                "terminator = self.get_terminator() if self.ac_in_buffer else None\n        while self.ac_in_buffer:",
            ),
        ],
        &["INPUT-8", "INPUT-13"],
    ),
    Spoiling::text(
        "what was held back is forgotten",
        &[(Asynchat, "self.ac_in_buffer = self.ac_in_buffer + data", "self.ac_in_buffer = data")],
        &["INPUT-3", "INPUT-6", "INPUT-5"],
    ),
    Spoiling::text(
        "what was held back comes behind what follows",
        &[(Asynchat, "self.ac_in_buffer + data", "data + self.ac_in_buffer")],
        &["INPUT-3", "INPUT-6", "INPUT-5"],
    ),
    Spoiling::text(
        "NUL is left out",
        &[(Asynchat, "self.ac_in_buffer + data", "self.ac_in_buffer + data.replace(b'\\0', b'')")],
        &["INPUT-47"],
    )
    .among_others(),
    Spoiling::text(
        "recv is asked for a byte less",
        &[(Asynchat, "(self.ac_in_buffer_size)", "(self.ac_in_buffer_size - 1)")],
        &["INPUT-54"],
    ),
    Spoiling::text(
        "recv is asked for a fixed number of bytes",
        &[(Asynchat, "(self.ac_in_buffer_size)", "(4096)")],
        &["INPUT-33", "INPUT-54"],
    ),
    Spoiling::text(
        "an error of recv is passed over",
        &[(Asynchat, "self.handle_error()\n            return", "return")],
        &["INPUT-27"],
    ),
    Spoiling::text(
        "an error of recv is raised",
        &[(Asynchat, "self.handle_error()\n            return", "raise")],
        &["INPUT-27"],
    ),
    Spoiling::text(
        "any exception of recv is an error of the connection",
        &[(Asynchat, "except OSError:\n            self", "except Exception:\n            self")],
        &["INPUT-49"],
    )
    .only(3),
    Spoiling::text(
        "the end of the stream is not noticed",
        &[(Asyncore, "if not data:", "if data is None:")],
        &["INPUT-20"],
    ),
    Spoiling::code(
        "data that are held back are collected at the end of the stream",
        "
def handle_close(self):
    data, self.ac_in_buffer = self.ac_in_buffer, self.ac_in_buffer[:0]
    if data:
        self.collect_incoming_data(data)
    self.close()
asynchat.async_chat.handle_close = handle_close
",
        &["INPUT-21"],
    ),
    Spoiling::text(
        "discard_buffers forgets what was read",
        &[(Asynchat, "# Emergencies only!\n        self.ac_in_buffer", "ignored")],
        &["INPUT-46"],
    ),
    Spoiling::text(
        "discard_buffers forgets what was gathered",
        &[(Asynchat, "del self.incoming[:]\n        self", "self")],
        &["INPUT-45", "INPUT-46"],
    ),
    Spoiling::text(
        "_get_data keeps what it gives",
        &[(Asynchat, "del self.incoming[:]\n        return d", "return d")],
        &["INPUT-45"],
    ),
    Spoiling::text(
        "get_terminator gives none for whatever is false",
        &[(Asynchat, "return self.terminator", "return self.terminator or None")],
        &["INPUT-38", "INPUT-56"],
    ),
    Spoiling::text(
        "the number 5 as the terminator means none",
        &[(Asynchat, "self.terminator = term\n", "self.terminator = None if term == 5 else term\n")],
        &["INPUT-11", "INPUT-38", "INPUT-12", "INPUT-56"],
    ),
];
