//! What is spoiled in what is printed.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part("log: no colon", &[("dispatcher.log", "'log: %s\\n'", "'log %s\\n'")], &["LOG-1"]),
    Spoiling::part("log: no end of the line", &[("dispatcher.log", "'log: %s\\n'", "'log: %s'")], &["LOG-1"]),
    Spoiling::part("log: standard output", &[("dispatcher.log", "sys.stderr", "sys.stdout")], &["LOG-1"]),
    Spoiling::part(
        "log_info: nothing is ignored",
        &[("dispatcher.log_info", "if type not in self.ignore_log_types:", "if True:")],
        &["LOG-3"],
    ),
    Spoiling::part(
        "log_info: everything is ignored",
        &[("dispatcher.log_info", "if type not in self.ignore_log_types:", "if False:")],
        &["LOG-2"],
    ),
    Spoiling::part(
        "log_info: errors are ignored",
        &[("dispatcher.log_info", "in self.ignore_log_types:", "in ('warning', 'error'):")],
        &["LOG-2"],
    ),
    Spoiling::part(
        "log_info: what is not a warning is ignored",
        &[("dispatcher.log_info", "not in self", "in self")],
        &["LOG-3", "LOG-2"],
    ),
    Spoiling::part(
        "log_info: the kind comes last",
        &[("dispatcher.log_info", "(type, message)", "(message, type)")],
        &["LOG-2"],
    ),
    Spoiling::part(
        "log_info: standard error",
        &[(
            "dispatcher.log_info",
            "print('%s: %s' % (type, message))",
            "print('%s: %s' % (type, message), file=sys.stderr)",
        )],
        &["LOG-2"],
    )
    .only(3),
    Spoiling::part(
        "log_info: warnings are not ignored",
        &[("dispatcher", "frozenset({'warning'})", "frozenset()")],
        &["LOG-3"],
    )
    .only(3),
    Spoiling::part(
        "log_info: what says info is ignored",
        &[("dispatcher", "frozenset({'warning'})", "frozenset({'warning', 'info'})")],
        &["LOG-2"],
    )
    .only(3),
    Spoiling::part("repr: no module", &[("dispatcher.__repr__", "self.__class__.__module__+\".\"+", "")], &["LOG-5"]),
    Spoiling::part("repr: no state", &[("dispatcher.__repr__", "status.append('connected')", "pass")], &["LOG-5"]),
    Spoiling::part(
        "repr: never listens",
        &[("dispatcher.__repr__", "if self.accepting and self.addr:", "if False:")],
        &["LOG-5"],
    ),
    Spoiling::part(
        "repr: listens without an address",
        &[("dispatcher.__repr__", "if self.accepting and self.addr:", "if self.accepting:")],
        &["LOG-5"],
    ),
    Spoiling::part(
        "repr: no address",
        &[("dispatcher.__repr__", "if self.addr is not None:", "if False:")],
        &["LOG-5"],
    ),
    Spoiling::part(
        "repr: an address as Python prints it",
        &[("dispatcher.__repr__", "'%s:%d' % self.addr", "repr(self.addr)")],
        &["LOG-5"],
    ),
    Spoiling::part(
        "repr: no address is printed",
        &[("dispatcher.__repr__", "if self.addr is not None:", "if True:")],
        &["LOG-5"],
    ),
    Spoiling::part(
        "repr: no identity",
        &[("dispatcher.__repr__", "'<%s at %#x>' % (' '.join(status), id(self))", "'<%s>' % ' '.join(status)")],
        &["LOG-5"],
    ),
    Spoiling::part(
        "compact_traceback: the outermost place",
        &[("compact_traceback", "tbinfo[-1]", "tbinfo[0]")],
        &["LOG-6"],
    ),
    Spoiling::part(
        "compact_traceback: one place is missing",
        &[("compact_traceback", "for x in tbinfo]", "for x in tbinfo[1:]]")],
        &["LOG-6"],
    ),
    Spoiling::part(
        "compact_traceback: class and value are swapped",
        &[("compact_traceback", "line), t, v, info", "line), t, t, info")],
        &["LOG-6"],
    ),
    Spoiling::part(
        "compact_traceback: a place without its line",
        &[("compact_traceback", "'[%s|%s|%s]'", "'[%s|%s%s]'")],
        &["LOG-6"],
    ),
    Spoiling::part(
        "compact_traceback: nothing without an exception",
        &[("compact_traceback", "raise AssertionError(\"traceback does not exist\")", "return ('', '', ''), t, v, ''")],
        &["LOG-7"],
    ),
    Spoiling::part(
        "strerror: a number that nobody knows fails",
        &[("_strerror", "except (ValueError, OverflowError, NameError)", "except (ValueError, NameError)")],
        &["LOG-8"],
    ),
    Spoiling::part(
        "strerror: the symbolic name",
        &[("_strerror", "return os.strerror(err)", "return errorcode[err]")],
        &["LOG-8", "CONNECT-19"],
    ),
    Spoiling::part("strerror: another text", &[("_strerror", "Unknown error %s", "unknown error %s")], &["LOG-8"]),
    Spoiling::part(
        "strerror: a text that was made up for all",
        &[("_strerror", "return os.strerror(err)", "raise ValueError")],
        &["LOG-8", "CONNECT-19"],
    ),
];
