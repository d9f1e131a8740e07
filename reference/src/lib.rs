//! asyncore and asynchat in Rust, faithful down to the order of callbacks.
//!
//! A program writes a type that holds a [`Core`] and implements [`Channel`]; what it does not
//! override is what the base class does. Here is a subclass of `async_chat` that overrides
//! `handle_close` and then does what it would have done:
//!
//! ```
//! use asyncore_reference::{Channel, Class, Core, Exception, Profile, chat};
//!
//! struct Session {
//!     core: Core,
//! }
//!
//! impl Channel for Session {
//!     fn core(&self) -> &Core {
//!         &self.core
//!     }
//!
//!     fn handle_close(&self) -> Result<(), Exception> {
//!         println!("bye");
//!         chat::handle_close(self)
//!     }
//! }
//!
//! let session = Session { core: Core::new(Class::Chat, Profile::Py311) };
//! session.handle_close()?;
//! # Ok::<(), Exception>(())
//! ```
//!
//! Which release is followed is said by a [`Profile`], channel by channel.

mod buffer;
mod channel;
pub mod chat;
mod core;
pub mod dispatcher;
pub mod errno;
mod exception;
mod fifo;
mod framer;
mod input;
mod item;
mod output;
mod output25;
mod prefix;
mod producer;
mod profile;
mod socket;
mod terminator;

pub use crate::channel::{AsChannel, Channel};
pub use crate::core::{Class, Core};
pub use crate::exception::{Exception, Raised};
pub use crate::fifo::Fifo;
pub use crate::framer::{Cut, Framer};
pub use crate::item::{Data, Item, SharedProducer};
pub use crate::prefix::find_prefix_at_end;
pub use crate::producer::{Producer, SimpleProducer};
pub use crate::profile::Profile;
pub use crate::socket::{Address, Socket};
pub use crate::terminator::{Needle, Terminator};
