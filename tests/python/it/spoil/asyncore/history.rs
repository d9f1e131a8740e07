//! Faults that releases of asyncore had, put back: each with its number in the list of them.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "B05: events go to whoever was asked",
        &[
            ("poll", "    if map:\n", "    seen = dict(map)\n    if map:\n"),
            ("poll", "map.get(fd)", "seen.get(fd)"),
            ("poll2", "    if map:\n", "    seen = dict(map)\n    if map:\n"),
            ("poll2", "map.get(fd)", "seen.get(fd)"),
        ],
        &["POLL-13"],
    ),
    Spoiling::part(
        "B06: ESHUTDOWN is an error of recv",
        &[("dispatcher.recv", "in _DISCONNECTED", "in _DISCONNECTED - set([ESHUTDOWN])")],
        &["IO-8"],
    ),
    Spoiling::part(
        "B07: with use_poll the default map is not looked at",
        &[(
            "loop",
            "    if map is None:\n        map = socket_map\n",
            "    if map is None and not use_poll:\n        map = socket_map\n",
        )],
        &["LOOP-8", "LOOP-6"],
    ),
    Spoiling::part("B11: a signal leaves the loop", &[("poll", "if err.args[0] != EINTR:", "if True:")], &["POLL-27"])
        .only(2),
    Spoiling::part(
        "B12: after a signal every channel gets every event",
        &[("poll", "                return\n\n", "                pass\n\n")],
        &["POLL-27"],
    )
    .only(2),
    Spoiling::part(
        "B14: a channel without a socket has no such attribute",
        &[("dispatcher.__init__", "self.socket = None", "pass")],
        &["CLOSE-12", "CONNECT-24"],
    )
    .only(3),
    Spoiling::part(
        "B15: an address is printed without its port",
        &[("dispatcher.__repr__", "'%s:%d' % self.addr", "'%s' % self.addr[0]")],
        &["LOG-5"],
    ),
    Spoiling::part(
        "B16: a KeyError of handle_error is taken for a channel that has left",
        &[
            (
                "poll",
                "            read(obj)",
                "            try:\n                read(obj)\n            except KeyError:\n                pass",
            ),
            (
                "poll",
                "            write(obj)",
                "            try:\n                write(obj)\n            except KeyError:\n                pass",
            ),
            (
                "poll2",
                "            readwrite(obj, flags)",
                "            try:\n                readwrite(obj, flags)\n            except KeyError:\n                pass",
            ),
        ],
        &["ERROR-13"],
    ),
    Spoiling::part("B17: poll cannot wait for ever", &[("poll2", "if timeout is not None:", "if True:")], &["POLL-24"]),
    Spoiling::part(
        "B18: a socket without a peer cannot be given to the constructor",
        &[("dispatcher.__init__", "in (ENOTCONN, EINVAL)", "in ()")],
        &["CONNECT-21"],
    ),
    Spoiling::part(
        "B19: the address is not known",
        &[
            ("dispatcher.__init__", "self.addr = sock.getpeername()", "sock.getpeername()"),
            ("dispatcher.connect", "self.addr = address", "pass"),
        ],
        &["CONNECT-20", "CONNECT-8", "CONNECT-10"],
    ),
    Spoiling::part(
        "B20: a connection made at once raises",
        &[(
            "dispatcher.connect",
            "self.handle_connect_event()",
            "self.handle_connect_event()\n            raise socket.error(0, 'Error')",
        )],
        &["CONNECT-1", "CONNECT-10"],
    )
    .among_others(),
    Spoiling::part(
        "B21: select is called with nothing",
        &[("poll", "if [] == r == w == e:", "if False:")],
        &["POLL-25"],
    ),
    Spoiling::part(
        "B23: the map is gone through itself",
        &[("poll", "list(map.items())", "map.items()"), ("poll2", "list(map.items())", "map.items()")],
        &["POLL-20", "POLL-21"],
    )
    .only(3),
    Spoiling::part(
        "B23: the map is gone through itself in 2.7",
        &[("poll", "map.items()", "map.iteritems()"), ("poll2", "map.items()", "map.iteritems()")],
        &["POLL-20", "POLL-21"],
    )
    .only(2),
    Spoiling::part(
        "B25: another ExitNow leaves the loop",
        &[
            ("read", "        raise\n", "        raise ExitNow()\n"),
            ("write", "        raise\n", "        raise ExitNow()\n"),
            (
                "readwrite",
                "    except _reraised_exceptions:\n        raise\n",
                "    except _reraised_exceptions:\n        raise ExitNow()\n",
            ),
        ],
        &["ERROR-6", "ERROR-7"],
    ),
    Spoiling::part(
        "B26: the map is forgotten after the constructor",
        &[
            ("dispatcher.add_channel", "map = self._map", "map = socket_map"),
            ("dispatcher.del_channel", "map = self._map", "map = socket_map"),
        ],
        &["MAP-2", "CLOSE-6", "MAP-6", "MAP-5"],
    ),
    Spoiling::part(
        "B27: a second close takes another channel out",
        &[("dispatcher.del_channel", "        self._fileno = None\n", "")],
        &["CLOSE-14", "MAP-7"],
    ),
    Spoiling::part(
        "B28: hang-ups are passed over",
        &[("readwrite", "if flags & (select.POLLHUP | select.POLLERR | select.POLLNVAL):", "if False:")],
        &["POLL-17", "POLL-15"],
    ),
    Spoiling::part(
        "B29: select knows no exceptional conditions",
        &[("poll", "select.select(r, w, e, timeout)", "select.select(r, w, [], timeout)")],
        &["POLL-8"],
    ),
    Spoiling::part(
        "B30: every channel is watched for errors",
        &[("poll", "if is_r or is_w:", "if True:")],
        &["POLL-9", "POLL-10"],
    ),
    Spoiling::code(
        "B31: dispatcher_with_send takes no map",
        "
def __init__(self, sock=None, map=None, init=asyncore.dispatcher.__init__):
    init(self, sock)
    self.out_buffer = b''
asyncore.dispatcher_with_send.__init__ = __init__
",
        &["MAP-1"],
    )
    .alone(),
    Spoiling::part(
        "B32: an error of connect has one argument",
        &[("dispatcher.connect", "(err, errorcode[err])", "(err)")],
        &["CONNECT-12"],
    )
    .among_others(),
    Spoiling::part("B33: loop runs one pass more", &[("loop", "count > 0", "count >= 0")], &["LOOP-2", "LOOP-3"]),
    Spoiling::part(
        "B40: an interrupt is given to handle_error",
        &[("", "(ExitNow, KeyboardInterrupt, SystemExit)", "(ExitNow,)")],
        &["ERROR-7"],
    ),
    Spoiling::part(
        "B41: a channel without a peer counts as connected",
        &[("dispatcher.__init__", "                    self.connected = False", "                    pass")],
        &["CONNECT-21"],
    ),
    Spoiling::part(
        "B42: every error of the look for a peer is ignored",
        &[(
            "dispatcher.__init__",
            "                    self.del_channel(map)\n                    raise",
            "                    pass",
        )],
        &["CONNECT-22"],
    ),
    Spoiling::part(
        "B43: a lost connection is an error of send",
        &[("dispatcher.send", "in _DISCONNECTED", "in ()")],
        &["IO-3"],
    ),
    Spoiling::part(
        "B44: ECONNABORTED is an error of recv",
        &[("dispatcher.recv", "in _DISCONNECTED", "in (ECONNRESET, ENOTCONN, ESHUTDOWN)")],
        &["IO-8"],
    ),
    Spoiling::part(
        "B45: close keeps the flags and raises everything",
        &[
            ("dispatcher.close", "self.connected = False", "pass"),
            ("dispatcher.close", "self.accepting = False", "pass"),
            ("dispatcher.close", "not in (ENOTCONN, EBADF)", "not in ()"),
        ],
        &["CLOSE-5", "CLOSE-7"],
    ),
    Spoiling::part(
        "B46: a channel that accepts becomes connected",
        &[(
            "dispatcher.handle_read_event",
            "self.handle_accept()",
            "self.connected = True\n            self.handle_accept()",
        )],
        &["EVENT-10"],
    ),
    Spoiling::part(
        "B47: a write event on an accepting channel connects and writes",
        &[(
            "dispatcher.handle_write_event",
            "            return\n",
            "            if not self.connected:\n                self.handle_connect()\n                self.connected = True\n            return self.handle_write()\n",
        )],
        &["EVENT-4"],
    ),
    Spoiling::part("B48: close_all closes the sockets", &[("close_all", "x.close()", "x.socket.close()")], &["MAP-9"]),
    Spoiling::part("B49: a file is not duplicated", &[("file_wrapper.__init__", "os.dup(fd)", "fd")], &["FILE-1"]),
    Spoiling::part(
        "B50: handle_error calls close",
        &[("dispatcher.handle_error", "self.handle_close()", "self.close()")],
        &["ERROR-1"],
    )
    .among_others(),
    Spoiling::part(
        "B51: a hang-up is an exceptional event",
        &[(
            "readwrite",
            "        if flags & (select.POLLHUP |",
            "        if flags & select.POLLHUP:\n            obj.handle_expt_event()\n        if flags & (",
        )],
        &["POLL-17", "POLL-15"],
    ),
    Spoiling::part(
        "B53: the original of a file is waited for",
        &[("file_dispatcher.set_file", "self.socket.fileno()", "fd")],
        &["FILE-1", "FILE-7"],
    ),
    Spoiling::part(
        "B54: urgent data are read, and an error is exceptional",
        &[
            ("readwrite", "        if flags & select.POLLPRI:\n            obj.handle_expt_event()\n", ""),
            ("readwrite", "flags & select.POLLIN:", "flags & (select.POLLIN | select.POLLPRI):"),
            (
                "readwrite",
                "POLLNVAL):\n            obj.handle_close()",
                "POLLNVAL):\n            obj.handle_expt_event()",
            ),
        ],
        &["POLL-15", "POLL-17"],
    ),
    Spoiling::part(
        "B55: a pending error is an exceptional condition (2.5)",
        &[("dispatcher.handle_expt_event", "if err != 0:", "if False:")],
        &["EVENT-12"],
    ),
    Spoiling::part(
        "B55: a pending error is raised (2.6.0)",
        &[(
            "dispatcher.handle_expt_event",
            "            self.handle_close()",
            "            raise socket.error(err, _strerror(err))",
        )],
        &["EVENT-12"],
    ),
    Spoiling::code("B56: warnings are printed", "asyncore.dispatcher.ignore_log_types = frozenset()", &["LOG-3"])
        .alone(),
    Spoiling::part(
        "B57: the hang-up comes before urgent data",
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
    ),
    Spoiling::part(
        "B58: a lost connection is an error under poll",
        &[("readwrite", "not in _DISCONNECTED", "not in ()")],
        &["ERROR-9"],
    ),
    Spoiling::part(
        "B59: an unknown error number fails",
        &[("_strerror", "    except (ValueError, OverflowError, NameError):", "    except NameError:")],
        &["LOG-8"],
    ),
    Spoiling::code("B61: a file has no options", "del asyncore.file_wrapper.getsockopt", &["FILE-9"]).alone(),
    Spoiling::part(
        "B62: a refused connection is looked for on write events alone",
        &[(
            "dispatcher.handle_read_event",
            "self.handle_connect_event()",
            "self.handle_connect(); self.connected = True; self.connecting = False",
        )],
        &["CONNECT-14", "EVENT-8"],
    ),
    Spoiling::part(
        "B63: connected is set before handle_connect",
        &[(
            "dispatcher.handle_connect_event",
            "self.handle_connect()\n        self.connected = True",
            "self.connected = True\n        self.handle_connect()",
        )],
        &["CONNECT-16", "CONNECT-1"],
    ),
    Spoiling::part(
        "B65: an aborted connection is an error",
        &[("dispatcher.accept", "ECONNABORTED, ", "")],
        &["ACCEPT-8"],
    ),
    Spoiling::part(
        "B65: an accept that gives nothing is an error",
        &[("dispatcher.accept", "        except TypeError:\n            return None\n", "")],
        &["ACCEPT-9"],
    ),
    Spoiling::part(
        "B66: the default handle_accept does not accept",
        &[(
            "dispatcher.handle_accept",
            "        pair = self.accept()\n",
            "        return self.log_info('unhandled accept event', 'warning')\n",
        )],
        &["ACCEPT-12"],
    )
    .only(3),
    Spoiling::part(
        "B67: EPIPE and EBADF are no lost connection",
        &[("", "ECONNABORTED, EPIPE,\n                           EBADF", "ECONNABORTED")],
        &["IO-3", "IO-8", "IO-11", "ERROR-9"],
    ),
    Spoiling::part(
        "B68: writing is waited for on an accepting channel",
        &[
            ("poll", "if is_w and not obj.accepting:", "if is_w:"),
            ("poll2", "obj.writable() and not obj.accepting", "obj.writable()"),
        ],
        &["POLL-5"],
    ),
    Spoiling::part(
        "B69: the address is not known while a connection is in progress",
        &[("dispatcher.connect", "            self.addr = address\n            return", "            return")],
        &["CONNECT-8"],
    ),
    Spoiling::part(
        "B70: the first event connects whatever channel",
        &[
            ("dispatcher.handle_read_event", "if self.connecting:", "if True:"),
            ("dispatcher.handle_write_event", "if self.connecting:", "if True:"),
        ],
        &["EVENT-6", "EVENT-7"],
    ),
    Spoiling::part(
        "B71: EINVAL is an error of the look for a peer",
        &[("dispatcher.__init__", "in (ENOTCONN, EINVAL)", "in (ENOTCONN,)")],
        &["CONNECT-21"],
    ),
    Spoiling::part(
        "B73: a dispatcher_with_send sends 512 bytes at a time",
        &[("dispatcher_with_send.initiate_send", "[:65536]", "[:512]")],
        &["IO-24"],
    )
    .only(3),
    Spoiling::part(
        "B74: close without a socket fails",
        &[("dispatcher.close", "if self.socket is not None:", "if True:")],
        &["CLOSE-12"],
    )
    .only(3),
    Spoiling::part(
        "B75: a file is closed twice",
        &[
            ("file_wrapper.close", "            if self.fd < 0:\n                return\n", ""),
            ("file_wrapper.close", "self.fd = -1", "pass"),
        ],
        &["FILE-5"],
    ),
    Spoiling::part(
        "B79: create_socket has no defaults",
        &[("dispatcher.create_socket", "family=socket.AF_INET, type=socket.SOCK_STREAM", "family, type")],
        &["CONNECT-27"],
    )
    .only(3),
    Spoiling::code(
        "B80: the attributes of the socket are the channel's",
        "asyncore.dispatcher.__getattr__ = lambda self, name: getattr(self.__dict__['socket'], name)",
        &["IO-20"],
    )
    .alone()
    .only(3),
    Spoiling::part(
        "B84: a close that fails leaves the number of a file",
        &[(
            "file_wrapper.close",
            "            self.fd = -1\n            os.close(fd)",
            "            os.close(fd)\n            self.fd = -1",
        )],
        &["FILE-6"],
    ),
    Spoiling::part(
        "B85: an error of the system without a number leaves the loop",
        &[("readwrite", "e.errno", "e.args[0]")],
        &["ERROR-9", "ERROR-10"],
    )
    .only(3),
];
