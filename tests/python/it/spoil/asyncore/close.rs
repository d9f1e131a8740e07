//! What is spoiled in `close` and `handle_close`.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "close leaves connected set",
        &[("dispatcher.close", "self.connected = False", "pass")],
        &["CLOSE-5"],
    ),
    Spoiling::part(
        "close leaves accepting set",
        &[("dispatcher.close", "self.accepting = False", "pass")],
        &["CLOSE-17"],
    ),
    Spoiling::part(
        "close leaves connecting set",
        &[("dispatcher.close", "self.connecting = False", "pass")],
        &["CLOSE-17"],
    ),
    Spoiling::part(
        "close resets the flags when the socket is closed",
        &[
            ("dispatcher.close", "        self.connected = False\n", ""),
            (
                "dispatcher.close",
                "                self.socket.close()",
                "                self.socket.close()\n                self.connected = False",
            ),
        ],
        &["CLOSE-5"],
    )
    .only(3),
    Spoiling::part(
        "close sets closing",
        &[("dispatcher.close", "self.connected = False", "self.connected = False; self.closing = True")],
        &["CLOSE-17", "CLOSE-5"],
    ),
    Spoiling::part(
        "close leaves the channel in the map",
        &[("dispatcher.close", "self.del_channel()", "pass")],
        &["CLOSE-6", "LOOP-10"],
    ),
    Spoiling::part(
        "close takes the channel out of the default map",
        &[("dispatcher.close", "self.del_channel()", "self.del_channel(socket_map)")],
        &["CLOSE-6"],
    ),
    Spoiling::part(
        "close takes the channel out when the socket is closed",
        &[
            ("dispatcher.close", "        self.del_channel()\n", ""),
            (
                "dispatcher.close",
                "                self.socket.close()",
                "                self.socket.close()\n                self.del_channel()",
            ),
        ],
        &["CLOSE-8", "CLOSE-7"],
    )
    .only(3),
    Spoiling::part(
        "close without a socket fails",
        &[("dispatcher.close", "if self.socket is not None:", "if True:")],
        &["CLOSE-12"],
    )
    .only(3),
    Spoiling::part(
        "close without a socket is no failure in 2.7",
        &[("dispatcher.close", "        try:", "        if self.socket is None: return\n        try:")],
        &["CLOSE-13"],
    )
    .only(2),
    Spoiling::part(
        "close does not close the socket",
        &[("dispatcher.close", "self.socket.close()", "pass")],
        &["CLOSE-10", "CLOSE-4", "CLOSE-8", "CLOSE-7"],
    )
    .among_others(),
    Spoiling::part(
        "close closes the socket twice at once",
        &[("dispatcher.close", "self.socket.close()", "self.socket.close(); self.socket.close()")],
        &["CLOSE-2"],
    )
    .among_others(),
    Spoiling::part(
        "close raises that the socket is not connected",
        &[("dispatcher.close", "(ENOTCONN, EBADF)", "(EBADF,)")],
        &["CLOSE-7"],
    ),
    Spoiling::part(
        "close raises that the socket is closed",
        &[("dispatcher.close", "(ENOTCONN, EBADF)", "(ENOTCONN,)")],
        &["CLOSE-7"],
    ),
    Spoiling::part(
        "close swallows every error",
        &[("dispatcher.close", "                    raise", "                    pass")],
        &["CLOSE-8"],
    )
    .only(3),
    Spoiling::part(
        "close swallows an input/output error",
        &[("dispatcher.close", "(ENOTCONN, EBADF)", "(ENOTCONN, EBADF, 5)")],
        &["CLOSE-8"],
    ),
    Spoiling::part(
        "close forgets the socket",
        &[(
            "dispatcher.close",
            "                self.socket.close()",
            "                sock, self.socket = self.socket, None\n                sock.close()",
        )],
        &["CLOSE-15"],
    )
    .only(3),
    Spoiling::part(
        "close forgets the address",
        &[("dispatcher.close", "self.connected = False", "self.connected = False; self.addr = None")],
        &["CLOSE-15", "LOG-5"],
    ),
    Spoiling::part(
        "close calls handle_close of a connected channel",
        &[(
            "dispatcher.close",
            "        self.connected = False\n",
            "        if self.connected:\n            self.connected = False\n            return self.handle_close()\n",
        )],
        &["CLOSE-10", "CLOSE-7", "CLOSE-6", "MAP-9"],
    )
    .among_others(),
    Spoiling::code(
        "close takes the channel out of every map that it was added to",
        "
def add_channel(self, map=None, add=asyncore.dispatcher.__dict__['add_channel']):
    self.__dict__.setdefault('maps', []).append((map, self._fileno))
    add(self, map)
def close(self, close=asyncore.dispatcher.__dict__['close']):
    for map, number in self.__dict__.get('maps', ()):
        if map is not None:
            map.pop(number, None)
    close(self)
asyncore.dispatcher.add_channel = add_channel
asyncore.dispatcher.close = close
",
        &["CLOSE-16"],
    )
    .alone(),
    Spoiling::part(
        "handle_close does not close a dispatcher",
        &[("dispatcher.handle_close", "self.close()", "pass")],
        &["CLOSE-10"],
    ),
    Spoiling::part(
        "handle_close closes a dispatcher twice",
        &[("dispatcher.handle_close", "self.close()", "self.close(); self.close()")],
        &["CLOSE-10", "CLOSE-11"],
    ),
    Spoiling::part(
        "handle_close logs nothing",
        &[("dispatcher.handle_close", "self.log_info('unhandled close event', 'warning')", "pass")],
        &["CLOSE-11"],
    ),
    Spoiling::part(
        "handle_close logs after it has closed",
        &[("dispatcher.handle_close", "self.log_info(", "self.close(); return self.log_info(")],
        &["CLOSE-11"],
    ),
    Spoiling::part(
        "handle_close leaves the map alone",
        &[("dispatcher.handle_close", "self.close()", "self.connected = False; self.socket.close()")],
        &["CLOSE-10", "CLOSE-11"],
    )
    .among_others(),
];
