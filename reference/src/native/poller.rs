//! A level-triggered wait on mio, which is edge-triggered.
//!
//! The poller keeps books of what each descriptor is registered for and tells mio of changes
//! alone; it keeps the list that it was asked, too, so that the same list costs nothing. A
//! descriptor that was reported is registered anew before the next wait: the kernel then looks at
//! it again and reports what is still there. One that had nothing to report is left alone, and so
//! is one that had data alone, all of which were read: whatever comes to it later is an edge.
//!
//! A descriptor that is closed leaves the kernel's books by itself, or, if a duplicate is open,
//! does not; so [`Poller::forget`] is told before.

use std::cell::RefCell;
use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use mio::event::Event;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};

use crate::errno::{EBADF, EEXIST, ENOENT, EPERM};
use crate::exception::Exception;
use crate::flags::Flags;
use crate::system::{Asked, AskedList, Ready};

/// How many descriptors one call of the system reports; if there are more, there is another call.
const EVENTS: usize = 1024;

/// Waits for many descriptors.
pub(super) struct Poller(RefCell<State>);

struct State {
    poll: Poll,
    events: Events,
    /// Tells data from urgent data, where mio does not; opened when there are urgent data.
    second: Option<Poll>,
    /// What the last wait was asked.
    asked: AskedList,
    /// What is known of each descriptor, by its number.
    known: Vec<Known>,
    /// Counts the changes of what is asked.
    round: u32,
    /// Whether something is not registered that should be.
    stale: bool,
    /// What was reported and is to be looked at again.
    reported: Vec<i32>,
    /// What cannot be registered, because it is always ready or because it is not open.
    unregistered: Vec<i32>,
}

#[derive(Clone, Copy, Default)]
struct Known {
    standing: Standing,
    flags: Flags,
    entry: u32,
    /// Its place in what is asked, which is the order of reports.
    place: u32,
    /// The round in which it was asked last.
    round: u32,
    reported: bool,
    /// Whether that was data and nothing else, no end either.
    data_alone: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Standing {
    /// The kernel does not know it.
    #[default]
    Unknown,
    Registered,
    /// The kernel does not wait for it, because it never blocks: a regular file.
    AlwaysReady,
    /// It is not open.
    NotOpen,
}

impl Poller {
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self(RefCell::new(State {
            poll: Poll::new()?,
            events: Events::with_capacity(EVENTS),
            second: None,
            asked: AskedList::default(),
            known: Vec::new(),
            round: 0,
            stale: false,
            reported: Vec::new(),
            unregistered: Vec::new(),
        })))
    }

    /// Takes note of what is asked, which `check` must find good if it is new.
    ///
    /// Returns whether a descriptor is not open.
    pub(super) fn watch(
        &self,
        asked: &AskedList,
        check: impl Fn(&[Asked]) -> Result<(), Exception>,
    ) -> Result<bool, Exception> {
        let state = &mut *self.0.borrow_mut();
        if state.stale || !state.asked.is(asked) {
            check(asked)?;
            let changed = state.change(asked);
            state.or_forget_all(changed)?;
        }
        let looked = state.look_again();
        state.or_forget_all(looked)?;
        let not_open = |fd: &i32| state.known[number(*fd)].standing == Standing::NotOpen;
        Ok(state.unregistered.iter().any(not_open))
    }

    /// Waits, and appends to `ready` what `reports` makes of what was asked and what was found.
    pub(super) fn wait(
        &self,
        timeout: Option<Duration>,
        reports: fn(Flags, Flags) -> Flags,
        ready: &mut Vec<Ready>,
    ) -> Result<(), Exception> {
        let state = &mut *self.0.borrow_mut();
        let before = ready.len();
        state.report_unregistered(reports, ready);
        let timeout = if ready.len() > before { Some(Duration::ZERO) } else { timeout };
        let deadline =
            timeout.filter(|timeout| !timeout.is_zero()).and_then(|timeout| Instant::now().checked_add(timeout));
        let mut remaining = timeout;
        loop {
            // An error loses what the kernel has reported, and it does not report it again.
            let collected = state.collect(remaining, reports, ready);
            let full = state.or_forget_all(collected)?;
            let over = remaining.is_some_and(|remaining| remaining.is_zero());
            if !full && (over || ready.len() > before) {
                break;
            }
            remaining = match deadline {
                _ if full => Some(Duration::ZERO),
                Some(deadline) => Some(deadline.saturating_duration_since(Instant::now())),
                None => timeout,
            };
        }
        state.put_in_order(&mut ready[before..]);
        Ok(())
    }

    /// Takes note that all data of a descriptor have been read since the last wait.
    ///
    /// Need not be told; then the kernel is asked to look.
    #[inline]
    pub(super) fn emptied(&self, fd: i32) {
        if let Some(known) = self.0.borrow_mut().known.get_mut(number(fd)) {
            known.reported &= !known.data_alone;
        }
    }

    /// Forgets a descriptor that is about to be closed.
    pub(super) fn forget(&self, fd: i32) {
        let state = &mut *self.0.borrow_mut();
        if let Some(known) = state.known.get_mut(number(fd)) {
            if known.standing == Standing::Registered {
                // It may be known no more, if somebody else closed it.
                let _ = state.poll.registry().deregister(&mut SourceFd(&fd));
            }
            state.stale |= known.standing != Standing::Unknown;
            *known = Known::default();
        }
    }
}

impl State {
    /// Brings the books up to what is asked.
    fn change(&mut self, asked: &AskedList) -> Result<(), Exception> {
        self.round = self.round.wrapping_add(1);
        self.unregistered.clear();
        let mut stay = 0;
        for (place, asked) in asked.iter().enumerate() {
            let index = number(asked.fd);
            if index >= self.known.len() {
                self.known.resize(index + 1, Known::default());
            }
            let mut known = self.known[index];
            stay += usize::from(known.standing != Standing::Unknown);
            let registered = known.standing == Standing::Registered && known.entry == asked.entry;
            if !registered || known.flags != asked.flags {
                known.standing = register(&self.poll, asked, known.standing)?;
                known.reported = false;
            }
            (known.flags, known.entry) = (asked.flags, asked.entry);
            (known.place, known.round) = (u32::try_from(place).unwrap_or(u32::MAX), self.round);
            self.known[index] = known;
            if known.standing != Standing::Registered {
                self.unregistered.push(asked.fd);
            }
        }
        if stay < self.asked.len() {
            self.drop_others();
        }
        self.asked = asked.clone();
        self.stale = !self.unregistered.is_empty();
        Ok(())
    }

    /// Deregisters what was asked before and is asked no more.
    fn drop_others(&mut self) {
        for asked in self.asked.iter() {
            let known = &mut self.known[number(asked.fd)];
            if known.round != self.round {
                if known.standing == Standing::Registered {
                    // It may be closed already.
                    let _ = self.poll.registry().deregister(&mut SourceFd(&asked.fd));
                }
                *known = Known::default();
            }
        }
    }

    /// Starts again with empty books after an error, which may have left them half written.
    fn or_forget_all<T>(&mut self, result: Result<T, Exception>) -> Result<T, Exception> {
        if result.is_err() {
            self.forget_all();
        }
        result
    }

    fn forget_all(&mut self) {
        for (index, known) in self.known.iter_mut().enumerate() {
            if let (Standing::Registered, Ok(fd)) = (known.standing, i32::try_from(index)) {
                let _ = self.poll.registry().deregister(&mut SourceFd(&fd));
            }
            *known = Known::default();
        }
        self.asked = AskedList::default();
        self.unregistered.clear();
        self.reported.clear();
        self.stale = true;
    }

    /// Has the kernel look again at what was reported the last time.
    fn look_again(&mut self) -> Result<(), Exception> {
        while let Some(fd) = self.reported.pop() {
            let known = &mut self.known[number(fd)];
            if std::mem::take(&mut known.reported) && known.standing == Standing::Registered {
                let asked = Asked { fd, flags: known.flags, entry: known.entry };
                known.standing = register(&self.poll, &asked, known.standing)?;
                if known.standing != Standing::Registered {
                    self.unregistered.push(fd);
                    self.stale = true;
                }
            }
        }
        Ok(())
    }

    /// Reports what the kernel does not wait for.
    fn report_unregistered(&mut self, reports: fn(Flags, Flags) -> Flags, ready: &mut Vec<Ready>) {
        for &fd in &self.unregistered {
            let known = &self.known[number(fd)];
            let found = match known.standing {
                Standing::AlwaysReady => Flags::IN | Flags::OUT,
                Standing::NotOpen => Flags::NVAL,
                Standing::Unknown | Standing::Registered => Flags::NONE,
            };
            let flags = reports(known.flags, found);
            if !flags.is_empty() {
                ready.push(Ready { fd, flags });
            }
        }
    }

    /// Asks the system once; returns whether it may have more to tell.
    fn collect(
        &mut self,
        timeout: Option<Duration>,
        reports: fn(Flags, Flags) -> Flags,
        ready: &mut Vec<Ready>,
    ) -> Result<bool, Exception> {
        match self.poll.poll(&mut self.events, timeout) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(false),
            polled => polled?,
        }
        let mut count = 0;
        for event in &self.events {
            count += 1;
            let index = event.token().0;
            let Some(known) = self.known.get_mut(index).filter(|known| known.standing == Standing::Registered) else {
                continue;
            };
            let fd = i32::try_from(index).expect("a descriptor's number was the index");
            let mut found = flags_of(event);
            if found.any(Flags::PRI) && known.flags.any(Flags::IN) && !has_data(&mut self.second, fd)? {
                found = found - Flags::IN;
            }
            let flags = reports(known.flags, found);
            if flags.is_empty() {
                continue;
            }
            let data_alone = found == Flags::IN && !event.is_read_closed();
            known.data_alone = data_alone && (known.data_alone || !known.reported);
            if !std::mem::replace(&mut known.reported, true) {
                self.reported.push(fd);
                ready.push(Ready { fd, flags });
            } else if let Some(earlier) = ready.iter_mut().find(|ready| ready.fd == fd) {
                earlier.flags = earlier.flags | flags;
            }
        }
        Ok(count == EVENTS)
    }

    /// Puts reports into the order of what was asked.
    fn put_in_order(&self, ready: &mut [Ready]) {
        ready.sort_unstable_by_key(|ready| self.known[number(ready.fd)].place);
    }
}

/// Returns the index of a descriptor, which is not negative.
fn number(fd: i32) -> usize {
    usize::try_from(fd).unwrap_or(usize::MAX)
}

/// Registers a descriptor, or registers it anew, and returns how it stands now.
fn register(poll: &Poll, asked: &Asked, standing: Standing) -> Result<Standing, Exception> {
    let Some(interest) = interest(asked.flags) else { return Ok(Standing::Unknown) };
    let (registry, token) = (poll.registry(), Token(number(asked.fd)));
    let add = || registry.register(&mut SourceFd(&asked.fd), token, interest);
    let modify = || registry.reregister(&mut SourceFd(&asked.fd), token, interest);
    let failed = |error: &io::Error, errno| error.raw_os_error() == Some(errno);
    let result = match standing {
        Standing::Registered => modify().or_else(|error| if failed(&error, ENOENT) { add() } else { Err(error) }),
        _ => add().or_else(|error| if failed(&error, EEXIST) { modify() } else { Err(error) }),
    };
    match result {
        Ok(()) => Ok(Standing::Registered),
        Err(error) if failed(&error, EPERM) => Ok(Standing::AlwaysReady),
        Err(error) if failed(&error, EBADF) => Ok(Standing::NotOpen),
        Err(error) => Err(error.into()),
    }
}

fn interest(flags: Flags) -> Option<Interest> {
    let list = [
        flags.any(Flags::IN).then_some(Interest::READABLE),
        flags.any(Flags::OUT).then_some(Interest::WRITABLE),
        #[cfg(any(target_os = "linux", target_os = "android"))]
        flags.any(Flags::PRI).then_some(Interest::PRIORITY),
    ];
    list.into_iter().flatten().reduce(|all, one| all | one)
}

/// Reads back what the kernel said. Data and urgent data look the same for now.
///
/// mio gives a hang-up in two halves, of which an error may look like the second.
fn flags_of(event: &Event) -> Flags {
    let error = event.is_error();
    let hung_up = event.is_write_closed() && (!error || event.is_read_closed());
    Flags::IN.when(event.is_readable())
        | Flags::PRI.when(event.is_priority())
        | Flags::OUT.when(event.is_writable())
        | Flags::ERR.when(error)
        | Flags::HUP.when(hung_up)
}

/// Tells whether a descriptor with urgent data has others as well.
fn has_data(second: &mut Option<Poll>, fd: i32) -> Result<bool, Exception> {
    let poll = match second {
        Some(poll) => poll,
        None => second.insert(Poll::new()?),
    };
    let mut events = Events::with_capacity(1);
    poll.registry().register(&mut SourceFd(&fd), Token(0), Interest::READABLE)?;
    let polled = poll.poll(&mut events, Some(Duration::ZERO));
    poll.registry().deregister(&mut SourceFd(&fd))?;
    polled?;
    Ok(events.iter().any(Event::is_readable))
}

#[cfg(all(test, any(target_os = "linux", target_os = "android")))]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
    use std::os::fd::AsRawFd;

    use rustix::net::{RecvFlags, SendFlags, recv, send};

    use super::*;
    use crate::native::readiness::by_poll;

    /// Returns what a wait of some seconds reports of the one descriptor.
    fn wait(poller: &Poller, asked: &AskedList, seconds: u64) -> Flags {
        poller.watch(asked, |_| Ok(())).expect("it is open");
        let mut ready = Vec::new();
        poller.wait(Some(Duration::from_secs(seconds)), by_poll, &mut ready).expect("it is open");
        ready.first().map_or(Flags::NONE, |ready| ready.flags)
    }

    #[test]
    fn only_data_alone_can_be_emptied() {
        let urgent = |far: &mut TcpStream| {
            send(&*far, b"!", SendFlags::OOB).expect("there is room");
            far.write_all(b"def").expect("there is room");
        };
        let end = |far: &mut TcpStream| far.shutdown(Shutdown::Write).expect("it is open");
        let nothing = |_: &mut TcpStream| ();
        let cases: [(fn(&mut TcpStream), _); 3] = [(nothing, false), (urgent, true), (end, true)];
        for (more, again) in cases {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
            let mut far = TcpStream::connect(listener.local_addr().expect("it is bound")).expect("it listens");
            let (mut near, _) = listener.accept().expect("it was connected");
            far.write_all(b"abc").expect("there is room");
            more(&mut far);
            while recv(&near, &mut [0; 10][..], RecvFlags::PEEK).expect("it is open").0 < 3 {}
            let poller = Poller::new().expect("there are descriptors");
            let fd = near.as_raw_fd();
            let asked = vec![Asked { fd, flags: Flags::IN | Flags::PRI, entry: 0 }].into();
            assert!(wait(&poller, &asked, 10).any(Flags::IN));
            assert!(wait(&poller, &asked, 10).any(Flags::IN), "nobody has read");
            assert_eq!(near.read(&mut [0; 10]).expect("it is open"), 3);
            poller.emptied(fd);
            for _ in 0..2 {
                assert_eq!(wait(&poller, &asked, if again { 10 } else { 0 }).any(Flags::IN), again);
            }
            if !again {
                far.write_all(b"def").expect("there is room");
                assert!(wait(&poller, &asked, 10).any(Flags::IN));
            }
        }
    }
}
