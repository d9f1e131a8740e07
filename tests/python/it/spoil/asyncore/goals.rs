//! The faults that the project set out to find. Each is looked for by the suite as a user runs it.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "goal: poll takes a KeyError of handle_error for a channel that has left",
        &[(
            "poll",
            "            read(obj)",
            "            try:\n                read(obj)\n            except KeyError:\n                pass",
        )],
        &["ERROR-13"],
    )
    .in_full(),
    Spoiling::part(
        "goal: poll takes a KeyError of a handler for a channel that has left",
        &[
            ("read", "    except _reraised", "    except KeyError:\n        pass\n    except _reraised"),
            ("write", "    except _reraised", "    except KeyError:\n        pass\n    except _reraised"),
        ],
        &["ERROR-5"],
    )
    .in_full(),
    Spoiling::part(
        "goal: poll serves the channels that it asked",
        &[("poll", "    if map:\n", "    seen = dict(map)\n    if map:\n"), ("poll", "map.get(fd)", "seen.get(fd)")],
        &["POLL-13"],
    )
    .in_full(),
    Spoiling::part(
        "goal: poll2 serves the channels that it asked",
        &[("poll2", "    if map:\n", "    seen = dict(map)\n    if map:\n"), ("poll2", "map.get(fd)", "seen.get(fd)")],
        &["POLL-13"],
    )
    .in_full(),
    Spoiling::part(
        "goal: select waits for writing on an accepting channel",
        &[("poll", "if is_w and not obj.accepting:", "if is_w:")],
        &["POLL-5"],
    )
    .in_full(),
    Spoiling::part(
        "goal: poll waits for writing on an accepting channel",
        &[("poll2", "if obj.writable() and not obj.accepting:", "if obj.writable():")],
        &["POLL-5"],
    )
    .in_full(),
    Spoiling::part(
        "goal: the hang-up comes before urgent data",
        &[(
            "readwrite",
            "        if flags & select.POLLPRI:
            obj.handle_expt_event()
        if flags & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            obj.handle_close()
",
            "        if flags & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            obj.handle_close()
        if flags & select.POLLPRI:
            obj.handle_expt_event()
",
        )],
        &["POLL-15"],
    )
    .in_full(),
    Spoiling::part(
        "goal: an event sets connected before handle_connect",
        &[
            (
                "dispatcher.handle_read_event",
                "                self.handle_connect_event()",
                "                self.connected = True\n                self.handle_connect_event()",
            ),
            (
                "dispatcher.handle_write_event",
                "                self.handle_connect_event()",
                "                self.connected = True\n                self.handle_connect_event()",
            ),
        ],
        &["CONNECT-16"],
    )
    .in_full(),
    Spoiling::part(
        "goal: connected is set before handle_connect",
        &[(
            "dispatcher.handle_connect_event",
            "self.handle_connect()\n        self.connected = True",
            "self.connected = True\n        self.handle_connect()",
        )],
        &["CONNECT-16", "CONNECT-1"],
    )
    .in_full(),
    Spoiling::part(
        "goal: the pending error is not looked at",
        &[("dispatcher.handle_connect_event", "if err != 0:", "if False:")],
        &["CONNECT-14"],
    )
    .in_full(),
    Spoiling::part(
        "goal: create_socket forgets the channel's own map",
        &[("dispatcher.create_socket", "self.set_socket(sock)", "self.set_socket(sock, socket_map)")],
        &["MAP-2"],
    )
    .in_full(),
    Spoiling::part(
        "goal: the descriptor is remembered after close",
        &[("dispatcher.del_channel", "        self._fileno = None\n", "")],
        &["CLOSE-14", "MAP-7"],
    )
    .in_full(),
    Spoiling::part("goal: close_all leaves the map as it is", &[("close_all", "map.clear()", "pass")], &["MAP-9"])
        .in_full(),
    Spoiling::part("goal: loop runs one pass too many", &[("loop", "count > 0", "count >= 0")], &["LOOP-2"]).in_full(),
    Spoiling::part("goal: loop runs one pass too few", &[("loop", "count > 0", "count > 1")], &["LOOP-2"]).in_full(),
    Spoiling::part("goal: poll is given seconds", &[("poll2", "int(timeout*1000)", "int(timeout)")], &["POLL-22"])
        .in_full(),
    Spoiling::part(
        "goal: a file_wrapper works on the descriptor itself",
        &[("file_wrapper.__init__", "os.dup(fd)", "fd")],
        &["FILE-1"],
    )
    .in_full(),
];
