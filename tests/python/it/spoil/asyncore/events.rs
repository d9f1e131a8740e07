//! What is spoiled in how a channel answers an event.

use super::super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::part(
        "an accepting channel reads",
        &[("dispatcher.handle_read_event", "if self.accepting:", "if False:")],
        &["EVENT-3"],
    ),
    Spoiling::part(
        "an accepting channel accepts and reads",
        &[("dispatcher.handle_read_event", "self.handle_accept()", "self.handle_accept(); self.handle_read()")],
        &["EVENT-3"],
    ),
    Spoiling::part(
        "an accepting channel is not told of a connection",
        &[("dispatcher.handle_read_event", "self.handle_accept()", "pass")],
        &["EVENT-3"],
    ),
    Spoiling::part(
        "a channel is told twice that it can accept",
        &[("dispatcher.handle_read_event", "self.handle_accept()", "self.handle_accept(); self.handle_accept()")],
        &["EVENT-3"],
    ),
    Spoiling::part(
        "a read event connects whoever is not connected",
        &[("dispatcher.handle_read_event", "if self.connecting:", "if True:")],
        &["EVENT-6"],
    ),
    Spoiling::part(
        "a read event connects nobody",
        &[("dispatcher.handle_read_event", "if self.connecting:", "if False:")],
        &["EVENT-8"],
    ),
    Spoiling::part(
        "a read event on a connecting channel does no more than connect",
        &[(
            "dispatcher.handle_read_event",
            "                self.handle_connect_event()",
            "                return self.handle_connect_event()",
        )],
        &["EVENT-8"],
    ),
    Spoiling::part(
        "a read event calls handle_connect and sets nothing",
        &[("dispatcher.handle_read_event", "self.handle_connect_event()", "self.handle_connect()")],
        &["EVENT-8", "CONNECT-14", "CONNECT-16"],
    ),
    Spoiling::part(
        "a read event reads before it connects",
        &[(
            "dispatcher.handle_read_event",
            "                self.handle_connect_event()
            self.handle_read()",
            "                self.handle_read()
                return self.handle_connect_event()
            self.handle_read()",
        )],
        &["EVENT-8", "CONNECT-14"],
    ),
    Spoiling::part(
        "a read event on an unconnected channel is passed over",
        &[("dispatcher.handle_read_event", "            self.handle_read()\n        else:", "        else:")],
        &["EVENT-6", "EVENT-8"],
    ),
    Spoiling::part(
        "a read event on a connected channel is passed over",
        &[("dispatcher.handle_read_event", "        else:\n            self.handle_read()", "")],
        &["EVENT-1"],
    ),
    Spoiling::part(
        "a read event on a connected channel reads twice",
        &[(
            "dispatcher.handle_read_event",
            "        else:\n            self.handle_read()",
            "        else:\n            self.handle_read(); self.handle_read()",
        )],
        &["EVENT-1"],
    ),
    Spoiling::part(
        "an accepting channel writes",
        &[("dispatcher.handle_write_event", "if self.accepting:", "if False:")],
        &["EVENT-4"],
    ),
    Spoiling::part(
        "an accepting channel accepts on a write event",
        &[("dispatcher.handle_write_event", "            return\n", "            return self.handle_accept()\n")],
        &["EVENT-4"],
    ),
    Spoiling::part(
        "a write event connects whoever is not connected",
        &[("dispatcher.handle_write_event", "if self.connecting:", "if True:")],
        &["EVENT-7"],
    ),
    Spoiling::part(
        "a write event connects nobody",
        &[("dispatcher.handle_write_event", "if self.connecting:", "if False:")],
        &["EVENT-8"],
    ),
    Spoiling::part(
        "a write event connects whoever is connected, too",
        &[(
            "dispatcher.handle_write_event",
            "if not self.connected:\n            if self.connecting:",
            "if True:\n            if True:",
        )],
        &["EVENT-2", "EVENT-7"],
    )
    .among_others(),
    Spoiling::part(
        "a write event on a connecting channel does no more than connect",
        &[(
            "dispatcher.handle_write_event",
            "                self.handle_connect_event()",
            "                return self.handle_connect_event()",
        )],
        &["EVENT-8"],
    ),
    Spoiling::part(
        "a write event is passed over",
        &[("dispatcher.handle_write_event", "        self.handle_write()", "        pass")],
        &["EVENT-2"],
    ),
    Spoiling::part(
        "a write event on an unconnected channel is passed over",
        &[(
            "dispatcher.handle_write_event",
            "        self.handle_write()",
            "        if self.connected: self.handle_write()",
        )],
        &["EVENT-7"],
    ),
    Spoiling::part(
        "a write event writes twice",
        &[(
            "dispatcher.handle_write_event",
            "        self.handle_write()",
            "        self.handle_write(); self.handle_write()",
        )],
        &["EVENT-2"],
    ),
    Spoiling::part(
        "handle_connect is not called",
        &[("dispatcher.handle_connect_event", "self.handle_connect()", "pass")],
        &["EVENT-8", "CONNECT-1", "CONNECT-16"],
    ),
    Spoiling::part(
        "handle_connect is called twice by its event",
        &[("dispatcher.handle_connect_event", "self.handle_connect()", "self.handle_connect(); self.handle_connect()")],
        &["EVENT-8", "CONNECT-1", "CONNECT-16"],
    ),
    Spoiling::part(
        "a connection does not set connected",
        &[("dispatcher.handle_connect_event", "self.connected = True", "pass")],
        &["CONNECT-16", "CONNECT-1"],
    ),
    Spoiling::part(
        "a connection does not reset connecting",
        &[("dispatcher.handle_connect_event", "self.connecting = False", "pass")],
        &["CONNECT-16", "CONNECT-1"],
    ),
    Spoiling::part(
        "connecting is reset before handle_connect",
        &[(
            "dispatcher.handle_connect_event",
            "self.handle_connect()",
            "self.connecting = False; self.handle_connect()",
        )],
        &["CONNECT-16", "CONNECT-1"],
    ),
    Spoiling::part(
        "handle_connect counts though it raises",
        &[(
            "dispatcher.handle_connect_event",
            "        self.handle_connect()
        self.connected = True
        self.connecting = False",
            "        try:
            self.handle_connect()
        finally:
            self.connected = True
            self.connecting = False",
        )],
        &["CONNECT-31"],
    ),
    Spoiling::part(
        "handle_connect is not called again when it raised",
        &[(
            "dispatcher.handle_connect_event",
            "        self.handle_connect()\n",
            "        try:
            self.handle_connect()
        except:
            self.connecting = False
            raise
",
        )],
        &["CONNECT-31"],
    ),
    Spoiling::part(
        "a channel closed inside handle_connect stays unconnected",
        &[("dispatcher.handle_connect_event", "self.connected = True", "self.connected = self._fileno is not None")],
        &["CONNECT-17"],
    ),
    Spoiling::part(
        "the pending error is looked at after handle_connect",
        &[
            (
                "dispatcher.handle_connect_event",
                "        err = self.socket",
                "        self.handle_connect()\n        err = self.socket",
            ),
            (
                "dispatcher.handle_connect_event",
                "        self.handle_connect()\n        self.connected",
                "        self.connected",
            ),
        ],
        &["CONNECT-14", "EVENT-8"],
    ),
    Spoiling::part(
        "a failed connection closes without an error",
        &[("dispatcher.handle_connect_event", "raise", "return self.handle_close()\n            raise")],
        &["CONNECT-14"],
    ),
    Spoiling::part(
        "a failed connection is kept silent",
        &[("dispatcher.handle_connect_event", "raise", "return\n            raise")],
        &["CONNECT-14"],
    ),
    Spoiling::part(
        "a failed connection resets connecting",
        &[("dispatcher.handle_connect_event", "raise", "self.connecting = False\n            raise")],
        &["CONNECT-15", "CONNECT-14"],
    ),
    Spoiling::part(
        "a failed connection raises the symbolic name",
        &[("dispatcher.handle_connect_event", "_strerror(err)", "errorcode[err]")],
        &["CONNECT-19"],
    ),
    Spoiling::part(
        "a failed connection raises the number alone",
        &[("dispatcher.handle_connect_event", "(err, _strerror(err))", "(err)")],
        &["CONNECT-19"],
    ),
    Spoiling::part(
        "a failed connection is taken for a made one",
        &[("dispatcher.handle_connect_event", "err != 0", "err == 0")],
        &["CONNECT-14", "EVENT-8", "CONNECT-16"],
    )
    .among_others(),
    Spoiling::part(
        "an exceptional event closes where there is no error",
        &[("dispatcher.handle_expt_event", "err != 0", "err == 0")],
        &["EVENT-12", "EVENT-13"],
    ),
    Spoiling::part(
        "an exceptional event does not close",
        &[("dispatcher.handle_expt_event", "self.handle_close()", "pass")],
        &["EVENT-12"],
    ),
    Spoiling::part(
        "an exceptional event closes past handle_close",
        &[("dispatcher.handle_expt_event", "self.handle_close()", "self.close()")],
        &["EVENT-12"],
    ),
    Spoiling::part(
        "an exceptional event closes twice",
        &[("dispatcher.handle_expt_event", "self.handle_close()", "self.handle_close(); self.handle_close()")],
        &["EVENT-12"],
    ),
    Spoiling::part(
        "an exceptional event closes and goes on",
        &[(
            "dispatcher.handle_expt_event",
            "            self.handle_close()",
            "            self.handle_close()\n            self.handle_expt()",
        )],
        &["EVENT-12"],
    ),
    Spoiling::part(
        "urgent data are passed over",
        &[("dispatcher.handle_expt_event", "self.handle_expt()", "pass")],
        &["EVENT-13"],
    ),
    Spoiling::part(
        "urgent data are read",
        &[("dispatcher.handle_expt_event", "self.handle_expt()", "self.handle_read()")],
        &["EVENT-13"],
    ),
    Spoiling::part(
        "the default handle_read reads",
        &[("dispatcher.handle_read", "self.log_info(", "self.recv(9); self.log_info(")],
        &["EVENT-15"],
    ),
    Spoiling::part(
        "the default handle_read logs something else",
        &[("dispatcher.handle_read", "unhandled read event", "unhandled event")],
        &["EVENT-15"],
    ),
    Spoiling::part(
        "the default handle_read logs no warning",
        &[("dispatcher.handle_read", "'warning'", "'info'")],
        &["EVENT-15"],
    ),
    Spoiling::part(
        "the default handle_write logs nothing",
        &[("dispatcher.handle_write", "self.log_info('unhandled write event', 'warning')", "pass")],
        &["EVENT-16"],
    ),
    Spoiling::part(
        "the default handle_expt logs nothing",
        &[("dispatcher.handle_expt", "self.log_info('unhandled incoming priority event', 'warning')", "pass")],
        &["EVENT-17"],
    ),
    Spoiling::part(
        "the default handle_expt closes",
        &[("dispatcher.handle_expt", "self.log_info(", "self.handle_close(); self.log_info(")],
        &["EVENT-17"],
    )
    .among_others(),
    Spoiling::part(
        "the default handle_connect logs nothing",
        &[("dispatcher.handle_connect", "self.log_info('unhandled connect event', 'warning')", "pass")],
        &["EVENT-18"],
    ),
    Spoiling::part(
        "the default handle_connect sets connected",
        &[("dispatcher.handle_connect", "self.log_info(", "self.connected = True; self.log_info(")],
        &["EVENT-18", "CONNECT-16"],
    ),
    Spoiling::part(
        "a dispatcher is not readable",
        &[("dispatcher.readable", "return True", "return False")],
        &["EVENT-19", "POLL-3"],
    ),
    Spoiling::part(
        "a dispatcher is not writable",
        &[("dispatcher.writable", "return True", "return False")],
        &["EVENT-19", "POLL-4"],
    ),
    Spoiling::part(
        "a dispatcher without a connection is not readable",
        &[("dispatcher.readable", "return True", "return self.connected")],
        &["EVENT-19", "POLL-3"],
    ),
    Spoiling::part(
        "a dispatcher that accepts is not writable",
        &[("dispatcher.writable", "return True", "return not self.accepting")],
        &["EVENT-19", "POLL-5"],
    ),
];
