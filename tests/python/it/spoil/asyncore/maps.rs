//! What is spoiled in the maps: who enters them, who leaves them, and `close_all`.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "the constructor does not use an empty map",
        &[("dispatcher.__init__", "if map is None:", "if not map:")],
        &["MAP-2", "MAP-4", "MAP-5"],
    ),
    Spoiling::part(
        "the constructor puts the channel into the default map",
        &[("dispatcher.__init__", "self.set_socket(sock, map)", "self.set_socket(sock, socket_map)")],
        &["MAP-1", "POLL-1"],
    ),
    Spoiling::part(
        "the constructor forgets the map",
        &[("dispatcher.__init__", "self._map = map", "self._map = socket_map")],
        &["MAP-2", "CLOSE-6", "MAP-6", "MAP-5"],
    ),
    Spoiling::part(
        "a channel without a map is in none",
        &[("dispatcher.__init__", "self._map = socket_map", "self._map = {}")],
        &["MAP-3"],
    ),
    Spoiling::part(
        "add_channel does not use an empty map",
        &[("dispatcher.add_channel", "if map is None:", "if not map:")],
        &["MAP-4", "MAP-5"],
    ),
    Spoiling::part(
        "add_channel does not use the map that is given",
        &[("dispatcher.add_channel", "if map is None:", "if True:")],
        &["MAP-5", "MAP-4"],
    ),
    Spoiling::part(
        "add_channel uses the default map",
        &[("dispatcher.add_channel", "map = self._map", "map = socket_map")],
        &["MAP-2", "MAP-5", "FILE-7"],
    ),
    Spoiling::part(
        "add_channel changes the channel's own map",
        &[("dispatcher.add_channel", "map[self._fileno] = self", "map[self._fileno] = self; self._map = map")],
        &["MAP-5", "MAP-6", "CLOSE-16"],
    ),
    Spoiling::part(
        "add_channel leaves another channel with the descriptor where it is",
        &[("dispatcher.add_channel", "map[self._fileno] = self", "map.setdefault(self._fileno, self)")],
        &["MAP-8", "MAP-5"],
    ),
    Spoiling::part(
        "add_channel does nothing",
        &[("dispatcher.add_channel", "map[self._fileno] = self", "pass")],
        &["MAP-1", "MAP-3"],
    )
    .among_others(),
    Spoiling::part(
        "del_channel does not use the map that is given",
        &[("dispatcher.del_channel", "if map is None:", "if True:")],
        &["MAP-6"],
    ),
    Spoiling::part(
        "del_channel uses the default map",
        &[("dispatcher.del_channel", "map = self._map", "map = socket_map")],
        &["MAP-6", "CLOSE-6"],
    ),
    Spoiling::part(
        "del_channel of what is not there fails",
        &[("dispatcher.del_channel", "if fd in map:", "if True:")],
        &["MAP-7", "CLOSE-12"],
    ),
    Spoiling::part(
        "del_channel does nothing",
        &[("dispatcher.del_channel", "del map[fd]", "pass")],
        &["CLOSE-6", "MAP-6", "LOOP-10"],
    ),
    Spoiling::part(
        "del_channel takes the channel out of its own map as well",
        &[(
            "dispatcher.del_channel",
            "        self._fileno = None",
            "        self._map.pop(fd, None)\n        self._fileno = None",
        )],
        &["MAP-6"],
    ),
    Spoiling::part(
        "del_channel forgets the descriptor only when it was there",
        &[(
            "dispatcher.del_channel",
            "            del map[fd]\n        self._fileno = None",
            "            del map[fd]\n            self._fileno = None",
        )],
        &["MAP-7", "MAP-6", "CLOSE-16"],
    ),
    Spoiling::part(
        "del_channel leaves another channel with the descriptor alone",
        &[("dispatcher.del_channel", "if fd in map:", "if map.get(fd) is self:")],
        &["MAP-6"],
    ),
    Spoiling::part(
        "set_socket does not add the channel",
        &[("dispatcher.set_socket", "self.add_channel(map)", "pass")],
        &["MAP-1", "MAP-2", "MAP-3"],
    )
    .among_others(),
    Spoiling::part(
        "set_socket forgets the map that is given",
        &[("dispatcher.set_socket", "self.add_channel(map)", "self.add_channel(socket_map)")],
        &["MAP-1", "MAP-2"],
    ),
    Spoiling::part(
        "set_socket keeps the first descriptor",
        &[("dispatcher.set_socket", "self._fileno = sock.fileno()", "self._fileno = self._fileno or sock.fileno()")],
        &["CONNECT-28"],
    ),
    Spoiling::part(
        "set_socket takes the channel out first",
        &[("dispatcher.set_socket", "self.socket = sock", "self.del_channel(map); self.socket = sock")],
        &["POLL-2", "CONNECT-28"],
    ),
    Spoiling::part(
        "set_socket closes the first socket",
        &[(
            "dispatcher.set_socket",
            "self.socket = sock",
            "getattr(self, 'socket', None) and self.socket.close(); self.socket = sock",
        )],
        &["CONNECT-28", "CLOSE-2"],
    )
    .only(3),
    Spoiling::part(
        "close_all does not use an empty map",
        &[("close_all", "if map is None:", "if not map:")],
        &["MAP-4"],
    ),
    Spoiling::part(
        "close_all uses the default map",
        &[("close_all", "if map is None:", "if True:")],
        &["MAP-9", "MAP-4"],
    ),
    Spoiling::part(
        "close_all goes through the map itself",
        &[("close_all", "list(map.values())", "map.values()")],
        &["MAP-9"],
    )
    .only(3),
    Spoiling::part(
        "close_all closes the first channel alone",
        &[("close_all", "list(map.values())", "list(map.values())[:1]")],
        &["MAP-9"],
    )
    .only(3),
    Spoiling::part("close_all closes past close", &[("close_all", "x.close()", "x.socket.close()")], &["MAP-9"]),
    Spoiling::part("close_all calls handle_close", &[("close_all", "x.close()", "x.handle_close()")], &["MAP-9"]),
    Spoiling::part("close_all closes twice", &[("close_all", "x.close()", "x.close(); x.close()")], &["MAP-9"]),
    Spoiling::part("close_all closes nobody", &[("close_all", "x.close()", "pass")], &["MAP-9"]),
    Spoiling::part("close_all raises EBADF", &[("close_all", "if x.errno == EBADF:", "if False:")], &["MAP-11"])
        .only(3),
    Spoiling::part(
        "close_all ignores every error of the system",
        &[("close_all", "elif not ignore_all:", "elif False:")],
        &["MAP-13"],
    ),
    Spoiling::part(
        "close_all never ignores errors of the system",
        &[("close_all", "elif not ignore_all:", "else:")],
        &["MAP-14"],
    )
    .only(3),
    Spoiling::part(
        "close_all ignores every exception",
        &[("close_all", "            if not ignore_all:", "            if False:")],
        &["MAP-13"],
    ),
    Spoiling::part(
        "close_all never ignores an exception",
        &[("close_all", "            if not ignore_all:", "            if True:")],
        &["MAP-14"],
    ),
    Spoiling::part(
        "close_all ignores by default",
        &[("close_all", "ignore_all=False", "ignore_all=True")],
        &["MAP-13"],
    ),
    Spoiling::part(
        "close_all ignores ExitNow when it ignores all",
        &[("close_all", "except _reraised_exceptions:", "except (KeyboardInterrupt, SystemExit):")],
        &["MAP-15"],
    ),
    Spoiling::part(
        "close_all ignores an interrupt when it ignores all",
        &[("close_all", "except _reraised_exceptions:", "except ExitNow:")],
        &["MAP-15"],
    ),
    Spoiling::part(
        "close_all empties the map first",
        &[("close_all", "map.clear()", "pass"), ("close_all", "        try:\n", "        map.clear()\n        try:\n")],
        &["MAP-16"],
    )
    .among_others(),
    Spoiling::part(
        "close_all goes on after an error and raises it in the end",
        &[
            ("close_all", "    for x in", "    failed = []\n    for x in"),
            (
                "close_all",
                "            if not ignore_all:\n                raise",
                "            failed.append(sys.exc_info()[1])",
            ),
            ("close_all", "    map.clear()", "    if failed and not ignore_all: raise failed[0]\n    map.clear()"),
        ],
        &["MAP-16"],
    ),
];
