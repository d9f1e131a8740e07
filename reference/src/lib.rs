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
//! A channel made by [`dispatcher::init`] is part of a [`Map`], and a [`Loop`] over the map calls
//! its handlers. Here is a server that says good day to one client and ends:
//!
//! ```
//! use std::rc::Rc;
//!
//! use asyncore_reference::{Address, Channel, Class, Core, Exception, Family, Kind, Loop, Map, Profile, Socket, dispatcher};
//!
//! struct Server {
//!     core: Core,
//! }
//!
//! impl Channel for Server {
//!     fn core(&self) -> &Core {
//!         &self.core
//!     }
//!
//!     fn handle_accepted(&self, socket: Rc<dyn Socket>, _addr: &Address) -> Result<(), Exception> {
//!         socket.send(b"good day\r\n")?;
//!         socket.close()?;
//!         self.close()
//!     }
//! }
//!
//! let map = Map::new(Profile::Py311);
//! let server = Server { core: Core::new(Class::Dispatcher, Profile::Py311).in_map(&map) };
//! let server = dispatcher::init(server, None)?;
//! server.create_socket(Family::Inet, Kind::Stream)?;
//! server.set_reuse_addr()?;
//! server.bind(&Address::Ip(([127, 0, 0, 1], 0).into()))?;
//! server.listen(5)?;
//! # let Some(Address::Ip(address)) = server.core().socket().map(|socket| socket.local_name()).transpose()? else {
//! #     panic!("no address");
//! # };
//! # let client = std::thread::spawn(move || std::net::TcpStream::connect(address));
//! Loop::default().run(&map)?;
//! # let mut said = String::new();
//! # let mut client = client.join().expect("it does not fail").expect("the server listens");
//! # std::io::Read::read_to_string(&mut client, &mut said).expect("the server says something");
//! # assert_eq!(said, "good day\r\n");
//! # Ok::<(), Exception>(())
//! ```
//!
//! Which release is followed is said by a [`Profile`]: for a channel when it is made,
//! for a loop by its map.

mod asking;
mod buffer;
mod channel;
pub mod chat;
mod coalesced;
mod core;
mod dispatch;
pub mod dispatcher;
pub mod errno;
mod event_loop;
mod exception;
mod fifo;
pub mod file;
mod flags;
mod framer;
mod input;
mod item;
mod map;
mod native;
mod output;
mod output25;
mod pool;
mod prefix;
mod producer;
mod profile;
mod socket;
mod system;
mod table;
mod terminator;
pub mod with_send;

#[doc(hidden)]
pub use crate::channel::Wishes;
pub use crate::channel::{AsChannel, Channel};
pub use crate::core::{Class, Core};
pub use crate::event_loop::{Loop, close_all, expt, poll, poll2, poll3, read, readwrite, write};
pub use crate::exception::{Exception, Raised};
pub use crate::fifo::Fifo;
pub use crate::file::FileWrapper;
pub use crate::flags::Flags;
pub use crate::framer::{Cut, Framer};
pub use crate::item::{Data, Item, SharedProducer};
pub use crate::map::{Map, socket_map};
pub use crate::native::NativeSystem;
#[cfg(unix)]
pub use crate::native::{NativeFile, NativeSocket};
pub use crate::prefix::find_prefix_at_end;
pub use crate::producer::{Producer, SimpleProducer};
pub use crate::profile::Profile;
pub use crate::socket::{Accepted, Address, Family, Kind, Socket};
pub use crate::system::{Asked, AskedList, Ready, System};
pub use crate::terminator::{Needle, Terminator};
