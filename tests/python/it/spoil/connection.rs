//! What is spoiled in the connection, the errors and the close.

use super::table::Module::Asyncore;
use super::table::Spoiling;

pub(crate) const SPOILINGS: &[Spoiling] = &[
    Spoiling::text(
        "a channel counts as connected before handle_connect",
        &[(
            Asyncore,
            "self.handle_connect()\n        self.connected = True",
            "self.connected = True\n        self.handle_connect()",
        )],
        &["CONNECT-1"],
    ),
    Spoiling::text(
        "connecting is not set",
        &[(Asyncore, "self.connecting = True", "self.connecting = False")],
        &["CONNECT-1"],
    ),
    Spoiling::text(
        "handle_connect is called twice",
        &[(
            Asyncore,
            "self.handle_connect()\n        self.connected",
            "self.handle_connect(); self.handle_connect()\n        self.connected",
        )],
        &["CONNECT-1"],
    ),
    Spoiling::text(
        "a channel on a connected socket is not connected",
        &[(Asyncore, "self.connected = True\n            #", "self.connected = False\n            #")],
        &["CONNECT-3", "OUTPUT-2"],
    ),
    Spoiling::text(
        "close leaves connecting as it was",
        &[(Asyncore, "self.connecting = False\n        self.del_channel", "self.del_channel")],
        &["CLOSE-5"],
    ),
    Spoiling::text(
        "close closes the socket twice",
        &[(Asyncore, "self.socket.close()", "self.socket.close(); self.socket.close()")],
        &["CLOSE-2"],
    ),
    Spoiling::code(
        "close does nothing the second time",
        "
close = asyncore.dispatcher.__dict__['close']
def once(self):
    if not self.closing:
        self.closing = True
        close(self)
asyncore.dispatcher.close = once
",
        &["CLOSE-18", "CLOSE-3"],
    ),
    Spoiling::code(
        "close does not reach the socket",
        "
def close(self):
    self.connected = self.accepting = self.connecting = False
    self.del_channel()
asyncore.dispatcher.close = close
",
        &["CLOSE-2"],
    ),
    Spoiling::code("the dispatcher's handle_close is called", "del asynchat.async_chat.handle_close", &["CLOSE-19"]),
    Spoiling::code("handle_close does not close", "asynchat.async_chat.handle_close = lambda self: None", &["CLOSE-1"]),
    Spoiling::code(
        "handle_error logs nothing",
        "asyncore.dispatcher.handle_error = lambda self: self.handle_close()",
        &["ERROR-1"],
    ),
    Spoiling::text(
        "handle_error closes nothing",
        &[(Asyncore, "'error'\n            )\n        self.handle_close()", "'error'\n            )")],
        &["ERROR-1"],
    ),
    Spoiling::text(
        "a lost connection is an error of recv",
        &[(Asyncore, "            if why.errno in _DISCONNECTED", "            if False")],
        &["INPUT-25"],
    )
    .only(3),
    Spoiling::text(
        "a lost connection is an old error of recv",
        &[(Asyncore, "            if why.args[0] in _DISCONNECTED", "            if False")],
        &["INPUT-25"],
    )
    .only(2),
    Spoiling::text(
        "EBADF is no lost connection",
        &[(
            Asyncore,
            "ESHUTDOWN, ECONNABORTED, EPIPE,\n                           EBADF",
            "ESHUTDOWN, ECONNABORTED, EPIPE",
        )],
        &["INPUT-25", "OUTPUT-11"],
    ),
];
