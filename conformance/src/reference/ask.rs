//! Does what gives something back, and records that.

use std::rc::Rc;

use asyncore_reference::{Channel, Class, Core, Exception, FileWrapper, Producer, Socket, find_prefix_at_end};
use asyncore_spec::dispatcher::Attribute;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::Action;
use asyncore_spec::value::Value;

use super::convert::{self, whole};
use super::socket::Recorded;
use super::world::{CHECKED, World};

type Outcome<T> = Result<T, Exception>;

impl World {
    /// Asks a channel.
    pub(super) fn ask(self: &Rc<Self>, name: Name, channel: &dyn Channel, action: &Action) -> Outcome<()> {
        let value = match action {
            Action::GetTerminator { .. } => convert::value(&channel.get_terminator()?),
            Action::Readable { .. } => Value::bool(channel.readable()?),
            Action::Writable { .. } => Value::bool(channel.writable()?),
            Action::GetData { .. } => Value::bytes(channel.core().get_data()),
            Action::BufferSizes { .. } => {
                let sizes = [channel.core().ac_in_buffer_size(), channel.core().ac_out_buffer_size()];
                Value::List { items: sizes.map(whole).to_vec() }
            }
            Action::Accept { .. } => match channel.accept()? {
                Some((socket, address)) => self.accepted(&socket, &address),
                None => Value::None,
            },
            Action::Send { data, .. } => match self.dispatcher(name) {
                Some(dispatcher) => dispatcher.sends(data)?.map_or(Value::None, whole),
                None => whole(channel.send(data)?),
            },
            Action::Receive { size, .. } => {
                let mut data = Vec::new();
                channel.recv(*size as usize, &mut data)?;
                Value::bytes(data)
            }
            Action::Look { attribute, .. } => self.look(name, channel, *attribute)?,
            _ => return Err(lacking()),
        };
        self.result(value);
        Ok(())
    }

    /// Looks at an attribute of a channel.
    fn look(&self, name: Name, channel: &dyn Channel, attribute: Attribute) -> Outcome<Value> {
        let core = channel.core();
        Ok(match attribute {
            Attribute::Connected => Value::bool(core.connected()),
            Attribute::Accepting => Value::bool(core.accepting()),
            Attribute::Connecting => Value::bool(core.connecting()),
            Attribute::Closing => Value::bool(core.closing()),
            Attribute::Addr => core.addr().map_or(Value::None, |address| self.address(&address)),
            Attribute::Blocking => match core.socket() {
                // A file_wrapper is not known; what it wraps is.
                Some(socket) => Value::bool(self.recorded(&socket).map_or_else(|| self.socket(name), Ok)?.blocking()),
                None => Value::None,
            },
            Attribute::Socket => Value::bool(core.socket().is_some()),
            Attribute::Registered => Value::bool(registered(core)),
            Attribute::OutBuffer if core.class() == Class::WithSend => Value::bytes(core.out_buffer()),
            _ => return Err(no_attribute(attribute)),
        })
    }

    /// Does what is about a wrapper or a socket, or about a channel that has not been constructed.
    pub(super) fn act_on_thing(&self, name: Name, action: &Action) -> Outcome<()> {
        if self.dispatchers.borrow().iter().any(|(other, _)| *other == name) {
            return Ok(());
        }
        let recorded = self.socket(name)?;
        let wrapper = self.wrapper(name);
        let socket: &dyn Socket = wrapper.as_deref().map_or(&*recorded, |wrapper: &FileWrapper| wrapper);
        let value = match action {
            Action::Arrive { input, .. } => {
                self.arrive(name, input);
                return Ok(());
            }
            Action::Close { .. } => return socket.close(),
            Action::Send { data, .. } => whole(socket.send(data)?),
            Action::Receive { size, .. } => {
                let mut data = Vec::new();
                socket.recv(*size as usize, &mut data)?;
                Value::bytes(data)
            }
            Action::Look { attribute, .. } => look_at(socket, &recorded, *attribute)?,
            _ => return Err(lacking()),
        };
        self.result(value);
        Ok(())
    }

    /// Asks what is no channel.
    pub(super) fn ask_other(self: &Rc<Self>, action: &Action) -> Outcome<()> {
        let value = match action {
            Action::More { producer } => Value::bytes(self.producer(*producer).more()?),
            Action::FindPrefixAtEnd {
                haystack: Value::Bytes { hex: haystack },
                needle: Value::Bytes { hex: needle },
            } => Value::int(find_prefix_at_end(haystack, needle) as i64),
            Action::FifoPush { fifo, item } => {
                self.with_fifo(*fifo, |(_, fifo, _)| fifo.borrow_mut().push(item.clone()));
                return Ok(());
            }
            Action::FifoPop { fifo } => match self.with_fifo(*fifo, |(_, fifo, _)| fifo.borrow_mut().pop()) {
                Some(item) => Value::List { items: vec![Value::int(1), item] },
                None => Value::List { items: vec![Value::int(0), Value::None] },
            },
            Action::FifoFirst { fifo } => self.with_fifo(*fifo, |(_, fifo, _)| fifo.borrow().first().cloned())?,
            Action::FifoIsEmpty { fifo } => Value::bool(self.with_fifo(*fifo, |(_, fifo, _)| fifo.borrow().is_empty())),
            Action::FifoLen { fifo } => whole(self.with_fifo(*fifo, |(_, fifo, _)| fifo.borrow().len())),
            Action::FifoGiven { fifo } => Value::List { items: self.with_fifo(*fifo, |(_, _, given)| given.clone()) },
            _ => return Err(lacking()),
        };
        self.result(value);
        Ok(())
    }

    fn with_fifo<R>(&self, name: Name, ask: impl FnOnce(&super::world::FifoUnderTest) -> R) -> R {
        let fifos = self.fifos.borrow();
        ask(fifos.iter().find(|(other, ..)| *other == name).expect(CHECKED))
    }
}

/// Looks at an attribute of a wrapper or a socket; what it does not have is false, as for a channel.
fn look_at(socket: &dyn Socket, recorded: &Recorded, attribute: Attribute) -> Outcome<Value> {
    Ok(match attribute {
        Attribute::Connected | Attribute::Accepting | Attribute::Connecting | Attribute::Closing => Value::bool(false),
        Attribute::Blocking => Value::bool(recorded.blocking()),
        Attribute::Error => Value::int(i64::from(socket.take_error()?)),
        Attribute::Socket => Value::bool(false),
        _ => return Err(no_attribute(attribute)),
    })
}

fn no_attribute(attribute: Attribute) -> Exception {
    Exception::other("AttributeError", attribute.name())
}

fn lacking() -> Exception {
    Exception::other("Unsupported", "the reference has no such thing")
}

/// Says whether the channel's own map has it under the number of its socket's descriptor.
fn registered(core: &Core) -> bool {
    let (Some(socket), Some(map)) = (core.socket(), core.map()) else { return false };
    let found = socket.fileno().ok().and_then(|number| map.get(number));
    found.is_some_and(|channel| std::ptr::eq(channel.core(), core))
}
