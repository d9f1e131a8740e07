//! Does what steps and reactions say.

use std::rc::Rc;

use asyncore_reference::{
    Address, Channel, Exception, Family, Item as Queued, Kind, Loop, Socket, close_all, expt, poll, poll2, read,
    readwrite, write,
};
use asyncore_spec::dispatcher::{Family as Domain, SocketType};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, DispatchBy, Item, Method, Tenths};
use asyncore_spec::value::Value;
use asyncore_spec::wait::{Report, Timeout};

use super::convert;
use super::world::World;

type Outcome<T> = Result<T, Exception>;

impl World {
    /// Does one action; what it gives back is recorded. What is about a channel that is not there does nothing.
    pub(super) fn act(self: &Rc<Self>, action: &Action) -> Outcome<()> {
        match action {
            Action::Construct { chan } => self.construct(*chan),
            Action::Poll { map, use_poll, timeout, report } => self.one_pass(*map, *use_poll, *timeout, report.clone()),
            Action::Loop { map, use_poll, timeout, count, reports } => {
                self.run_loop(*map, looped(*use_poll, *timeout, *count), reports.clone())
            }
            Action::CloseAll { map, ignore_all } => close_all(&self.map(*map), *ignore_all),
            Action::MapNames { map } => {
                self.result(self.names_in(*map));
                Ok(())
            }
            _ => match action.channel() {
                None => self.ask_other(action),
                Some(name) => match self.channel(name) {
                    Some(channel) => self.act_on(name, &*channel, action),
                    None => self.act_on_thing(name, action),
                },
            },
        }
    }

    /// Does what asynchat and every channel have.
    fn act_on(self: &Rc<Self>, name: Name, channel: &dyn Channel, action: &Action) -> Outcome<()> {
        match action {
            Action::Recv { input, .. } => {
                self.arrive(name, input);
                channel.handle_read()
            }
            Action::Arrive { input, .. } => {
                self.arrive(name, input);
                Ok(())
            }
            Action::HandleRead { .. } => channel.handle_read(),
            Action::HandleWrite { .. } => channel.handle_write(),
            Action::Push { data: Value::Bytes { hex }, .. } => channel.push(hex),
            Action::PushWithProducer { producer: Item::Producer { name }, .. } => {
                channel.push_with_producer(Queued::from(self.producer(*name)))
            }
            Action::CloseWhenDone { .. } => channel.close_when_done(),
            Action::InitiateSend { .. } => channel.initiate_send(),
            Action::RefillBuffer { .. } => channel.refill_buffer(),
            Action::SetTerminator { terminator, .. } => channel.set_terminator(convert::terminator(terminator)),
            Action::DiscardBuffers { .. } => channel.discard_buffers(),
            Action::Close { .. } => channel.close(),
            Action::Connect { .. } => channel.connect(&self.peer_of(name)?),
            Action::Bind { .. } => channel.bind(&self.local_of(name)?),
            Action::Listen { backlog, .. } => channel.listen(i32::try_from(*backlog).unwrap_or(i32::MAX)),
            Action::SetReuseAddr { .. } => channel.set_reuse_addr(),
            Action::Call { method, .. } => call(channel, *method),
            Action::Dispatch { by, .. } => dispatch(channel, *by),
            Action::Readwrite { conditions, .. } => readwrite(channel, convert::flags(*conditions)),
            Action::AddChannel { map, .. } => channel.add_channel(map.map(|map| self.map(Some(map))).as_ref()),
            Action::DelChannel { map, .. } => channel.del_channel(map.map(|map| self.map(Some(map))).as_ref()),
            _ => self.act_with_socket(name, channel, action),
        }
    }

    /// Does what deals with sockets, and what sets the truths of a dispatcher.
    fn act_with_socket(self: &Rc<Self>, name: Name, channel: &dyn Channel, action: &Action) -> Outcome<()> {
        match action {
            Action::CreateSocket { family, kind, .. } => {
                let outer = self.creating.replace(Some(name));
                let result = channel.create_socket(family_of(*family), kind_of(*kind));
                self.creating.set(outer);
                result
            }
            Action::SetSocket { socket, .. } => {
                let socket = self.socket(*socket)?;
                self.owns(name, socket.fileno()?);
                channel.set_socket(socket)
            }
            Action::HandleAccepted { socket, .. } => channel.handle_accepted(self.socket(*socket)?, &convert::PEER),
            Action::SetReadable { value, .. } => {
                self.dispatcher(name).into_iter().for_each(|dispatcher| dispatcher.readable.set(Some(*value)));
                Ok(())
            }
            Action::SetWritable { value, .. } => {
                self.dispatcher(name).into_iter().for_each(|dispatcher| dispatcher.writable.set(Some(*value)));
                Ok(())
            }
            _ => self.ask(name, channel, action),
        }
    }

    /// Gives a socket or file something to receive.
    pub(super) fn arrive(&self, name: Name, input: &asyncore_spec::scenario::Input) {
        if let Some(socket) = self.script(name) {
            socket.script().into_iter().for_each(|script| script.inputs.borrow_mut().push_back(input.clone()));
        }
    }

    fn peer_of(&self, name: Name) -> Outcome<Address> {
        self.conversation.as_ref().map_or(Ok(convert::PEER), |conversation| conversation.peer(name))
    }

    fn local_of(&self, name: Name) -> Outcome<Address> {
        self.conversation.as_ref().map_or(Ok(convert::LOCAL), |conversation| conversation.local(name))
    }

    fn one_pass(
        self: &Rc<Self>,
        map: Option<Name>,
        use_poll: bool,
        timeout: Option<Timeout>,
        report: Report,
    ) -> Outcome<()> {
        let pass = if use_poll { poll2 } else { poll };
        let timeout = timeout.map_or(Some(0.0), seconds);
        self.during([report], &self.map(map), |map| pass(timeout, map))
    }

    fn run_loop(self: &Rc<Self>, map: Option<Name>, how: Loop, reports: Vec<Report>) -> Outcome<()> {
        self.during(reports, &self.map(map), |map| how.run(map))
    }

    fn names_in(self: &Rc<Self>, map: Option<Name>) -> Value {
        let channels = self.map(map).channels();
        let names = channels.iter().map(|channel| self.name_of(&**channel));
        let words = names.map(|name| name.map_or_else(|| "unnamed".to_owned(), |name| name.to_string()));
        Value::List { items: words.map(Value::bytes).collect() }
    }
}

fn looped(use_poll: bool, timeout: Option<Timeout>, count: Option<Tenths>) -> Loop {
    let how = Loop { use_poll, count: count.map(|count| f64::from(count.0) / 10.0), ..Loop::default() };
    match timeout {
        Some(timeout) => Loop { timeout: seconds(timeout), ..how },
        None => how,
    }
}

fn seconds(timeout: Timeout) -> Option<f64> {
    match timeout {
        Timeout::Never => None,
        Timeout::Micros { value } => Some(value as f64 / 1e6),
    }
}

fn call(channel: &dyn Channel, method: Method) -> Outcome<()> {
    match method {
        Method::HandleReadEvent => channel.handle_read_event(),
        Method::HandleWriteEvent => channel.handle_write_event(),
        Method::HandleExptEvent => channel.handle_expt_event(),
        Method::HandleConnectEvent => channel.handle_connect_event(),
        Method::HandleExpt => channel.handle_expt(),
        Method::HandleAccept => channel.handle_accept(),
        Method::HandleConnect => channel.handle_connect(),
        Method::HandleClose => channel.handle_close(),
    }
}

fn dispatch(channel: &dyn Channel, by: DispatchBy) -> Outcome<()> {
    match by {
        DispatchBy::Read => read(channel),
        DispatchBy::Write => write(channel),
        DispatchBy::Exception => expt(channel),
    }
}

fn family_of(family: Option<Domain>) -> Family {
    match family {
        None | Some(Domain::Inet) => Family::Inet,
        Some(Domain::Inet6) => Family::Inet6,
        Some(Domain::Unix) => Family::Unix,
    }
}

fn kind_of(kind: Option<SocketType>) -> Kind {
    match kind {
        None | Some(SocketType::Stream) => Kind::Stream,
        Some(SocketType::Dgram) => Kind::Dgram,
    }
}
