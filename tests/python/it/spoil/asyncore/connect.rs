//! What is spoiled in the making of connections: the constructor, `create_socket`, `connect`, `listen`, `bind`, `accept`.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "the constructor leaves the socket blocking",
        &[("dispatcher.__init__", "sock.setblocking(False)", "pass")],
        &["CONNECT-25"],
    )
    .only(3),
    Spoiling::part(
        "the constructor makes the socket blocking",
        &[("dispatcher.__init__", "sock.setblocking(False)", "sock.setblocking(True)")],
        &["CONNECT-25"],
    )
    .only(3),
    Spoiling::part(
        "a channel on a socket is not connected",
        &[("dispatcher.__init__", "            self.connected = True\n", "")],
        &["CONNECT-20", "CONNECT-3"],
    ),
    Spoiling::part(
        "the constructor does not look for the address",
        &[("dispatcher.__init__", "self.addr = sock.getpeername()", "sock.getpeername()")],
        &["CONNECT-20"],
    ),
    Spoiling::part(
        "an unconnected socket is broken",
        &[("dispatcher.__init__", "in (ENOTCONN, EINVAL)", "in (EINVAL,)")],
        &["CONNECT-21"],
    ),
    Spoiling::part(
        "a socket that was reset is broken",
        &[("dispatcher.__init__", "in (ENOTCONN, EINVAL)", "in (ENOTCONN,)")],
        &["CONNECT-21"],
    ),
    Spoiling::part(
        "a closed socket has no peer",
        &[("dispatcher.__init__", "in (ENOTCONN, EINVAL)", "in (ENOTCONN, EINVAL, EBADF)")],
        &["CONNECT-22"],
    ),
    Spoiling::part(
        "a channel without a peer is connected",
        &[("dispatcher.__init__", "self.connected = False", "pass")],
        &["CONNECT-21"],
    ),
    Spoiling::part(
        "a channel without a peer leaves the map",
        &[("dispatcher.__init__", "self.connected = False", "self.connected = False; self.del_channel(map)")],
        &["CONNECT-21"],
    ),
    Spoiling::part(
        "a broken socket stays in the map",
        &[("dispatcher.__init__", "                    self.del_channel(map)\n", "")],
        &["CONNECT-22"],
    ),
    Spoiling::part(
        "a broken socket is taken",
        &[("dispatcher.__init__", "                    self.del_channel(map)\n                    raise", "                    self.del_channel(map)")],
        &["CONNECT-22"],
    ),
    Spoiling::part(
        "a channel without a socket is connected",
        &[("dispatcher.__init__", "self.socket = None", "self.socket = None; self.connected = True")],
        &["CONNECT-24"],
    ),
    Spoiling::part(
        "a channel without a socket has an address",
        &[("dispatcher.__init__", "self.socket = None", "self.socket = None; self.addr = ('', 0)")],
        &["CONNECT-24"],
    ),
    Spoiling::part(
        "a channel infers that it accepts",
        &[("dispatcher.__init__", "self.connected = False", "self.connected = False; self.accepting = True")],
        &["CONNECT-29", "CONNECT-21", "EVENT-7", "EVENT-6"],
    ),
    Spoiling::part(
        "create_socket makes another default family",
        &[("dispatcher.create_socket", "family=socket.AF_INET,", "family=socket.AF_UNIX,")],
        &["CONNECT-27"],
    )
    .only(3),
    Spoiling::part(
        "create_socket makes another default type",
        &[("dispatcher.create_socket", "type=socket.SOCK_STREAM", "type=socket.SOCK_DGRAM")],
        &["CONNECT-27"],
    )
    .only(3),
    Spoiling::part(
        "create_socket knows one family",
        &[("dispatcher.create_socket", "socket.socket(family, type)", "socket.socket(socket.AF_INET, type)")],
        &["CONNECT-26"],
    ),
    Spoiling::part(
        "create_socket knows one type",
        &[("dispatcher.create_socket", "socket.socket(family, type)", "socket.socket(family)")],
        &["CONNECT-26"],
    ),
    Spoiling::part(
        "create_socket leaves the socket blocking",
        &[("dispatcher.create_socket", "sock.setblocking(False)", "pass")],
        &["CONNECT-26"],
    )
    .only(3),
    Spoiling::part(
        "create_socket sets connected",
        &[("dispatcher.create_socket", "self.set_socket(sock)", "self.set_socket(sock); self.connected = True")],
        &["CONNECT-26", "CONNECT-24"],
    ),
    Spoiling::part(
        "create_socket does not keep the socket",
        &[("dispatcher.create_socket", "self.set_socket(sock)", "pass")],
        &["CONNECT-26", "MAP-2", "MAP-3"],
    )
    .among_others(),
    Spoiling::part(
        "create_socket swallows the error of the system",
        &[("dispatcher.create_socket", "        sock = socket.socket(family, type)\n", "        try: sock = socket.socket(family, type)\n        except socket.error: return\n")],
        &["CONNECT-30"],
    ),
    Spoiling::part(
        "set_reuse_addr raises",
        &[("dispatcher.set_reuse_addr", "            pass", "            raise")],
        &["ACCEPT-17"],
    ),
    Spoiling::part(
        "set_reuse_addr does nothing",
        &[("dispatcher.set_reuse_addr", "        try:\n", "        return\n        try:\n")],
        &["ACCEPT-17"],
    ),
    Spoiling::part("listen does not set accepting", &[("dispatcher.listen", "self.accepting = True", "pass")], &["ACCEPT-1", "EVENT-3"]),
    Spoiling::part(
        "listen sets accepting when it has succeeded",
        &[
            ("dispatcher.listen", "self.accepting = True", "pass"),
            ("dispatcher.listen", "return self.socket.listen(num)", "self.socket.listen(num); self.accepting = True"),
        ],
        &["ACCEPT-2"],
    ),
    Spoiling::part("listen does not ask the socket", &[("dispatcher.listen", "return self.socket.listen(num)", "return")], &["ACCEPT-1"]),
    Spoiling::part("listen cuts the backlog down", &[("dispatcher.listen", "os.name == 'nt' and", "")], &["ACCEPT-1"]),
    Spoiling::part(
        "listen swallows its error",
        &[("dispatcher.listen", "        return self.socket.listen(num)", "        try: return self.socket.listen(num)\n        except socket.error: pass")],
        &["ACCEPT-5", "ACCEPT-2"],
    ),
    Spoiling::part("bind does not set the address", &[("dispatcher.bind", "self.addr = addr", "pass")], &["ACCEPT-3"]),
    Spoiling::part(
        "bind sets the address when it has succeeded",
        &[("dispatcher.bind", "self.addr = addr\n        return self.socket.bind(addr)", "self.socket.bind(addr)\n        self.addr = addr")],
        &["ACCEPT-4"],
    ),
    Spoiling::part("bind does not ask the socket", &[("dispatcher.bind", "return self.socket.bind(addr)", "return")], &["ACCEPT-3"]),
    Spoiling::part("bind binds twice", &[("dispatcher.bind", "return self.socket.bind(addr)", "self.socket.bind(addr); return self.socket.bind(addr)")], &["ACCEPT-3"]),
    Spoiling::part(
        "bind swallows its error",
        &[("dispatcher.bind", "        return self.socket.bind(addr)", "        try: return self.socket.bind(addr)\n        except socket.error: pass")],
        &["ACCEPT-5", "ACCEPT-4"],
    ),
    Spoiling::part("connect leaves connected as it is", &[("dispatcher.connect", "self.connected = False", "pass")], &["CONNECT-6", "CONNECT-1"]),
    Spoiling::part("connect does not set connecting", &[("dispatcher.connect", "self.connecting = True", "pass")], &["CONNECT-6", "CONNECT-1"]),
    Spoiling::part(
        "connect sets connecting when it has succeeded",
        &[
            ("dispatcher.connect", "self.connecting = True", "pass"),
            ("dispatcher.connect", "self.addr = address", "self.addr = address; self.connecting = True"),
        ],
        &["CONNECT-13"],
    ),
    Spoiling::part("connect calls the socket twice", &[("dispatcher.connect", "err = self.socket.connect_ex(address)", "err = self.socket.connect_ex(address); err = self.socket.connect_ex(address)")], &["CONNECT-7", "CONNECT-1", "CONNECT-11"]).among_others(),
    Spoiling::part("connect: EINPROGRESS is a failure", &[("dispatcher.connect", "(EINPROGRESS, EALREADY,", "(EALREADY,")], &["CONNECT-7"]),
    Spoiling::part("connect: EALREADY is a failure", &[("dispatcher.connect", "EALREADY, ", "")], &["CONNECT-7"]),
    Spoiling::part("connect: EWOULDBLOCK is a failure", &[("dispatcher.connect", ", EWOULDBLOCK", "")], &["CONNECT-7"]),
    Spoiling::part("connect: EINVAL is in progress", &[("dispatcher.connect", "err == EINVAL and", "err == EINVAL or")], &["CONNECT-11"]),
    Spoiling::part("connect: EISCONN is a failure", &[("dispatcher.connect", "(0, EISCONN)", "(0,)")], &["CONNECT-10"]),
    Spoiling::part("connect: EISCONN is in progress", &[("dispatcher.connect", "(EINPROGRESS, ", "(EISCONN, EINPROGRESS, ")], &["CONNECT-10"]),
    Spoiling::part("connect: ECONNREFUSED is in progress", &[("dispatcher.connect", "(EINPROGRESS, ", "(111, EINPROGRESS, ")], &["CONNECT-11"]),
    Spoiling::part("connect: success is in progress", &[("dispatcher.connect", "(EINPROGRESS, ", "(0, EINPROGRESS, ")], &["CONNECT-1"]),
    Spoiling::part(
        "connect: the address is not known while in progress",
        &[("dispatcher.connect", "            self.addr = address\n            return", "            return")],
        &["CONNECT-8"],
    ),
    Spoiling::part(
        "connect: the address is not known after success",
        &[("dispatcher.connect", "            self.addr = address\n            self.handle", "            self.handle")],
        &["CONNECT-10", "CONNECT-8"],
    ),
    Spoiling::part(
        "connect: the address is set whatever happens",
        &[("dispatcher.connect", "self.connecting = True", "self.connecting = True; self.addr = address")],
        &["CONNECT-13"],
    ),
    Spoiling::part(
        "connect: handle_connect is called while in progress",
        &[("dispatcher.connect", "            return\n", "            return self.handle_connect_event()\n")],
        &["CONNECT-7"],
    ),
    Spoiling::part(
        "connect: success calls nothing",
        &[("dispatcher.connect", "self.handle_connect_event()", "pass")],
        &["CONNECT-1", "CONNECT-10"],
    ),
    Spoiling::part(
        "connect: success calls handle_connect and sets nothing",
        &[("dispatcher.connect", "self.handle_connect_event()", "self.handle_connect()")],
        &["CONNECT-1", "CONNECT-10"],
    ),
    Spoiling::part("connect: a failure is not raised", &[("dispatcher.connect", "            raise", "            return")], &["CONNECT-11"]),
    Spoiling::part("connect: a failure is handled", &[("dispatcher.connect", "            raise", "            return self.handle_close()\n            raise")], &["CONNECT-11"]),
    Spoiling::part("connect: a failure carries the number alone", &[("dispatcher.connect", "(err, errorcode[err])", "(err)")], &["CONNECT-12"]).among_others(),
    Spoiling::part("connect: a failure carries the system's text", &[("dispatcher.connect", "errorcode[err]", "os.strerror(err)")], &["CONNECT-12"]),
    Spoiling::part(
        "connect: a failure resets connecting",
        &[("dispatcher.connect", "            raise", "            self.connecting = False\n            raise")],
        &["CONNECT-13"],
    ),
    Spoiling::part(
        "connect: a failure takes the channel out of the map",
        &[("dispatcher.connect", "            raise", "            self.del_channel()\n            raise")],
        &["CONNECT-13"],
    ),
    Spoiling::part("accept: a TypeError is raised", &[("dispatcher.accept", "        except TypeError:\n            return None\n", "")], &["ACCEPT-9"]),
    Spoiling::part("accept: that nothing waits is an error", &[("dispatcher.accept", "(EWOULDBLOCK, ECONNABORTED, EAGAIN)", "(ECONNABORTED,)")], &["ACCEPT-7"]),
    Spoiling::part("accept: an aborted connection is an error", &[("dispatcher.accept", "ECONNABORTED, ", "")], &["ACCEPT-8"]),
    Spoiling::part("accept: too many files are nothing", &[("dispatcher.accept", "ECONNABORTED, ", "ECONNABORTED, 24, ")], &["ACCEPT-10"]),
    Spoiling::part("accept: every error is nothing", &[("dispatcher.accept", "                raise", "                return None")], &["ACCEPT-10"]),
    Spoiling::part("accept: the address is left out", &[("dispatcher.accept", "return conn, addr", "return conn")], &["ACCEPT-6"]),
    Spoiling::part("accept: what was accepted becomes a channel", &[("dispatcher.accept", "            return conn, addr", "            dispatcher(conn, self._map)\n            return conn, addr")], &["ACCEPT-6"]).among_others(),
    Spoiling::part("accept: the socket is asked twice", &[("dispatcher.accept", "            conn, addr = self.socket.accept()", "            conn, addr = self.socket.accept(); self.socket.accept()")], &["ACCEPT-6", "ACCEPT-7"]).among_others(),
    Spoiling::part("handle_accept: nothing accepted is passed on", &[("dispatcher.handle_accept", "if pair is not None:", "if True:")], &["ACCEPT-13"]).only(3),
    Spoiling::part("handle_accept: handle_accepted is not called", &[("dispatcher.handle_accept", "self.handle_accepted(*pair)", "pass")], &["ACCEPT-12"]).only(3),
    Spoiling::part("handle_accept: accepts all that wait", &[("dispatcher.handle_accept", "        if pair is not None:\n            self.handle_accepted(*pair)", "        while pair is not None:\n            self.handle_accepted(*pair)\n            pair = self.accept()")], &["ACCEPT-18"]).only(3),
    Spoiling::part("handle_accept: the socket is asked past accept", &[("dispatcher.handle_accept", "self.accept()", "self.socket.accept()")], &["ACCEPT-12", "ACCEPT-13"]).only(3),
    Spoiling::part("handle_accepted: the socket stays open", &[("dispatcher.handle_accepted", "sock.close()", "pass")], &["ACCEPT-14"]).only(3),
    Spoiling::part("handle_accepted: logs nothing", &[("dispatcher.handle_accepted", "self.log_info('unhandled accepted event', 'warning')", "pass")], &["ACCEPT-15"]).only(3),
    Spoiling::part("handle_accepted: logs before it closes", &[("dispatcher.handle_accepted", "sock.close()", "self.log_info('unhandled accepted event', 'warning'); sock.close(); return")], &["ACCEPT-15"]).only(3),
    Spoiling::part("handle_accept: accepts in 2.7", &[("dispatcher.handle_accept", "self.log_info('unhandled accept event', 'warning')", "self.accept()")], &["ACCEPT-16"]).only(2),
];
