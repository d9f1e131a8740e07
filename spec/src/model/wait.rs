//! `poll`, `poll2` and `loop`: what a pass asks, what it waits for, and whom it serves.

use super::event::HANDLERS;
use super::machine::{Machine, Outcome, Thrown, id, thrown};
use super::map::Map;
use super::{Pattern, WaitWhy};
use crate::clause_id::ClauseId;
use crate::exception::{Errno, Exception};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{DispatchBy, Hook, Tenths};
use crate::trace::What;
use crate::wait::{Conditions, Ready, Report, Timeout, Told, WaitCall};

/// What select reports, in the order in which it is served.
const EVENTS: [(Conditions, DispatchBy); 3] = [
    (Conditions::READ, DispatchBy::Read),
    (Conditions::WRITE, DispatchBy::Write),
    (Conditions::EXCEPT, DispatchBy::Exception),
];

/// What a pass is run with.
#[derive(Clone, Copy)]
pub(super) struct Pass {
    pub(super) map: usize,
    pub(super) use_poll: bool,
    pub(super) timeout: Timeout,
    /// The clause that says why there is this pass.
    pub(super) why: ClauseId,
    /// The clause that says how long it waits.
    pub(super) timeout_why: ClauseId,
    /// The clause that says with which call it waits.
    pub(super) call_why: ClauseId,
}

/// Holds what waits are yet to tell.
pub(super) struct Reports<'a> {
    rest: std::slice::Iter<'a, Report>,
}

impl<'a> Reports<'a> {
    pub(super) fn new(reports: &'a [Report]) -> Self {
        Self { rest: reports.iter() }
    }
}

/// Is one channel that a pass asked: under which number, and what for.
#[derive(Clone, Copy)]
struct Asked {
    fd: u32,
    name: Name,
    conditions: Conditions,
}

impl Machine<'_> {
    /// Runs `loop`.
    pub(super) fn run_loop(&mut self, pass: Pass, count: Option<Tenths>, reports: &[Report]) -> Outcome<()> {
        let mut reports = Reports::new(reports);
        let mut left = count.map(|count| count.0);
        if left.is_some_and(|left| left <= 0) {
            self.forbid_pass(id(if left == Some(0) { "LOOP-3" } else { "LOOP-11" }));
            if left != Some(0) {
                self.accident(id("LOOP-11"));
            }
            return Ok(());
        }
        let mut pass = pass;
        if count.is_some() {
            pass.why = id("LOOP-2");
        }
        while !self.maps[pass.map].entries.is_empty() {
            if left.is_some_and(|left| left <= 0) {
                self.forbid_pass(id("LOOP-2"));
                return Ok(());
            }
            if left.is_some_and(|left| left < 10) {
                pass.why = id("LOOP-4");
                self.accident(id("LOOP-4"));
            }
            self.pass(pass, &mut reports)?;
            pass.why = id(if count.is_some() { "LOOP-2" } else { "LOOP-1" });
            left = left.map(|left| left - 10);
        }
        self.forbid_pass_over(pass.map, id("LOOP-10"));
        Ok(())
    }

    /// Notes that there is no pass over an empty map: who is asked all the same has not been taken out.
    fn forbid_pass_over(&mut self, map: usize, empty: ClauseId) {
        let why = self.maps[map].why;
        if why != Map::UNTOUCHED {
            self.forbid(Pattern::AnyHook(Hook::Readable), why);
        }
        self.forbid_pass(empty);
    }

    fn forbid_pass(&mut self, why: ClauseId) {
        self.forbid(Pattern::AnyWait, why);
        self.forbid(Pattern::AnyHook(Hook::Readable), why);
        self.forbid(Pattern::AnyHook(Hook::Writable), why);
    }

    /// Runs one pass.
    pub(super) fn pass(&mut self, mut pass: Pass, reports: &mut Reports<'_>) -> Outcome<()> {
        if self.maps[pass.map].entries.is_empty() {
            self.forbid_strangers(pass.map, id("MAP-4"));
            self.forbid_pass_over(pass.map, id("LOOP-12"));
            return Ok(());
        }
        if pass.timeout == Timeout::Never {
            self.forbid(Pattern::Raised, id("POLL-24"));
            pass.timeout_why = id("POLL-24");
        }
        let asked = self.ask_all(&pass)?;
        let result = if pass.use_poll {
            self.pass_poll(&pass, &asked, reports)
        } else {
            self.pass_select(&pass, &asked, reports)
        };
        if result.is_err() {
            self.forbid_pass(id("LOOP-9"));
            asked.iter().for_each(|asked| self.forbid_hooks(asked.name, HANDLERS, id("LOOP-9")));
        }
        result
    }

    /// Asks every channel of the map what it waits for.
    fn ask_all(&mut self, pass: &Pass) -> Outcome<Vec<Asked>> {
        let snapshot = self.maps[pass.map].entries.clone();
        let snapshot = self.in_order_asked(snapshot);
        self.forbid_strangers(pass.map, id("LOOP-8"));
        let mut asked = Vec::new();
        for (at, (fd, name)) in snapshot.iter().enumerate() {
            for (_, later) in &snapshot[at + 1..] {
                self.forbid_hooks(*later, &[Hook::Readable, Hook::Writable], id("POLL-2"));
            }
            let plain = if at == 0 { pass.why } else { id("POLL-1") };
            let demand = self.maps[pass.map].explained(*fd).unwrap_or(plain);
            let gone = self.maps[pass.map].get(*fd) != Some(*name);
            if gone {
                self.accident(id("POLL-21"));
            }
            self.forbid_hooks(*name, &[Hook::Writable], id("POLL-32"));
            let readable = self.question(*name, Hook::Readable, demand)?;
            for (_, other) in &snapshot[at..] {
                self.forbid_hooks(*other, &[Hook::Readable], id("POLL-32"));
            }
            let writable = self.question(*name, Hook::Writable, id("POLL-1"))?;
            for (_, before) in &snapshot[..=at] {
                self.forbid_hooks(*before, &[Hook::Readable, Hook::Writable], id("POLL-32"));
            }
            if !gone && self.maps[pass.map].get(*fd) != Some(*name) {
                self.accident(id("POLL-21"));
            }
            if self.maps[pass.map].entries.iter().any(|entry| !snapshot.contains(entry)) {
                self.accident(id("POLL-20"));
            }
            let accepting = self.chan(*name).base.accepting && self.modern();
            let mut conditions = Conditions::NONE;
            if readable {
                conditions = conditions.or(Conditions::READ);
            }
            if writable && !accepting {
                conditions = conditions.or(Conditions::WRITE);
            }
            let except = if pass.use_poll { readable } else { readable || writable };
            if except {
                conditions = conditions.or(Conditions::EXCEPT);
            }
            asked.push(Asked { fd: *fd, name: *name, conditions });
        }
        let entries = self.maps[pass.map].entries.clone();
        for (_, name) in entries.iter().filter(|entry| !snapshot.contains(entry)) {
            self.forbid_hooks(*name, &[Hook::Readable, Hook::Writable], id("POLL-20"));
        }
        Ok(asked)
    }

    /// Asks a channel one of the two questions; what it raises leaves the pass, and that is an accident.
    fn question(&mut self, chan: Name, hook: Hook, demand: ClauseId) -> Outcome<bool> {
        let answer = if hook == Hook::Readable { self.readable(chan, demand) } else { self.writable(chan, demand) };
        answer.map(|(answer, _)| answer).inspect_err(|_| self.accident(id("POLL-19")))
    }

    /// Notes that channels of other maps are not asked.
    fn forbid_strangers(&mut self, map: usize, why: ClauseId) {
        if self.maps.len() == 1 {
            return;
        }
        let strangers: Vec<Name> = self.chans.iter().map(|it| it.name).collect();
        for name in strangers {
            if !self.maps[map].entries.iter().any(|(_, member)| *member == name) {
                self.forbid_hooks(name, &[Hook::Readable, Hook::Writable], why);
            }
        }
    }

    /// Names the channels that the descriptors belong to when the wait begins.
    fn named_now(&mut self, map: usize, asked: &[Asked]) -> Vec<Asked> {
        asked.iter().map(|item| Asked { name: self.owner(map, item.fd).unwrap_or(item.name), ..*item }).collect()
    }

    /// Finds the channel in the map under a descriptor, or else the one made last whose socket has it.
    fn owner(&mut self, map: usize, fd: u32) -> Option<Name> {
        if let Some(name) = self.maps[map].get(fd) {
            return Some(name);
        }
        let holders = self.chans.iter().filter(|it| it.base.constructed > 0);
        let holders = holders.filter(|it| {
            let socket = it.base.socket;
            socket.is_some_and(|name| self.sockets.iter().any(|socket| socket.name == name && socket.fd == fd))
        });
        holders.max_by_key(|it| it.base.constructed).map(|it| it.name)
    }

    fn pass_select(&mut self, pass: &Pass, asked: &[Asked], reports: &mut Reports<'_>) -> Outcome<()> {
        let asked = &self.named_now(pass.map, asked);
        let waited: Vec<Asked> = by_list(asked);
        if waited.is_empty() {
            return self.sleep(pass, asked, reports);
        }
        if let Timeout::Micros { value } = pass.timeout
            && value < 0
        {
            return self.refuse_negative();
        }
        let mut told = self.wait(pass, WaitCall::Select, pass.timeout, asked, &waited, reports)?;
        // Each of the three lists comes back in the order in which it was given, which is that of the map.
        told.sort_by_key(|(fd, ..)| asked.iter().position(|item| item.fd == *fd));
        let tasks = EVENTS.iter().flat_map(|(condition, by)| {
            let ready = told.iter().filter(|(_, _, conditions)| conditions.has(*condition));
            ready.map(|(fd, name, _)| (*by, (*condition, *fd, *name)))
        });
        for (by, (condition, fd, name)) in self.in_order_dispatched(tasks.collect(), |(_, _, name)| *name) {
            self.forbid_asking(asked);
            self.forbid_unserved(asked, &told);
            self.forbid_later(&told, condition);
            match self.looked_up(pass.map, fd, name) {
                Some((name, demand)) => self.dispatch(name, by, demand)?,
                None => self.forbid_left(name),
            }
        }
        self.forbid_unserved(asked, &told);
        Ok(())
    }

    fn pass_poll(&mut self, pass: &Pass, asked: &[Asked], reports: &mut Reports<'_>) -> Outcome<()> {
        let asked = &self.named_now(pass.map, asked);
        let waited: Vec<Asked> = asked.iter().filter(|asked| !asked.conditions.is_empty()).copied().collect();
        let (timeout, timeout_why) = match pass.timeout {
            Timeout::Micros { value } if value <= -1000 => (Timeout::Never, id("POLL-29")),
            Timeout::Micros { value } if value % 1000 != 0 => {
                (Timeout::Micros { value: value / 1000 * 1000 }, id("POLL-23"))
            }
            whole => (whole, pass.timeout_why),
        };
        let call_why = if waited.is_empty() { id("POLL-11") } else { pass.call_why };
        let pass = Pass { timeout_why, call_why, ..*pass };
        let told = self.wait(&pass, WaitCall::Poll, timeout, asked, &waited, reports)?;
        for (fd, name, conditions) in self.in_order_served(told.clone(), |(_, name, _)| *name) {
            self.forbid_asking(asked);
            self.forbid_unserved(asked, &told);
            match self.looked_up(pass.map, fd, name) {
                Some((name, demand)) => {
                    let demand = if demand == id("POLL-12") { id("POLL-15") } else { demand };
                    self.readwrite(name, conditions, demand)?;
                }
                None => self.forbid_left(name),
            }
        }
        self.forbid_unserved(asked, &told);
        Ok(())
    }

    /// Finds the channel that a descriptor belongs to now, and the clause by which it is served.
    fn looked_up(&mut self, map: usize, fd: u32, before: Name) -> Option<(Name, ClauseId)> {
        let now = self.maps[map].get(fd)?;
        if now == before {
            return Some((now, id("POLL-12")));
        }
        self.accident(id("POLL-14"));
        Some((now, id("POLL-14")))
    }

    /// Notes that a channel that has left the map gets no event, and that this is no error.
    fn forbid_left(&mut self, name: Name) {
        self.forbid_hooks(name, HANDLERS, id("POLL-13"));
        self.forbid(Pattern::Raised, id("POLL-13"));
    }

    /// Notes that no channel is asked again while events are served.
    fn forbid_asking(&mut self, asked: &[Asked]) {
        for asked in asked {
            self.forbid_hooks(asked.name, &[Hook::Readable, Hook::Writable], id("POLL-32"));
        }
    }

    /// Notes that nothing is served which the wait did not report.
    fn forbid_unserved(&mut self, asked: &[Asked], told: &[(u32, Name, Conditions)]) {
        for asked in asked {
            if !told.iter().any(|(_, name, _)| *name == asked.name) {
                self.forbid_hooks(asked.name, HANDLERS, id("POLL-28"));
            }
        }
    }

    /// Notes that what comes later in the pass does not come yet.
    fn forbid_later(&mut self, told: &[(u32, Name, Conditions)], now: Conditions) {
        let later: &[(Conditions, Hook)] = match now {
            Conditions::READ => &[(Conditions::WRITE, Hook::HandleWrite), (Conditions::EXCEPT, Hook::HandleExpt)],
            Conditions::WRITE => &[(Conditions::EXCEPT, Hook::HandleExpt)],
            _ => &[],
        };
        for (condition, hook) in later {
            let ready = told.iter().filter(|(_, _, conditions)| conditions.has(*condition));
            ready.for_each(|(_, name, _)| self.forbid_hooks(*name, &[*hook], id("POLL-12")));
        }
    }

    fn refuse_negative(&mut self) -> Outcome<()> {
        self.accident(id("POLL-29"));
        if self.profile == Profile::Py311 {
            return thrown("ValueError", id("POLL-29"));
        }
        Err(Thrown::new(Exception::os(Errno::EINVAL), id("POLL-29")))
    }

    fn sleep(&mut self, pass: &Pass, asked: &[Asked], reports: &mut Reports<'_>) -> Outcome<()> {
        match pass.timeout {
            Timeout::Never => return thrown("TypeError", id("POLL-25")),
            Timeout::Micros { value } if value < 0 => return self.refuse_negative(),
            Timeout::Micros { .. } => {}
        }
        let told = match self.report(reports) {
            Some(_) => Told::Ready { ready: Vec::new() },
            None => Told::Raised { exception: Exception::Exit },
        };
        let ended = matches!(told, Told::Raised { .. });
        let asked = self.asked_why(asked);
        let why = WaitWhy { timeout: pass.timeout_why, asked, free: Vec::new(), call: id("POLL-10") };
        let what = What::Wait { call: WaitCall::Sleep, timeout: pass.timeout, asked: Vec::new(), told };
        self.emit_wait(what, why);
        self.forbid_pass(id("POLL-10"));
        if ended { Err(Thrown::new(Exception::Exit, id("LOOP-9"))) } else { Ok(()) }
    }

    /// Waits, and gives what was told; nothing where a signal interrupted the wait.
    fn wait(
        &mut self,
        pass: &Pass,
        call: WaitCall,
        timeout: Timeout,
        asked: &[Asked],
        waited: &[Asked],
        reports: &mut Reports<'_>,
    ) -> Outcome<Vec<(u32, Name, Conditions)>> {
        let report = self.report(reports);
        let (told, served) = match &report {
            None => (Told::Raised { exception: Exception::Exit }, Err(Exception::Exit)),
            Some(Report::Fail { errno }) => {
                (Told::Raised { exception: Exception::os(*errno) }, Err(Exception::os(*errno)))
            }
            Some(Report::Ready { ready }) => {
                let served = filtered(waited, ready, call);
                self.note_urgent_listener(&served);
                let shown = served.iter().map(|(_, name, conditions)| Ready { name: *name, conditions: *conditions });
                (Told::Ready { ready: shown.collect() }, Ok(served))
            }
        };
        let free = self.accepting(asked);
        let why = WaitWhy { timeout: pass.timeout_why, asked: self.asked_why(asked), free, call: pass.call_why };
        let shown = waited.iter().map(|asked| Ready { name: asked.name, conditions: asked.conditions }).collect();
        self.emit_wait(What::Wait { call, timeout, asked: shown, told }, why);
        match served {
            Ok(served) => Ok(served),
            Err(Exception::Os { errno: Errno::EINTR, .. }) if self.profile == Profile::Py311 => {
                self.unspecified("in this release no wait is interrupted");
                Ok(Vec::new())
            }
            Err(Exception::Os { errno: Errno::EINTR, .. }) => {
                self.interrupted();
                Ok(Vec::new())
            }
            Err(exception @ Exception::Os { errno: Errno::EBADF, .. }) if call == WaitCall::Select => {
                self.accident(id("POLL-34"));
                Err(Thrown { exception, why: id("POLL-34"), of_file: self.profile != Profile::Py311 })
            }
            Err(Exception::Exit) => Err(Thrown::new(Exception::Exit, id("LOOP-9"))),
            // On Python 2 the error of a wait is no error of a socket.
            Err(exception) => Err(Thrown { exception, why: id("POLL-26"), of_file: self.profile != Profile::Py311 }),
        }
    }

    /// Notes what a signal does not do; that the pass ends with it is an accident.
    fn interrupted(&mut self) {
        self.forbid(Pattern::Raised, id("POLL-27"));
        HANDLERS.iter().for_each(|hook| self.forbid(Pattern::AnyHook(*hook), id("POLL-27")));
        self.forbid_pass(id("POLL-35"));
        self.accident(id("POLL-35"));
    }

    /// Names the channels that accept: whether the wait is asked for their exceptional conditions is not judged.
    fn accepting(&mut self, asked: &[Asked]) -> Vec<Name> {
        let names = asked.iter().map(|asked| asked.name);
        names.filter(|name| self.chan(*name).base.accepting).collect()
    }

    /// Stops where a wait tells of something urgent on a channel that accepts, which nobody need wait for.
    fn note_urgent_listener(&mut self, served: &[(u32, Name, Conditions)]) {
        for (_, name, conditions) in served {
            if conditions.has(Conditions::EXCEPT) && self.chan(*name).base.accepting {
                self.unspecified("on a channel that accepts nothing is urgent");
            }
        }
    }

    /// Gives what the next wait tells; on real sockets that is what it told.
    fn report(&mut self, reports: &mut Reports<'_>) -> Option<Report> {
        let Some(oracle) = &mut self.oracle else { return reports.rest.next().cloned() };
        Some(match oracle.told() {
            Some(Told::Ready { ready }) => Report::Ready { ready: ready.clone() },
            Some(Told::Raised { exception: Exception::Os { errno, .. } }) => Report::Fail { errno: *errno },
            _ => Report::default(),
        })
    }

    /// Names the clause for every condition that the wait is asked for, and for every one that it is not.
    fn asked_why(&mut self, asked: &[Asked]) -> Vec<(Name, Conditions, ClauseId)> {
        let mut whys = Vec::new();
        for asked in asked {
            let accepting = self.chan(asked.name).base.accepting;
            let write = match (accepting, self.modern()) {
                (true, true) => "POLL-5",
                (true, false) => "POLL-6",
                (false, _) if asked.conditions.is_empty() => "POLL-9",
                (false, _) => "POLL-4",
            };
            let nothing = asked.conditions.is_empty();
            let except = if asked.conditions.has(Conditions::READ) { "POLL-8" } else { "POLL-7" };
            whys.push((asked.name, Conditions::READ, id(if nothing { "POLL-9" } else { "POLL-3" })));
            whys.push((asked.name, Conditions::WRITE, id(write)));
            if !accepting {
                whys.push((asked.name, Conditions::EXCEPT, id(if nothing { "POLL-9" } else { except })));
            }
        }
        whys
    }
}

/// Puts what select waits for in the order of its three lists.
fn by_list(asked: &[Asked]) -> Vec<Asked> {
    let mut ordered: Vec<Asked> = Vec::new();
    for condition in [Conditions::READ, Conditions::WRITE, Conditions::EXCEPT] {
        for item in asked {
            let seen = ordered.iter().any(|other| other.fd == item.fd);
            if item.conditions.has(condition) && !seen {
                ordered.push(*item);
            }
        }
    }
    ordered
}

/// Keeps of a report what the wait can tell.
fn filtered(waited: &[Asked], ready: &[Ready], call: WaitCall) -> Vec<(u32, Name, Conditions)> {
    let told = waited.iter().map(|asked| {
        let scripted = ready.iter().filter(|item| item.name == asked.name);
        let scripted = scripted.fold(Conditions::NONE, |all, item| all.or(item.conditions));
        let unasked = if call == WaitCall::Poll { Conditions::UNASKED } else { Conditions::NONE };
        (asked.fd, asked.name, scripted.and(asked.conditions.or(unasked)))
    });
    told.filter(|(_, _, conditions)| !conditions.is_empty()).collect()
}
