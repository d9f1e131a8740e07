//! What is spoiled in what becomes of exceptions: `read`, `write`, `_exception`, `readwrite` and `handle_error`.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "an exception while reading is dropped",
        &[("read", "obj.handle_error()", "pass")],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "an exception while writing is handled twice",
        &[("write", "obj.handle_error()", "obj.handle_error(); obj.handle_error()")],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "an exception of an exceptional event is dropped",
        &[("_exception", "obj.handle_error()", "pass")],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "an exception while reading goes on",
        &[("read", "        obj.handle_error()", "        obj.handle_error()\n        raise")],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "an exception while writing is not caught",
        &[("write", "        obj.handle_error()", "        raise")],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "an exception of an exceptional event is no matter of handle_error",
        &[("_exception", "obj.handle_error()", "obj.handle_close()")],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "an exception under poll is dropped",
        &[("readwrite", "    except:\n        obj.handle_error()", "    except:\n        pass")],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "an exception under poll is handled and goes on",
        &[("readwrite", "    except:\n        obj.handle_error()", "    except:\n        obj.handle_error()\n        raise")],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "ExitNow is an exception like any other",
        &[("", "(ExitNow, KeyboardInterrupt, SystemExit)", "(KeyboardInterrupt, SystemExit)")],
        &["ERROR-6"],
    ),
    Spoiling::part(
        "an interrupt is an exception like any other",
        &[("", "(ExitNow, KeyboardInterrupt, SystemExit)", "(ExitNow, SystemExit)")],
        &["ERROR-7"],
    ),
    Spoiling::part(
        "a KeyError leaves the loop",
        &[("", "(ExitNow, KeyboardInterrupt, SystemExit)", "(ExitNow, KeyboardInterrupt, SystemExit, KeyError)")],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "ExitNow is handled while writing",
        &[("write", "_reraised_exceptions", "(KeyboardInterrupt, SystemExit)")],
        &["ERROR-6"],
    ),
    Spoiling::part(
        "ExitNow is handled in an exceptional event",
        &[("_exception", "_reraised_exceptions", "(KeyboardInterrupt, SystemExit)")],
        &["ERROR-6"],
    ),
    Spoiling::part(
        "ExitNow is handled under poll",
        &[("readwrite", "_reraised_exceptions", "(KeyboardInterrupt, SystemExit)")],
        &["ERROR-6"],
    ),
    Spoiling::part(
        "an interrupt is handled while reading",
        &[("read", "_reraised_exceptions", "ExitNow")],
        &["ERROR-7"],
    ),
    Spoiling::part(
        "an interrupt is handled under poll",
        &[("readwrite", "_reraised_exceptions", "ExitNow")],
        &["ERROR-7"],
    ),
    Spoiling::part(
        "ExitNow is dropped while reading",
        &[("read", "        raise\n", "        pass\n")],
        &["ERROR-6"],
    ),
    Spoiling::part(
        "ExitNow calls handle_error first",
        &[("read", "        raise\n", "        obj.handle_error()\n        raise\n")],
        &["ERROR-6", "ERROR-7"],
    ),
    Spoiling::part(
        "what handle_error raises is dropped",
        &[(
            "read",
            "        obj.handle_error()",
            "        try:\n            obj.handle_error()\n        except Exception:\n            pass",
        )],
        &["ERROR-13"],
    ),
    Spoiling::part(
        "what handle_error raises under poll is dropped",
        &[(
            "readwrite",
            "    except:\n        obj.handle_error()",
            "    except:\n        try:\n            obj.handle_error()\n        except Exception:\n            pass",
        )],
        &["ERROR-13"],
    ),
    Spoiling::part(
        "what handle_error raises is given to handle_error",
        &[(
            "write",
            "        obj.handle_error()",
            "        try:\n            obj.handle_error()\n        except Exception:\n            obj.handle_error()",
        )],
        &["ERROR-13"],
    ),
    Spoiling::part(
        "a lost connection is closed under select as well",
        &[
            ("read", "    except _reraised", "    except OSError as e:\n        obj.handle_close() if e.errno in _DISCONNECTED else obj.handle_error()\n    except _reraised"),
            ("write", "    except _reraised", "    except OSError as e:\n        obj.handle_close() if e.errno in _DISCONNECTED else obj.handle_error()\n    except _reraised"),
        ],
        &["ERROR-11"],
    )
    .only(3),
    Spoiling::part(
        "a lost connection is an error like any other",
        &[("readwrite", "if e.errno not in _DISCONNECTED:", "if True:")],
        &["ERROR-9"],
    )
    .only(3),
    Spoiling::part(
        "a lost connection is an old error like any other",
        &[("readwrite", "if e.args[0] not in _DISCONNECTED:", "if True:")],
        &["ERROR-9"],
    )
    .only(2),
    Spoiling::part(
        "every error of the system is a lost connection",
        &[("readwrite", "if e.errno not in _DISCONNECTED:", "if False:")],
        &["ERROR-10"],
    )
    .only(3),
    Spoiling::part(
        "what is a lost connection is negated",
        &[("readwrite", "e.errno not in", "e.errno in")],
        &["ERROR-9", "ERROR-10"],
    )
    .only(3),
    Spoiling::part(
        "a broken pipe is no lost connection under poll",
        &[("readwrite", "not in _DISCONNECTED", "not in _DISCONNECTED - set([EPIPE])")],
        &["ERROR-9"],
    ),
    Spoiling::part(
        "a timeout is a lost connection under poll",
        &[("readwrite", "not in _DISCONNECTED", "not in _DISCONNECTED | set([110])")],
        &["ERROR-10"],
    ),
    Spoiling::part(
        "nothing to read is a lost connection under poll",
        &[("readwrite", "not in _DISCONNECTED", "not in _DISCONNECTED | set([EAGAIN])")],
        &["ERROR-10"],
    ),
    Spoiling::part(
        "an error of the system under poll is dropped",
        &[("readwrite", "            obj.handle_error()\n        else:", "            pass\n        else:")],
        &["ERROR-10"],
    ),
    Spoiling::part(
        "a lost connection under poll is dropped",
        &[("readwrite", "        else:\n            obj.handle_close()", "        else:\n            pass")],
        &["ERROR-9"],
    ),
    Spoiling::part(
        "a lost connection under poll is closed past handle_close",
        &[("readwrite", "        else:\n            obj.handle_close()", "        else:\n            obj.close()")],
        &["ERROR-9"],
    ),
    Spoiling::part(
        "a lost connection under poll is closed twice",
        &[("readwrite", "        else:\n            obj.handle_close()", "        else:\n            obj.handle_close(); obj.handle_close()")],
        &["ERROR-9"],
    ),
    Spoiling::part(
        "a lost connection under poll is closed and handled",
        &[("readwrite", "        else:\n            obj.handle_close()", "        else:\n            obj.handle_close()\n            obj.handle_error()")],
        &["ERROR-9"],
    ),
    Spoiling::part(
        "what the handle_close of a lost connection raises is handled",
        &[("readwrite", "        else:\n            obj.handle_close()", "        else:\n            try:\n                obj.handle_close()\n            except Exception:\n                obj.handle_error()")],
        &["ERROR-14"],
    ),
    Spoiling::part(
        "what the handle_close of a hang-up raises leaves the loop",
        &[(
            "readwrite",
            "        if flags & (select.POLLHUP | select.POLLERR | select.POLLNVAL):\n            obj.handle_close()\n",
            "",
        ), (
            "readwrite",
            "    except:\n        obj.handle_error()",
            "    except:\n        obj.handle_error()\n    else:\n        if flags & (select.POLLHUP | select.POLLERR | select.POLLNVAL):\n            obj.handle_close()",
        )],
        &["ERROR-5"],
    ),
    Spoiling::part(
        "handle_error closes before it logs",
        &[("dispatcher.handle_error", "        self.log_info(", "        self.handle_close()\n        self.log_info("),
          ("dispatcher.handle_error", "'error'\n            )\n        self.handle_close()", "'error'\n            )")],
        &["ERROR-1", "ERROR-5"],
    ),
    Spoiling::text(
        "handle_error logs a warning",
        &[(super::super::table::Module::Asyncore, "tbinfo\n                ),\n            'error'", "tbinfo\n                ),\n            'warning'")],
        &["ERROR-1"],
    ),
    Spoiling::part(
        "handle_error closes past handle_close",
        &[("dispatcher.handle_error", "self.handle_close()", "self.close()")],
        &["ERROR-1"],
    )
    .among_others(),
    Spoiling::part(
        "handle_error closes nothing on a dispatcher",
        &[("dispatcher.handle_error", "self.handle_close()", "pass")],
        &["ERROR-1"],
    )
    .among_others(),
    Spoiling::part(
        "the shutdown of a socket is no lost connection",
        &[("", "ENOTCONN, ESHUTDOWN, ECONNABORTED, EPIPE,", "ENOTCONN, ECONNABORTED, EPIPE,")],
        &["IO-3", "IO-8", "ERROR-9"],
    ),
    Spoiling::part(
        "a connection that does not exist is no lost connection",
        &[("", "ECONNRESET, ENOTCONN, ESHUTDOWN, ECONNABORTED, EPIPE,", "ECONNRESET, ESHUTDOWN, ECONNABORTED, EPIPE,")],
        &["IO-3", "IO-8", "ERROR-9"],
    ),
    Spoiling::part(
        "a reset connection is no lost connection",
        &[("", "ECONNRESET, ENOTCONN, ESHUTDOWN, ECONNABORTED, EPIPE,", "ENOTCONN, ESHUTDOWN, ECONNABORTED, EPIPE,")],
        &["IO-3", "IO-8", "ERROR-9"],
    ),
    Spoiling::part(
        "an input/output error is a lost connection",
        &[("", "ECONNABORTED, EPIPE,\n", "ECONNABORTED, EPIPE, 5,\n")],
        &["IO-5", "IO-10", "ERROR-10"],
    ),
    Spoiling::part(
        "that nothing is there is a lost connection",
        &[("", "ECONNABORTED, EPIPE,\n", "ECONNABORTED, EPIPE, EAGAIN,\n")],
        &["IO-10", "ERROR-10"],
    ),
];
