//! The error numbers that the policies name, in one place.

pub use libc::{
    EAGAIN, EALREADY, EBADF, ECONNABORTED, ECONNREFUSED, ECONNRESET, EINPROGRESS, EINVAL, EIO, EISCONN, ENOTCONN,
    EPIPE, ESHUTDOWN, EWOULDBLOCK,
};
