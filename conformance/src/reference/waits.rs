//! What the loop takes from its surroundings: waits that tell what the scenario says.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use asyncore_reference::{
    Asked, AskedList, Exception, Family, Flags, Kind, Map, NativeSystem, Profile, Ready as Reported, Socket, System,
};
use asyncore_spec::dispatcher::CallReply;
use asyncore_spec::exception::Errno;
use asyncore_spec::name::Name;
use asyncore_spec::trace::{Reply, SocketCall, What};
use asyncore_spec::value::Value;
use asyncore_spec::wait::{Conditions, Ready, Report, Timeout, Told, WaitCall};

use super::convert;
use super::world::World;

/// What a descriptor is called that is no channel's.
const UNKNOWN: &str = "unknown";

/// Holds what the waits of the present `poll` or `loop` tell, and its map.
#[derive(Default)]
pub(super) struct Waits {
    reports: RefCell<VecDeque<Report>>,
    map: RefCell<Option<Map>>,
}

impl Waits {
    pub(super) fn forget(&self) {
        drop((self.reports.take(), self.map.take()));
    }
}

impl World {
    /// Calls something whose waits tell what the scenario says. Such calls nest.
    pub(super) fn during(
        &self,
        reports: impl IntoIterator<Item = Report>,
        map: &Map,
        call: impl FnOnce(&Map) -> Result<(), Exception>,
    ) -> Result<(), Exception> {
        let reports = self.waits.reports.replace(reports.into_iter().collect());
        let outer = self.waits.map.replace(Some(map.clone()));
        let result = call(map);
        self.waits.reports.replace(reports);
        self.waits.map.replace(outer);
        result
    }

    /// Names the channel that a descriptor means, and the letters that it is asked for.
    fn named(&self, asked: &Asked) -> Ready {
        let channel = self.waits.map.borrow().as_ref().and_then(|map| map.get(asked.fd));
        let name = match channel {
            Some(channel) => self.name_of(&*channel),
            None => self.last_with(asked.fd),
        };
        let name = name.unwrap_or_else(|| Name::of(UNKNOWN));
        Ready { name, conditions: convert::conditions(asked.flags).and(Conditions::ASKABLE) }
    }

    /// Records a wait, uses up a report, and gives what it tells, for each of `asked` in its order, as every list of
    /// `select` does.
    fn wait(
        &self,
        call: WaitCall,
        timeout: Timeout,
        asked: &[Asked],
        ready: &mut Vec<Reported>,
    ) -> Result<(), Exception> {
        let report = self.waits.reports.borrow_mut().pop_front();
        let result = match report {
            None => Err(Exception::ExitNow),
            Some(Report::Fail { errno }) if call != WaitCall::Sleep => Err(convert::os(errno)),
            Some(Report::Ready { ready: scripted }) => {
                let unasked = if call == WaitCall::Poll { Conditions::UNASKED } else { Conditions::NONE };
                tell(&scripted, asked, &self.names(asked), unasked, ready);
                Ok(())
            }
            Some(Report::Fail { .. }) => Ok(()),
        };
        self.record_wait(call, timeout, asked, result.as_ref().map(|()| &ready[..]));
        result
    }

    fn names(&self, asked: &[Asked]) -> Vec<Ready> {
        asked.iter().map(|asked| self.named(asked)).collect()
    }

    /// Records a wait: what was asked and what it told, both in the order in which the call has it.
    fn record_wait(&self, call: WaitCall, timeout: Timeout, asked: &[Asked], told: Result<&[Reported], &Exception>) {
        let asked = if call == WaitCall::Select { &listed(asked) } else { asked };
        let names = self.names(asked);
        let told = match told {
            Ok(ready) => {
                let of = |fd| ready.iter().find(|item| item.fd == fd).map(|item| convert::conditions(item.flags));
                let items = asked.iter().zip(&names).filter_map(|(asked, named)| Some((named.name, of(asked.fd)?)));
                let items = items.map(|(name, conditions)| Ready { name, conditions });
                Told::Ready { ready: items.filter(|item| item.name.as_str() != UNKNOWN).collect() }
            }
            Err(raised) => Told::Raised { exception: convert::exception(raised) },
        };
        self.record(What::Wait { call, timeout, asked: names, told });
    }

    /// Records that a channel created a socket.
    fn record_creation(&self, on: Name, (family, kind): (Family, Kind), result: Result<Value, &Exception>) {
        let reply = match result {
            Ok(value) => Reply::Value { value },
            Err(raised) => Reply::Raised { exception: convert::exception(raised) },
        };
        let arg = Some(Value::List { items: vec![Value::bytes(word_of(family)), Value::bytes(type_of(kind))] });
        self.record(What::Socket { on, call: SocketCall::Create, arg, reply });
    }
}

/// Cuts what the scenario says down to what was asked for and to what comes unasked.
fn tell(scripted: &[Ready], asked: &[Asked], names: &[Ready], unasked: Conditions, ready: &mut Vec<Reported>) {
    for (asked, named) in asked.iter().zip(names) {
        let of_it = scripted.iter().filter(|item| item.name == named.name);
        let said = of_it.fold(Conditions::NONE, |all, item| all.or(item.conditions));
        let conditions = said.and(named.conditions.or(unasked));
        if !conditions.is_empty() {
            ready.push(Reported { fd: asked.fd, flags: convert::flags(conditions) });
        }
    }
}

/// Puts what is asked into the order of the three lists of `select`, one after the other.
fn listed(asked: &[Asked]) -> Vec<Asked> {
    let before = |flags: Flags, place: usize| match place {
        0 => flags.any(Flags::IN),
        1 => flags.any(Flags::OUT) && !flags.any(Flags::IN),
        _ => !flags.any(Flags::IN | Flags::OUT),
    };
    let lists = (0..3).flat_map(|place| asked.iter().filter(move |asked| before(asked.flags, place)));
    lists.copied().collect()
}

/// Gives seconds as microseconds.
fn micros(seconds: f64) -> Timeout {
    Timeout::Micros { value: (seconds * 1e6).round() as i64 }
}

/// Gives milliseconds as microseconds.
fn millis(milliseconds: Option<i64>) -> Timeout {
    milliseconds.map_or(Timeout::Never, |value| Timeout::Micros { value: value.saturating_mul(1000) })
}

impl System for World {
    fn select(&self, asked: &AskedList, timeout: Option<f64>, ready: &mut Vec<Reported>) -> Result<(), Exception> {
        self.refuse_negative(timeout)?;
        self.wait(WaitCall::Select, timeout.map_or(Timeout::Never, micros), asked, ready)
    }

    fn poll(&self, asked: &AskedList, timeout: Option<i64>, ready: &mut Vec<Reported>) -> Result<(), Exception> {
        self.wait(WaitCall::Poll, millis(timeout), asked, ready)
    }

    fn sleep(&self, seconds: f64) -> Result<(), Exception> {
        self.refuse_negative(Some(seconds))?;
        self.wait(WaitCall::Sleep, micros(seconds), &[], &mut Vec::new())
    }

    fn socket(&self, family: Family, kind: Kind) -> Result<Rc<dyn Socket>, Exception> {
        let Some(channel) = self.creating.get() else {
            return Err(Exception::other("RuntimeError", "no channel creates a socket"));
        };
        let reply = self.script(channel).and_then(|socket| socket.script()?.next_reply(SocketCall::Create));
        let (value, result) = match reply {
            Some(CallReply::Gives { socket }) => (Value::bytes(socket.as_str()), self.socket(socket)),
            Some(CallReply::Fail { errno }) => (Value::None, Err(convert::os(errno))),
            _ => (Value::None, self.socket(channel)),
        };
        self.record_creation(channel, (family, kind), result.as_ref().map(|_| value));
        let socket = result?;
        self.owns(channel, socket.fileno()?);
        Ok(socket)
    }
}

/// Waits on the operating system, for one map, and records that.
pub(super) struct RealWaits {
    world: Rc<World>,
    native: NativeSystem,
}

/// The longest that a wait on real sockets takes, whatever it is asked.
const LONGEST: f64 = 5.0;

impl RealWaits {
    pub(super) fn new(world: &Rc<World>) -> Self {
        Self { world: Rc::clone(world), native: NativeSystem::new(world.profile) }
    }
}

impl System for RealWaits {
    fn select(&self, asked: &AskedList, timeout: Option<f64>, ready: &mut Vec<Reported>) -> Result<(), Exception> {
        let before = ready.len();
        let result = self.native.select(asked, Some(timeout.map_or(LONGEST, |time| time.min(LONGEST))), ready);
        let told = result.as_ref().map(|()| &ready[before..]);
        let timeout = timeout.map_or(Timeout::Never, micros);
        self.world.record_wait(WaitCall::Select, timeout, asked, told);
        result
    }

    fn poll(&self, asked: &AskedList, timeout: Option<i64>, ready: &mut Vec<Reported>) -> Result<(), Exception> {
        let before = ready.len();
        let longest = (LONGEST * 1000.0) as i64;
        let result = self.native.poll(asked, Some(timeout.map_or(longest, |time| time.min(longest))), ready);
        let told = result.as_ref().map(|()| &ready[before..]);
        self.world.record_wait(WaitCall::Poll, millis(timeout), asked, told);
        result
    }

    fn sleep(&self, seconds: f64) -> Result<(), Exception> {
        let result = self.native.sleep(seconds.min(LONGEST));
        let told = result.as_ref().map(|()| &[][..]);
        self.world.record_wait(WaitCall::Sleep, micros(seconds), &[], told);
        result
    }

    fn socket(&self, family: Family, kind: Kind) -> Result<Rc<dyn Socket>, Exception> {
        let result = self.native.socket(family, kind);
        let Some(channel) = self.world.creating.get() else { return result };
        self.world.record_creation(channel, (family, kind), result.as_ref().map(|_| Value::None));
        let socket = self.world.add_real(channel, result?);
        self.world.owns(channel, socket.fileno()?);
        Ok(socket)
    }
}

impl World {
    /// Refuses a negative time as the release does.
    fn refuse_negative(&self, seconds: Option<f64>) -> Result<(), Exception> {
        match seconds {
            Some(seconds) if seconds < 0.0 && self.profile == Profile::Py311 => {
                Err(Exception::other("ValueError", "timeout must be non-negative"))
            }
            Some(seconds) if seconds < 0.0 => Err(convert::os(Errno::EINVAL)),
            _ => Ok(()),
        }
    }
}

fn word_of(family: Family) -> &'static str {
    match family {
        Family::Inet => "inet",
        Family::Inet6 => "inet6",
        Family::Unix => "unix",
    }
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Stream => "stream",
        Kind::Dgram => "dgram",
    }
}

#[cfg(test)]
mod tests {
    use asyncore_spec::model::{Settings, predict};
    use asyncore_spec::profile::Profile;
    use asyncore_spec::scenario::Scenario;
    use rstest::rstest;

    use crate::reference::ReferenceSubject;
    use crate::subject::{Run, Subject};

    /// What select is asked is shown list by list, and each list is told in the order of the map.
    #[rstest]
    fn each_list_of_select_has_its_own_order(#[values(Profile::Py25, Profile::Py27, Profile::Py311)] profile: Profile) {
        let scenario = "dispatcher a\ndispatcher d\nset_readable a false\npoll a:wx d:wx\n";
        let scenario: Scenario = scenario.parse().expect("a scenario");
        let runs = ReferenceSubject::new(profile).run(std::slice::from_ref(&scenario));
        let expected = predict(&scenario, &Settings::of(profile)).trace();
        assert!(matches!(&runs[..], [Run::Trace { trace, .. }] if *trace == expected), "{runs:?}");
    }
}
