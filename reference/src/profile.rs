//! Which release a channel follows, and everything that differs between releases.
//!
//! One row of the table below is one release. Code elsewhere asks the policy and never the
//! profile. The output queue of 2.5 is a different machine, in `output25.rs`.

use crate::errno::{
    EAGAIN, EALREADY, EBADF, ECONNABORTED, ECONNRESET, EINPROGRESS, EINVAL, ENOTCONN, EPIPE, ESHUTDOWN, EWOULDBLOCK,
};

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
    pub(crate) peerless: Peerless,
    pub(crate) connecting: Connecting,
    /// Errors on which `recv` calls `handle_close` and returns nothing.
    pub(crate) recv_disconnects: &'static [i32],
    /// Errors on which `send` calls `handle_close` and returns 0.
    pub(crate) send_disconnects: &'static [i32],
    /// Errors of `recv` that `handle_read` passes over in silence.
    pub(crate) read_ignores: &'static [i32],
    pub(crate) closing: Closing,
    /// Whether `handle_error` ends with `handle_close`, or else with `close`.
    pub(crate) error_handles_close: bool,
    /// Kinds of message that `log_info` does not print.
    pub(crate) silenced: &'static [&'static str],
    pub(crate) queue: Queue,
    /// Whether a full input buffer makes a chat unreadable.
    pub(crate) input_limited: bool,
    pub(crate) negative_terminator: bool,
    /// What a step of 0 is called when `push` slices by an output size of 0.
    pub(crate) zero_step: &'static str,
}

const BLOCKING: &[i32] = &[EAGAIN, EALREADY, EINPROGRESS, EWOULDBLOCK];
const DISCONNECTED: &[i32] = &[ECONNRESET, ENOTCONN, ESHUTDOWN, ECONNABORTED, EPIPE, EBADF];

static PY25: Policy = Policy {
    ac_in_buffer_size: 4096,
    ac_out_buffer_size: 4096,
    peerless: Peerless::Connected,
    connecting: Connecting::Direct,
    recv_disconnects: &[ECONNRESET, ENOTCONN, ESHUTDOWN],
    send_disconnects: &[],
    read_ignores: &[],
    closing: Closing { resets_flags: false, ignored: &[], without_socket: false },
    error_handles_close: false,
    silenced: &[],
    queue: Queue::Merged,
    input_limited: true,
    negative_terminator: true,
    zero_step: "",
};

static PY27: Policy = Policy {
    ac_in_buffer_size: 4096,
    ac_out_buffer_size: 4096,
    peerless: Peerless::Unconnected(&[ENOTCONN, EINVAL]),
    connecting: Connecting::Event,
    recv_disconnects: DISCONNECTED,
    send_disconnects: DISCONNECTED,
    read_ignores: BLOCKING,
    closing: Closing { resets_flags: true, ignored: &[ENOTCONN, EBADF], without_socket: false },
    error_handles_close: true,
    silenced: &["warning"],
    queue: Queue::Head,
    input_limited: false,
    negative_terminator: true,
    zero_step: "xrange() arg 3 must not be zero",
};

static PY311: Policy = Policy {
    ac_in_buffer_size: 65536,
    ac_out_buffer_size: 65536,
    closing: Closing { resets_flags: true, ignored: &[ENOTCONN, EBADF], without_socket: true },
    negative_terminator: false,
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
