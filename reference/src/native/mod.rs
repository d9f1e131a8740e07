//! The operating system: sockets, files, and the wait.
//!
//! `poller.rs` is the one file that names mio.

#[cfg(unix)]
mod descriptor;
#[cfg(unix)]
mod file;
#[cfg(unix)]
mod poller;
#[cfg(unix)]
mod readiness;
#[cfg(unix)]
mod socket;
#[cfg(unix)]
mod system;

#[cfg(not(unix))]
mod elsewhere;

#[cfg(not(unix))]
pub use elsewhere::NativeSystem;
#[cfg(not(unix))]
pub(crate) use elsewhere::socket;

#[cfg(unix)]
pub use file::NativeFile;
#[cfg(unix)]
pub use socket::NativeSocket;
#[cfg(unix)]
pub(crate) use socket::socket;
#[cfg(unix)]
pub use system::NativeSystem;
