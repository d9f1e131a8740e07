//! What is spoiled in a pass under select.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "select: an empty map that is given is not used",
        &[("poll", "if map is None:", "if not map:")],
        &["MAP-4", "LOOP-10"],
    ),
    Spoiling::part(
        "select: an empty map is slept on",
        &[("poll", "    if map:\n", "    if True:\n")],
        &["LOOP-12", "LOOP-10"],
    ),
    Spoiling::part(
        "select: the default map is used whatever is given",
        &[("poll", "if map is None:", "if True:")],
        &["LOOP-8", "MAP-4"],
    ),
    Spoiling::part(
        "select: the map is gone through while it changes",
        &[("poll", "list(map.items())", "map.items()")],
        &["POLL-20", "POLL-21"],
    )
    .only(3),
    Spoiling::part(
        "select: a channel added by a predicate is asked",
        &[(
            "poll",
            "for fd, obj in list(map.items()):\n",
            "seen = []
        while True:
            fd = next((fd for fd in map if fd not in seen), None)
            if fd is None:
                break
            seen.append(fd)
            obj = map[fd]
",
        )],
        &["POLL-20"],
    )
    .only(3),
    Spoiling::part(
        "select: a channel removed by a predicate is not asked",
        &[(
            "poll",
            "            is_r = obj.readable()",
            "            if fd not in map: continue\n            is_r = obj.readable()",
        )],
        &["POLL-21"],
    ),
    Spoiling::part(
        "select: a channel removed by a predicate is not waited for",
        &[(
            "poll",
            "        if [] == r == w == e:",
            "        r, w, e = ([fd for fd in fds if fd in map] for fds in (r, w, e))\n        if [] == r == w == e:",
        )],
        &["POLL-21"],
    ),
    Spoiling::part(
        "select: readable is asked twice",
        &[("poll", "is_r = obj.readable()", "is_r = obj.readable() and obj.readable()")],
        &["POLL-32"],
    ),
    Spoiling::part(
        "select: writable is asked again when it was true",
        &[("poll", "is_w = obj.writable()", "is_w = obj.writable() and obj.writable()")],
        &["POLL-32"],
    ),
    Spoiling::part(
        "select: writable is asked before readable",
        &[(
            "poll",
            "            is_r = obj.readable()\n            is_w = obj.writable()",
            "            is_w = obj.writable()\n            is_r = obj.readable()",
        )],
        &["POLL-1"],
    ),
    Spoiling::part(
        "select: writable is asked of a readable channel alone",
        &[("poll", "is_w = obj.writable()", "is_w = is_r and obj.writable()")],
        &["POLL-1"],
    ),
    Spoiling::part(
        "select: writable is not asked of an accepting channel",
        &[("poll", "is_w = obj.writable()", "is_w = not obj.accepting and obj.writable()")],
        &["POLL-1", "POLL-5"],
    ),
    Spoiling::part(
        "select: predicates are not asked",
        &[("poll", "is_r = obj.readable()", "is_r = True")],
        &["POLL-1"],
    ),
    Spoiling::part(
        "select: every channel is waited for to read",
        &[("poll", "            if is_r:\n", "            if True:\n")],
        &["POLL-3", "POLL-9"],
    ),
    Spoiling::part(
        "select: no channel is waited for to read",
        &[("poll", "            if is_r:\n", "            if False:\n")],
        &["POLL-3"],
    ),
    Spoiling::part(
        "select: what is readable is negated",
        &[("poll", "            if is_r:\n", "            if not is_r:\n")],
        &["POLL-3"],
    ),
    Spoiling::part(
        "select: truth is not enough",
        &[("poll", "            if is_r:\n", "            if is_r is 1:\n")],
        &["POLL-3"],
    ),
    Spoiling::part(
        "select: every channel is waited for to write",
        &[("poll", "if is_w and not obj.accepting", "if not obj.accepting")],
        &["POLL-4", "POLL-9"],
    ),
    Spoiling::part(
        "select: no channel is waited for to write",
        &[("poll", "if is_w and not obj.accepting", "if False")],
        &["POLL-4"],
    ),
    Spoiling::part(
        "select: accepting channels alone are waited for to write",
        &[("poll", "not obj.accepting", "obj.accepting")],
        &["POLL-4", "POLL-5"],
    ),
    Spoiling::part(
        "select: connected channels alone are waited for to write",
        &[("poll", "not obj.accepting", "obj.connected")],
        &["POLL-4"],
    ),
    Spoiling::part(
        "select: exceptional conditions are not waited for",
        &[("poll", "if is_r or is_w:", "if False:")],
        &["POLL-8"],
    ),
    Spoiling::part(
        "select: exceptional conditions are always waited for",
        &[("poll", "if is_r or is_w:", "if True:")],
        &["POLL-9", "POLL-10"],
    ),
    Spoiling::part(
        "select: exceptional conditions are waited for where both are true",
        &[("poll", "if is_r or is_w:", "if is_r and is_w:")],
        &["POLL-8"],
    ),
    Spoiling::part(
        "select: exceptional conditions are waited for with reading alone",
        &[("poll", "if is_r or is_w:", "if is_r:")],
        &["POLL-7"],
    ),
    Spoiling::part(
        "select: nothing to wait for is not noticed",
        &[("poll", "if [] == r == w == e:", "if False:")],
        &["POLL-25"],
    ),
    Spoiling::part(
        "select: nothing to wait for ends the pass at once",
        &[("poll", "time.sleep(timeout)", "pass")],
        &["POLL-10"],
    ),
    Spoiling::part("select: what sleeps selects, too", &[("poll", "            return\n", "")], &["POLL-10"]).only(3),
    Spoiling::part(
        "select: nothing to wait for sleeps for no time",
        &[("poll", "time.sleep(timeout)", "time.sleep(0)")],
        &["POLL-10", "POLL-22"],
    ),
    Spoiling::part(
        "select: sleeping without a timeout is no error",
        &[("poll", "time.sleep(timeout)", "time.sleep(timeout or 0.0)")],
        &["POLL-25"],
    ),
    Spoiling::part(
        "select: the timeout is left out",
        &[("poll", "select.select(r, w, e, timeout)", "select.select(r, w, e)")],
        &["POLL-22", "LOOP-7"],
    ),
    Spoiling::part(
        "select: the timeout is in milliseconds",
        &[("poll", "select.select(r, w, e, timeout)", "select.select(r, w, e, timeout and timeout * 1000)")],
        &["POLL-22", "LOOP-7"],
    ),
    Spoiling::part(
        "select: the timeout is a whole number of seconds",
        &[("poll", "select.select(r, w, e, timeout)", "select.select(r, w, e, timeout and int(timeout))")],
        &["POLL-22", "LOOP-7"],
    ),
    Spoiling::part(
        "select: no timeout is a timeout of nothing",
        &[("poll", "select.select(r, w, e, timeout)", "select.select(r, w, e, timeout or 0.0)")],
        &["POLL-24"],
    ),
    Spoiling::part(
        "select: a negative timeout is nothing",
        &[("poll", "    if map:\n", "    if timeout is not None: timeout = max(timeout, 0)\n    if map:\n")],
        &["POLL-29"],
    ),
    Spoiling::part(
        "select: waits a second unless told otherwise",
        &[("poll", "timeout=0.0", "timeout=1.0")],
        &["LOOP-13"],
    ),
    Spoiling::part(
        "select: an error of the wait is swallowed",
        &[(
            "poll",
            "        r, w, e = select.select(r, w, e, timeout)\n",
            "        try:
            r, w, e = select.select(r, w, e, timeout)
        except OSError:
            return
",
        )],
        &["POLL-26"],
    )
    .only(3),
    Spoiling::part(
        "select: an error of the wait closes the channels",
        &[(
            "poll",
            "        r, w, e = select.select(r, w, e, timeout)\n",
            "        try:
            r, w, e = select.select(r, w, e, timeout)
        except OSError:
            for fd in r: map[fd].handle_error()
            return
",
        )],
        &["POLL-26"],
    )
    .only(3),
    Spoiling::part(
        "select: whatever was asked is taken for ready",
        &[("poll", "r, w, e = select.select(", "select.select(")],
        &["POLL-28"],
    ),
    Spoiling::part(
        "select: writes come before reads",
        &[
            ("poll", "for fd in r:", "for fd in X:"),
            ("poll", "for fd in w:", "for fd in r:"),
            ("poll", "for fd in X:", "for fd in w:"),
            ("poll", "            read(obj)", "            Y(obj)"),
            ("poll", "            write(obj)", "            read(obj)"),
            ("poll", "            Y(obj)", "            write(obj)"),
        ],
        &["POLL-12"],
    ),
    Spoiling::part(
        "select: exceptional conditions come before writes",
        &[
            ("poll", "for fd in w:", "for fd in X:"),
            ("poll", "for fd in e:", "for fd in w:"),
            ("poll", "for fd in X:", "for fd in e:"),
            ("poll", "            write(obj)", "            Y(obj)"),
            ("poll", "            _exception(obj)", "            write(obj)"),
            ("poll", "            Y(obj)", "            _exception(obj)"),
        ],
        &["POLL-12"],
    ),
    Spoiling::part(
        "select: reads are not served",
        &[("poll", "            read(obj)", "            pass")],
        &["POLL-12"],
    ),
    Spoiling::part(
        "select: writes are not served",
        &[("poll", "            write(obj)", "            pass")],
        &["POLL-12"],
    ),
    Spoiling::part(
        "select: exceptional conditions are not served",
        &[("poll", "            _exception(obj)", "            pass")],
        &["POLL-12"],
    ),
    Spoiling::part(
        "select: reads are served twice",
        &[("poll", "            read(obj)", "            read(obj); read(obj)")],
        &["POLL-12", "POLL-28"],
    ),
    Spoiling::part(
        "select: exceptional conditions are read",
        &[("poll", "            _exception(obj)", "            read(obj)")],
        &["POLL-12"],
    ),
    Spoiling::part(
        "select: one channel that has left ends the pass",
        &[("poll", "                continue", "                break")],
        &["POLL-12", "POLL-13"],
    ),
    Spoiling::part("select: a channel that has left is an error", &[("poll", "map.get(fd)", "map[fd]")], &["POLL-13"]),
    Spoiling::part(
        "select: another channel with the descriptor is left alone",
        &[
            ("poll", "    if map:\n", "    seen = dict(map)\n    if map:\n"),
            ("poll", "if obj is None:", "if obj is None or obj is not seen.get(fd):"),
        ],
        &["POLL-14"],
    ),
    Spoiling::part(
        "select: channels are asked in the order of their descriptors",
        &[("poll", "map.items()", "sorted(map.items(), key=lambda item: item[0])")],
        &["POLL-2"],
    ),
    Spoiling::part(
        "select: channels are asked backwards",
        &[("poll", "in list(map.items()):", "in list(map.items())[::-1]:")],
        &["POLL-2"],
    )
    .only(3),
    Spoiling::part(
        "select: what a predicate raises is given to handle_error",
        &[(
            "poll",
            "            is_w = obj.writable()",
            "            try:
                is_w = obj.writable()
            except Exception:
                obj.handle_error()
                continue",
        )],
        &["POLL-19"],
    ),
    Spoiling::part(
        "select: one exception ends the reads",
        &[
            (
                "read",
                "        obj.handle_error()",
                "        obj.handle_error()\n        global poisoned\n        poisoned = True",
            ),
            (
                "poll",
                "            read(obj)\n",
                "            globals().pop('poisoned', None)\n            read(obj)\n            if 'poisoned' in globals(): break\n",
            ),
        ],
        &["ERROR-5", "POLL-12"],
    ),
];
