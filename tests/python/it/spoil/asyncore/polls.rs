//! What is spoiled in a pass under poll: `poll2` and the order of events in `readwrite`.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "poll: an empty map that is given is not used",
        &[("poll2", "if map is None:", "if not map:")],
        &["MAP-4", "LOOP-10"],
    ),
    Spoiling::part(
        "poll: an empty map is waited on",
        &[("poll2", "    if map:\n", "    if True:\n")],
        &["LOOP-12"],
    ),
    Spoiling::part(
        "poll: the timeout is multiplied by nothing",
        &[("poll2", "timeout*1000", "timeout")],
        &["POLL-22", "LOOP-7"],
    ),
    Spoiling::part(
        "poll: the timeout is in microseconds",
        &[("poll2", "timeout*1000", "timeout*1000000")],
        &["POLL-22", "LOOP-7"],
    ),
    Spoiling::part(
        "poll: the timeout is rounded",
        &[("poll2", "int(timeout*1000)", "int(round(timeout*1000))")],
        &["POLL-23"],
    ),
    Spoiling::part(
        "poll: the timeout is not cut off",
        &[("poll2", "int(timeout*1000)", "timeout*1000")],
        &["POLL-23"],
    ),
    Spoiling::part(
        "poll: no timeout is an error",
        &[("poll2", "if timeout is not None:", "if True:")],
        &["POLL-24"],
    ),
    Spoiling::part(
        "poll: no timeout is a timeout of nothing",
        &[("poll2", "pollster.poll(timeout)", "pollster.poll(timeout or 0)")],
        &["POLL-24"],
    ),
    Spoiling::part(
        "poll: the timeout is left out",
        &[("poll2", "pollster.poll(timeout)", "pollster.poll()")],
        &["POLL-22", "LOOP-7"],
    ),
    Spoiling::part(
        "poll: a negative timeout is nothing",
        &[("poll2", "int(timeout*1000)", "max(0, int(timeout*1000))")],
        &["POLL-29"],
    ),
    Spoiling::part(
        "poll: waits a second unless told otherwise",
        &[("poll2", "timeout=0.0", "timeout=1.0")],
        &["LOOP-13"],
    ),
    Spoiling::part(
        "poll: the map is gone through while it changes",
        &[("poll2", "list(map.items())", "map.items()")],
        &["POLL-20", "POLL-21"],
    )
    .only(3),
    Spoiling::part(
        "poll: a channel removed by a predicate is not asked",
        &[("poll2", "            flags = 0\n", "            flags = 0\n            if fd not in map: continue\n")],
        &["POLL-21"],
    ),
    Spoiling::part(
        "poll: readable is asked twice",
        &[("poll2", "if obj.readable():", "if obj.readable() and obj.readable():")],
        &["POLL-32"],
    ),
    Spoiling::part(
        "poll: writable is asked before readable",
        &[("poll2", "            if obj.readable():", "            is_w = obj.writable()\n            if obj.readable():"),
          ("poll2", "if obj.writable() and", "if is_w and")],
        &["POLL-1"],
    ),
    Spoiling::part(
        "poll: writable is not asked of an accepting channel",
        &[("poll2", "obj.writable() and not obj.accepting", "not obj.accepting and obj.writable()")],
        &["POLL-1", "POLL-5"],
    ),
    Spoiling::part(
        "poll: what is readable is negated",
        &[("poll2", "if obj.readable():", "if not obj.readable():")],
        &["POLL-3"],
    ),
    Spoiling::part(
        "poll: what is writable is negated",
        &[("poll2", "if obj.writable() and", "if not obj.writable() and")],
        &["POLL-4"],
    ),
    Spoiling::part(
        "poll: reading is not waited for",
        &[("poll2", "select.POLLIN | select.POLLPRI", "select.POLLPRI")],
        &["POLL-3"],
    ),
    Spoiling::part(
        "poll: urgent data are not waited for",
        &[("poll2", "select.POLLIN | select.POLLPRI", "select.POLLIN")],
        &["POLL-8"],
    ),
    Spoiling::part(
        "poll: urgent data are waited for with writing",
        &[("poll2", "flags |= select.POLLOUT", "flags |= select.POLLOUT | select.POLLPRI")],
        &["POLL-7"],
    ),
    Spoiling::part(
        "poll: writing is not waited for",
        &[("poll2", "flags |= select.POLLOUT", "pass")],
        &["POLL-4"],
    ),
    Spoiling::part(
        "poll: writing takes the place of reading",
        &[("poll2", "flags |= select.POLLOUT", "flags = select.POLLOUT")],
        &["POLL-3"],
    ),
    Spoiling::part(
        "poll: a channel that is neither is waited for",
        &[("poll2", "            if flags:\n                pollster", "            if True:\n                pollster"),
          ("poll2", "flags = 0", "flags = select.POLLPRI")],
        &["POLL-9", "POLL-8"],
    )
    .only(3),
    Spoiling::part(
        "poll: channels that are readable alone are waited for",
        &[("poll2", "            if flags:", "            if flags & select.POLLIN:")],
        &["POLL-4"],
    ),
    Spoiling::part(
        "poll: nothing to wait for ends the pass at once",
        &[("poll2", "                pollster.register(fd, flags)\n", "                pollster.register(fd, flags)\n                some = True\n"),
          ("poll2", "        r = pollster", "        if 'some' not in locals(): return\n        r = pollster")],
        &["POLL-11"],
    )
    .only(3),
    Spoiling::part(
        "poll: an error of the wait is swallowed",
        &[("poll2", "        r = pollster.poll(timeout)", "        try: r = pollster.poll(timeout)\n        except OSError: return")],
        &["POLL-26"],
    )
    .only(3),
    Spoiling::part(
        "poll: a signal is an error of the wait",
        &[("poll2", "if err.args[0] != EINTR:", "if True:")],
        &["POLL-27"],
    )
    .only(2),
    Spoiling::part(
        "poll: every error of the wait is taken for a signal",
        &[("poll2", "if err.args[0] != EINTR:", "if False:")],
        &["POLL-26"],
    )
    .only(2),
    Spoiling::part(
        "poll: a channel of which nothing was reported is served",
        &[("poll2", "        for fd, flags in r:", "        for fd, flags in [(fd, select.POLLIN) for fd in map]:")],
        &["POLL-28"],
    ),
    Spoiling::part(
        "poll: channels are served twice",
        &[("poll2", "            readwrite(obj, flags)", "            readwrite(obj, flags); readwrite(obj, flags)")],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: channels are not served",
        &[("poll2", "            readwrite(obj, flags)", "            pass")],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: channels are told to read alone",
        &[("poll2", "            readwrite(obj, flags)", "            read(obj)")],
        &["POLL-15", "POLL-17"],
    ),
    Spoiling::part(
        "poll: one channel that has left ends the pass",
        &[("poll2", "                continue", "                break")],
        &["POLL-13", "POLL-15"],
    ),
    Spoiling::part(
        "poll: a channel that has left is an error",
        &[("poll2", "map.get(fd)", "map[fd]")],
        &["POLL-13"],
    ),
    Spoiling::part(
        "poll: another channel with the descriptor is left alone",
        &[
            ("poll2", "    if map:\n", "    seen = dict(map)\n    if map:\n"),
            ("poll2", "if obj is None:", "if obj is None or obj is not seen.get(fd):"),
        ],
        &["POLL-14"],
    ),
    Spoiling::part(
        "poll: channels are asked backwards",
        &[("poll2", "in list(map.items()):", "in list(map.items())[::-1]:")],
        &["POLL-2"],
    )
    .only(3),
    Spoiling::part(
        "poll: what a predicate raises is given to handle_error",
        &[(
            "poll2",
            "            if obj.readable():",
            "            try:
                is_r = obj.readable()
            except Exception:
                obj.handle_error()
                continue
            if is_r:",
        )],
        &["POLL-19"],
    ),
    Spoiling::part(
        "poll: reading is not served",
        &[("readwrite", "flags & select.POLLIN:", "False:")],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: writing is not served",
        &[("readwrite", "flags & select.POLLOUT:", "False:")],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: urgent data are not served",
        &[("readwrite", "flags & select.POLLPRI:", "False:")],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: writes come before reads",
        &[
            ("readwrite", "select.POLLIN", "select.X"),
            ("readwrite", "select.POLLOUT", "select.POLLIN"),
            ("readwrite", "select.X", "select.POLLOUT"),
            ("readwrite", "obj.handle_read_event()", "obj.Y()"),
            ("readwrite", "obj.handle_write_event()", "obj.handle_read_event()"),
            ("readwrite", "obj.Y()", "obj.handle_write_event()"),
        ],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: reading keeps from writing",
        &[("readwrite", "        if flags & select.POLLOUT", "        elif flags & select.POLLOUT")],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: urgent data keep from closing",
        &[("readwrite", "        if flags & (select", "        elif flags & (select")],
        &["POLL-15", "POLL-17"],
    ),
    Spoiling::part(
        "poll: urgent data are a read event",
        &[("readwrite", "obj.handle_expt_event()", "obj.handle_read_event()")],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: data that come with urgent data are not read",
        &[("readwrite", "if flags & select.POLLIN:", "if flags & select.POLLIN and not flags & select.POLLPRI:")],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: data that come with a hang-up are not read",
        &[("readwrite", "if flags & select.POLLIN:", "if flags & select.POLLIN and not flags & select.POLLHUP:")],
        &["POLL-15"],
    ),
    Spoiling::part(
        "poll: a hang-up waits while there are data",
        &[("readwrite", "if flags & (select.POLLHUP | select.POLLERR | select.POLLNVAL):", "if flags & (select.POLLHUP | select.POLLERR | select.POLLNVAL) and not flags & select.POLLIN:")],
        &["POLL-31"],
    ),
    Spoiling::part("poll: a hang-up is passed over", &[("readwrite", "select.POLLHUP | ", "")], &["POLL-17", "POLL-15"]),
    Spoiling::part("poll: an error is passed over", &[("readwrite", "select.POLLERR | ", "")], &["POLL-17"]),
    Spoiling::part("poll: an invalid descriptor is passed over", &[("readwrite", " | select.POLLNVAL", "")], &["POLL-17"]),
    Spoiling::part(
        "poll: a hang-up closes past handle_close",
        &[("readwrite", "POLLNVAL):\n            obj.handle_close()", "POLLNVAL):\n            obj.close()")],
        &["POLL-17", "POLL-15"],
    ),
    Spoiling::part(
        "poll: a hang-up closes twice",
        &[("readwrite", "POLLNVAL):\n            obj.handle_close()", "POLLNVAL):\n            obj.handle_close(); obj.handle_close()")],
        &["POLL-17", "POLL-15"],
    ),
    Spoiling::part(
        "poll: a hang-up with an error closes twice",
        &[("readwrite", "    except OSError as e:", "        if flags & select.POLLHUP and flags & select.POLLERR:\n            obj.handle_close()\n    except OSError as e:")],
        &["POLL-17"],
    )
    .only(3),
    Spoiling::part(
        "poll: a hang-up asks the socket for its error",
        &[("readwrite", "POLLNVAL):\n            obj.handle_close()", "POLLNVAL):\n            obj.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)\n            obj.handle_close()")],
        &["POLL-17", "POLL-15"],
    ),
    Spoiling::part(
        "poll: a channel that has closed itself gets no further event",
        &[("readwrite", "if flags & select.POLLOUT:", "if flags & select.POLLOUT and obj._fileno is not None:")],
        &["POLL-16"],
    ),
    Spoiling::part(
        "poll: a channel that has closed itself gets no hang-up",
        &[("readwrite", "if flags & (select.POLLHUP | select.POLLERR | select.POLLNVAL):", "if flags & (select.POLLHUP | select.POLLERR | select.POLLNVAL) and obj._fileno is not None:")],
        &["POLL-31", "POLL-16"],
    ),
];
