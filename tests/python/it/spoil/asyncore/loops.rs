//! What is spoiled in `loop`.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "loop: an empty map that is given is not used",
        &[("loop", "if map is None:", "if not map:")],
        &["MAP-4", "LOOP-10"],
    ),
    Spoiling::part(
        "loop: the default map is used whatever is given",
        &[("loop", "if map is None:", "if True:")],
        &["LOOP-8", "MAP-4"],
    ),
    Spoiling::part(
        "loop: the map is not passed on",
        &[("loop", "poll_fun(timeout, map)", "poll_fun(timeout)")],
        &["LOOP-8"],
    ),
    Spoiling::part("loop: use_poll is passed over", &[("loop", "if use_poll and", "if False and")], &["LOOP-6"]),
    Spoiling::part("loop: poll is always used", &[("loop", "if use_poll and", "if True and")], &["LOOP-6"]),
    Spoiling::part("loop: use_poll is negated", &[("loop", "if use_poll and", "if not use_poll and")], &["LOOP-6"]),
    Spoiling::part("loop: use_poll is the default", &[("loop", "use_poll=False", "use_poll=True")], &["LOOP-6", "LOOP-1"]),
    Spoiling::part("loop: no count is a count of 0", &[("loop", "if count is None:", "if not count:")], &["LOOP-3"]),
    Spoiling::part(
        "loop: one pass is all that is run without a count",
        &[("loop", "        while map:", "        if map:")],
        &["LOOP-1"],
    ),
    Spoiling::part(
        "loop: at least one pass is run without a count",
        &[("loop", "        while map:\n", "        poll_fun(timeout, map)\n        while map:\n")],
        &["LOOP-1"],
    )
    .among_others(),
    Spoiling::part(
        "loop: an empty map does not end a counted loop",
        &[("loop", "while map and count > 0:", "while count > 0:"), ("poll", "    if map:\n", "    if True:\n")],
        &["LOOP-2", "LOOP-10"],
    )
    .among_others(),
    Spoiling::part("loop: every pass counts twice", &[("loop", "count - 1", "count - 2")], &["LOOP-2"]),
    Spoiling::part(
        "loop: one counted pass is all",
        &[("loop", "        while map and", "        if map and")],
        &["LOOP-2"],
    ),
    Spoiling::part(
        "loop: a negative count is no count",
        &[("loop", "if count is None:", "if count is None or count < 0:")],
        &["LOOP-11"],
    ),
    Spoiling::part(
        "loop: a count of 0 is one pass",
        &[("loop", "        while map and count > 0:", "        count = count or 1\n        while map and count > 0:")],
        &["LOOP-3"],
    ),
    Spoiling::part(
        "loop: a fraction of a count is cut off",
        &[("loop", "        while map and count > 0:", "        count = int(count)\n        while map and count > 0:")],
        &["LOOP-4"],
    ),
    Spoiling::part("loop: waits 3 seconds unless told otherwise", &[("loop", "timeout=30.0", "timeout=3.0")], &["LOOP-5"]),
    Spoiling::part(
        "loop: waits for ever unless told otherwise",
        &[("loop", "timeout=30.0", "timeout=None")],
        &["LOOP-5"],
    ),
    Spoiling::part(
        "loop: does not pass its timeout on",
        &[("loop", "poll_fun(timeout, map)", "poll_fun(30.0, map)")],
        &["LOOP-7"],
    ),
    Spoiling::part(
        "loop: waits in the first pass alone",
        &[("loop", "poll_fun(timeout, map)", "poll_fun(timeout, map); timeout = 0.0")],
        &["LOOP-7"],
    ),
    Spoiling::part(
        "loop: passes no timeout on as nothing",
        &[("loop", "    if count is None:", "    timeout = timeout or 0.0\n    if count is None:")],
        &["POLL-24", "LOOP-7"],
    ),
    Spoiling::part(
        "loop: ExitNow ends it in silence",
        &[(
            "loop",
            "        while map:\n            poll_fun(timeout, map)",
            "        while map:\n            try:\n                poll_fun(timeout, map)\n            except ExitNow:\n                break",
        )],
        &["LOOP-9", "ERROR-6"],
    ),
    Spoiling::part(
        "loop: an exception closes every channel",
        &[(
            "loop",
            "        while map:\n            poll_fun(timeout, map)",
            "        while map:\n            try:\n                poll_fun(timeout, map)\n            except:\n                close_all(map, True)\n                raise",
        )],
        &["LOOP-9", "ERROR-6"],
    ),
    Spoiling::part(
        "loop: an error of the wait does not end it",
        &[(
            "loop",
            "        while map:\n            poll_fun(timeout, map)",
            "        while map:\n            try:\n                poll_fun(timeout, map)\n            except EnvironmentError:\n                pass",
        )],
        &["LOOP-9", "POLL-26"],
    )
    .only(3),
];
