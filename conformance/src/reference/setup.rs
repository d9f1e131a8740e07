//! Sets up what a scenario names.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use asyncore_reference::{
    Channel, Class, Core, Exception, Fifo, FileWrapper, Profile, SimpleProducer, Socket, dispatcher, file,
};
use asyncore_spec::dispatcher::{Class as Sort, DispatcherOptions, Given};
use asyncore_spec::exception::Errno;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{ChatOptions, Scenario, Setup};
use asyncore_spec::value::Value;

use super::chat::Chat;
use super::convert;
use super::dispatcher::Dispatcher;
use super::producer::{ScriptedProducer, Source};
use super::real::Conversation;
use super::record::{Reaction, Tag};
use super::script::{Script, Scripted};
use super::socket::{Line, Recorded};
use super::world::{CHECKED, Constructed, Held, World};

impl World {
    /// Sets up what the scenario names: first what it consists of, then the channels in their order.
    pub(super) fn set_up(
        scenario: &Scenario,
        profile: Profile,
        conversation: Option<Conversation>,
    ) -> Result<Held, Exception> {
        let held = Held(Self::new(profile, conversation));
        let world = &held.0;
        scenario.setup.iter().for_each(|setup| world.prepare(setup));
        match &world.conversation {
            None => scenario.setup.iter().for_each(|setup| world.prepare_scripted(setup)),
            Some(real) => scenario.setup.iter().try_for_each(|setup| world.prepare_real(real, setup))?,
        }
        scenario.setup.iter().for_each(|setup| world.instruct(setup));
        scenario.setup.iter().try_for_each(|setup| world.construct_now(setup))?;
        world.record.events.take();
        scenario.setup.iter().for_each(|setup| world.let_react(setup));
        Ok(held)
    }

    /// Makes the scripted socket or file that a line of the set-up needs.
    fn prepare_scripted(self: &Rc<Self>, setup: &Setup) {
        match setup {
            Setup::Chat { name, options } => self.add_socket(*name, options.fd, None, false),
            Setup::Dispatcher { name, options } if options.on.is_none() => {
                let peer = match options.given {
                    Given::Peerless { errno } => Some(errno),
                    Given::Connected | Given::Nothing => None,
                };
                self.add_socket(*name, options.fd, peer, options.class == Sort::File);
            }
            Setup::Wrapper { name } => self.add_socket(*name, None, None, true),
            Setup::Socket { name, fd, peer } => self.add_socket(*name, *fd, *peer, false),
            _ => {}
        }
    }

    /// Makes what needs no socket.
    fn prepare(self: &Rc<Self>, setup: &Setup) {
        match setup {
            Setup::Dispatcher { name, options } => self.dispatchers.borrow_mut().push((*name, options.clone())),
            Setup::Producer { name, results, .. } => {
                let bytes = results.iter().map(|result| match result {
                    Value::Bytes { hex } => hex.0.clone(),
                    _ => Vec::new(),
                });
                self.add_producer(*name, Source::Own(RefCell::new(bytes.collect())));
            }
            Setup::SimpleProducer { name, data, buffer_size } => {
                let simple = match buffer_size {
                    Some(size) => SimpleProducer::with_buffer_size(data.0.clone(), *size as usize),
                    None => SimpleProducer::new(data.0.clone()),
                };
                self.add_producer(*name, Source::Simple(simple));
            }
            Setup::Fifo { name, items } => {
                let given = items.clone().unwrap_or_default();
                self.fifos.borrow_mut().push((*name, RefCell::new(Fifo::from(&given[..])), given));
            }
            _ => {}
        }
    }

    fn add_socket(self: &Rc<Self>, name: Name, fd: Option<u16>, peer: Option<Errno>, is_file: bool) {
        let script = Rc::new(Script::default());
        script.peer.set(peer);
        let number = fd.map_or_else(|| self.next_number(), i32::from);
        let line = Line::Scripted(Scripted::new(script, number, is_file));
        self.sockets.borrow_mut().push((name, Rc::new(Recorded::new(self, name, line))));
    }

    fn add_producer(self: &Rc<Self>, name: Name, source: Source) {
        let producer = ScriptedProducer { world: Rc::clone(self), name, source };
        self.producers.borrow_mut().push(Rc::new(producer));
    }

    /// Tells sockets and files what they do.
    fn instruct(&self, setup: &Setup) {
        match setup {
            Setup::Dispatcher { name, options: DispatcherOptions { on: Some(on), .. } } => {
                let socket = self.script(*on).map(|socket| (*name, socket));
                self.sockets.borrow_mut().extend(socket);
            }
            Setup::Replies { on, call, replies } => {
                self.with_script(*on, |script| script.add_replies(*call, replies));
            }
            Setup::Sends { chan, outcomes } => {
                self.with_script(*chan, |script| script.outcomes.borrow_mut().extend(outcomes));
            }
            _ => {}
        }
    }

    fn with_script(&self, name: Name, change: impl Fn(&Script)) {
        if let Some(socket) = self.script(name) {
            socket.script().into_iter().for_each(change);
        }
    }

    /// Constructs what is not left for later.
    fn construct_now(self: &Rc<Self>, setup: &Setup) -> Result<(), Exception> {
        match setup {
            Setup::Chat { name, options } => self.construct_chat(*name, options),
            Setup::Dispatcher { name, options } if !options.later => self.construct(*name),
            Setup::Wrapper { name } => {
                let wrapper = FileWrapper::new(self.profile, self.socket(*name)?)?;
                self.wrappers.borrow_mut().push((*name, Rc::new(wrapper)));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn construct_chat(self: &Rc<Self>, name: Name, options: &ChatOptions) -> Result<(), Exception> {
        let core = Core::new(Class::Chat, self.profile).in_map(&self.map(options.map));
        if let Some(size) = options.ac_in_buffer_size {
            core.set_ac_in_buffer_size(size as usize);
        }
        if let Some(size) = options.ac_out_buffer_size {
            core.set_ac_out_buffer_size(size as usize);
        }
        let tag = Tag { world: Rc::clone(self), name };
        let chat = Chat { tag, core, bare: options.bare, gather: options.gather };
        let socket: Rc<dyn Socket> = self.socket(name)?;
        self.owns(name, socket.fileno()?);
        let chat = if options.unconnected {
            let chat = dispatcher::init(chat, None)?;
            chat.set_socket(socket)?;
            chat
        } else {
            dispatcher::init(chat, Some(socket))?
        };
        if let Some(terminator) = &options.terminator {
            chat.set_terminator(convert::terminator(terminator))?;
        }
        self.channels.borrow_mut().push(Constructed { name, channel: chat, dispatcher: None });
        Ok(())
    }

    /// Constructs a dispatcher that has not been constructed yet.
    pub(super) fn construct(self: &Rc<Self>, name: Name) -> Result<(), Exception> {
        if self.channel(name).is_some() {
            return Ok(());
        }
        let options = self.options(name);
        let channel = self.new_dispatcher(name, &options);
        let made = match (options.class, options.given) {
            (Sort::File, _) => {
                let made = file::init(channel, self.socket(name)?)?;
                self.owns(name, made.core.fileno().unwrap_or(-1));
                self.release(name)?;
                made
            }
            (_, Given::Nothing) => dispatcher::init(channel, None)?,
            _ => {
                let socket = self.socket(options.on.unwrap_or(name))?;
                let made = dispatcher::init(channel, Some(Rc::clone(&socket) as Rc<dyn Socket>))?;
                self.owns(name, socket.fileno()?);
                made
            }
        };
        let dispatcher = Some(Rc::clone(&made));
        self.channels.borrow_mut().push(Constructed { name, channel: made, dispatcher });
        Ok(())
    }

    fn options(&self, name: Name) -> DispatcherOptions {
        let dispatchers = self.dispatchers.borrow();
        dispatchers.iter().find(|(other, _)| *other == name).expect(CHECKED).1.clone()
    }

    fn new_dispatcher(self: &Rc<Self>, name: Name, options: &DispatcherOptions) -> Dispatcher {
        let class = match options.class {
            Sort::Dispatcher => Class::Dispatcher,
            Sort::WithSend => Class::WithSend,
            Sort::File => Class::File,
        };
        Dispatcher {
            tag: Tag { world: Rc::clone(self), name },
            core: Core::new(class, self.profile).in_map(&self.map(options.map)),
            reads: options.reads.map(|size| size as usize),
            readable: Cell::new(options.readable),
            writable: Cell::new(options.writable),
        }
    }

    /// Lets a hook react.
    fn let_react(&self, setup: &Setup) {
        if let Setup::Reaction { on, hook, nth, actions, ending } = setup {
            self.record.reactions.borrow_mut().push(Reaction {
                hook: (*on, *hook),
                nth: *nth,
                actions: actions.clone(),
                ending: ending.clone(),
            });
        }
    }
}
