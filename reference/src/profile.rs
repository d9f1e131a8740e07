//! Which release a channel follows, and everything that differs between releases.
//!
//! One row of the table below is one release. Code elsewhere asks the policy and never the
//! profile. The output queue of 2.5 is a different machine, in `output25.rs`.

use crate::errno::{
    EAGAIN, EALREADY, EBADF, ECONNABORTED, ECONNRESET, EINPROGRESS, EINTR, EINVAL, ENOTCONN, EPIPE, ESHUTDOWN,
    EWOULDBLOCK,
};
use crate::flags::Flags;

/// Names the release whose behaviour a channel follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Python 2.5.6.
    Py25,
    /// Python 2.7.18.
    Py27,
    /// Python 3.11.
    Py311,
}

/// How output waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    /// One buffer that is refilled from the fifo (`output25.rs`).
    Merged,
    /// The head of the fifo is sent as it is (`output.rs`).
    Head,
}

/// What `connect` does with its flags, the address and the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connecting {
    /// No `connecting` flag; connected before `handle_connect`; the address only on success.
    Direct,
    /// `connecting` set first, the address always, success told by `handle_connect_event`.
    Event,
}

/// What `accept` takes for "nothing there", and what becomes of what it returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepting {
    /// Errors for which `accept` returns nothing.
    pub(crate) ignored: &'static [i32],
    /// Whether a `TypeError` of the socket means nothing as well.
    pub(crate) ignores_type_error: bool,
    /// Whether `handle_accept` accepts and calls `handle_accepted`, or else only warns.
    pub(crate) by_default: bool,
    /// Whether an accepting channel may wait to write.
    pub(crate) writable: bool,
}

/// How a constructor goes about a socket that it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attaching {
    /// Registers the channel, then makes the socket non-blocking.
    RegistersFirst,
    /// Makes the socket non-blocking, then registers the channel.
    RegistersLast,
}

/// How a wait is prepared and what may come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// What `poll2` asks for besides what a channel wants.
    pub(crate) extra: Flags,
    /// Errors of a wait that end the pass without a word.
    pub(crate) ignored: &'static [i32],
    /// Whether a negative time is a `ValueError`, or else `EINVAL`.
    pub(crate) negative_is_value_error: bool,
    /// What sleeping for no time at all is told.
    pub(crate) sleep_none: &'static str,
}

/// Which events `readwrite` makes of which flags, and what it does with exceptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dispatch {
    /// Urgent data are read; trouble is `handle_expt_event`; only `ExitNow` is raised on.
    Py25,
    /// Urgent data are `handle_expt_event`, trouble is `handle_close`, as is a lost connection.
    Py26,
}

/// What `close_all` closes, and which errors it passes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CloseAll {
    /// Each channel's socket, and no error is passed over.
    Sockets,
    /// Each channel; passes over `EBADF` of a file.
    ChannelsOrFiles,
    /// Each channel; passes over `EBADF`.
    Channels,
}

/// What a file's descriptor goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Files {
    /// Whether the descriptor is duplicated.
    pub(crate) duplicates: bool,
    /// Whether the wrapper remembers that it was closed, or else asks the file all the same.
    pub(crate) remembers_closing: bool,
    /// Whether a file's errors are system errors like any other.
    pub(crate) errors_are_os: bool,
}

/// What `close` does besides closing the socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closing {
    pub(crate) resets_flags: bool,
    pub(crate) ignored: &'static [i32],
    /// Whether a channel without a socket may be closed.
    pub(crate) without_socket: bool,
}

/// Which errors of `peer_name` a constructor forgives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peerless {
    /// All of them, and the channel counts as connected.
    Connected,
    /// These, and the channel counts as not connected.
    Unconnected(&'static [i32]),
}

/// Everything that differs between releases.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) ac_in_buffer_size: usize,
    pub(crate) ac_out_buffer_size: usize,
    /// How many bytes a `dispatcher_with_send` sends at once.
    pub(crate) out_buffer_slice: usize,
    pub(crate) attaching: Attaching,
    pub(crate) peerless: Peerless,
    pub(crate) accepting: Accepting,
    pub(crate) connecting: Connecting,
    /// Errors on which `recv` calls `handle_close` and returns nothing.
    pub(crate) recv_disconnects: &'static [i32],
    /// Errors on which `send` calls `handle_close` and returns 0.
    pub(crate) send_disconnects: &'static [i32],
    /// Errors of `recv` that `handle_read` passes over in silence.
    pub(crate) read_ignores: &'static [i32],
    /// Errors of a handler that `readwrite` takes for a lost connection.
    pub(crate) disconnects: &'static [i32],
    pub(crate) closing: Closing,
    pub(crate) close_all: CloseAll,
    pub(crate) dispatch: Dispatch,
    pub(crate) waiting: Waiting,
    pub(crate) files: Files,
    /// What the default `handle_expt` says.
    pub(crate) expt_message: &'static str,
    /// Whether `handle_error` ends with `handle_close`, or else with `close`.
    pub(crate) error_handles_close: bool,
    /// Kinds of message that `log_info` does not print.
    pub(crate) silenced: &'static [&'static str],
    pub(crate) queue: Queue,
    /// Whether a full input buffer makes a chat unreadable.
    pub(crate) input_limited: bool,
    pub(crate) negative_terminator: bool,
    /// What stands before the quotes of bytes that are shown.
    pub(crate) bytes_prefix: &'static str,
    /// What a step of 0 is called when `push` slices by an output size of 0.
    pub(crate) zero_step: &'static str,
}

const BLOCKING: &[i32] = &[EAGAIN, EALREADY, EINPROGRESS, EWOULDBLOCK];
const DISCONNECTED: &[i32] = &[ECONNRESET, ENOTCONN, ESHUTDOWN, ECONNABORTED, EPIPE, EBADF];

const PY25: Policy = Policy {
    ac_in_buffer_size: 4096,
    ac_out_buffer_size: 4096,
    out_buffer_slice: 512,
    attaching: Attaching::RegistersFirst,
    peerless: Peerless::Connected,
    accepting: Accepting { ignored: &[EWOULDBLOCK], ignores_type_error: false, by_default: false, writable: true },
    connecting: Connecting::Direct,
    recv_disconnects: &[ECONNRESET, ENOTCONN, ESHUTDOWN],
    send_disconnects: &[],
    read_ignores: &[],
    disconnects: &[],
    closing: Closing { resets_flags: false, ignored: &[], without_socket: false },
    close_all: CloseAll::Sockets,
    dispatch: Dispatch::Py25,
    waiting: Waiting {
        extra: Flags::TROUBLE,
        ignored: &[EINTR],
        negative_is_value_error: false,
        sleep_none: "a float is required",
    },
    files: Files { duplicates: false, remembers_closing: false, errors_are_os: false },
    expt_message: "unhandled exception",
    error_handles_close: false,
    silenced: &[],
    queue: Queue::Merged,
    input_limited: true,
    negative_terminator: true,
    bytes_prefix: "",
    zero_step: "",
};

const PY27: Policy = Policy {
    ac_in_buffer_size: 4096,
    ac_out_buffer_size: 4096,
    out_buffer_slice: 512,
    attaching: Attaching::RegistersLast,
    peerless: Peerless::Unconnected(&[ENOTCONN, EINVAL]),
    accepting: Accepting {
        ignored: &[EWOULDBLOCK, ECONNABORTED, EAGAIN],
        ignores_type_error: true,
        by_default: false,
        writable: false,
    },
    connecting: Connecting::Event,
    recv_disconnects: DISCONNECTED,
    send_disconnects: DISCONNECTED,
    read_ignores: BLOCKING,
    disconnects: DISCONNECTED,
    closing: Closing { resets_flags: true, ignored: &[ENOTCONN, EBADF], without_socket: false },
    close_all: CloseAll::ChannelsOrFiles,
    dispatch: Dispatch::Py26,
    waiting: PY25.waiting,
    files: Files { duplicates: true, remembers_closing: true, errors_are_os: false },
    expt_message: "unhandled incoming priority event",
    error_handles_close: true,
    silenced: &["warning"],
    queue: Queue::Head,
    input_limited: false,
    negative_terminator: true,
    bytes_prefix: "",
    zero_step: "xrange() arg 3 must not be zero",
};

const PY311: Policy = Policy {
    ac_in_buffer_size: 65536,
    ac_out_buffer_size: 65536,
    out_buffer_slice: 65536,
    accepting: Accepting { by_default: true, ..PY27.accepting },
    closing: Closing { resets_flags: true, ignored: &[ENOTCONN, EBADF], without_socket: true },
    close_all: CloseAll::Channels,
    waiting: Waiting {
        extra: Flags::NONE,
        ignored: &[],
        negative_is_value_error: true,
        sleep_none: "'NoneType' object cannot be interpreted as an integer",
    },
    files: Files { errors_are_os: true, ..PY27.files },
    negative_terminator: false,
    bytes_prefix: "b",
    zero_step: "range() arg 3 must not be zero",
    ..PY27
};

impl Profile {
    /// Lists the profiles, oldest first.
    pub const ALL: [Self; 3] = [Self::Py25, Self::Py27, Self::Py311];

    pub(crate) fn policy(self) -> &'static Policy {
        match self {
            Self::Py25 => &PY25,
            Self::Py27 => &PY27,
            Self::Py311 => &PY311,
        }
    }
}
