//! Real sockets, pipes and files, under both ways to wait.
//!
//! Nothing sleeps to wait for something: a pass waits until something comes, and at most ten
//! seconds. What must not come is looked for by a pass that does not wait.

use std::cell::{Cell, RefCell};
use std::io::{Read, Write, pipe};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::rc::Rc;
use std::thread;

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{
    Address, Channel, Class, Core, Exception, Family, Kind, Loop, Map, NativeFile, NativeSocket, NativeSystem, Profile,
    Socket, System, dispatcher, errno, file, poll, poll2,
};
use rstest::rstest;
use rustix::net::{RecvFlags, SendFlags};

use crate::support::{Log, name, quote};

mod descriptors;
#[cfg(target_os = "linux")]
mod scarce;

/// A dispatcher that reads and records, and wants to write only if told so.
struct Reader {
    core: Core,
    log: Log,
    /// How many bytes a read asks for; 0 for not reading.
    size: Cell<usize>,
    writes: Cell<bool>,
    socket: RefCell<Option<Rc<NativeSocket>>>,
}

impl Reader {
    fn bare(class: Class, map: &Map, log: &Log) -> Self {
        let core = Core::new(class, map.profile()).in_map(map);
        Self { core, log: log.clone(), size: Cell::new(100), writes: Cell::new(false), socket: RefCell::default() }
    }

    fn new(socket: impl Into<std::os::fd::OwnedFd>, map: &Map) -> Rc<Self> {
        Self::around(NativeSocket::new(socket), map)
    }

    fn around(socket: NativeSocket, map: &Map) -> Rc<Self> {
        let socket = Rc::new(socket);
        let reader = Self::bare(Class::Dispatcher, map, &Log::default());
        reader.socket.replace(Some(Rc::clone(&socket)));
        dispatcher::init(reader, Some(socket)).expect("the socket is good")
    }
}

impl Channel for Reader {
    fn core(&self) -> &Core {
        &self.core
    }

    fn readable(&self) -> Result<bool, Exception> {
        Ok(self.size.get() > 0)
    }

    fn writable(&self) -> Result<bool, Exception> {
        Ok(self.writes.get() || !self.core.connected() && !self.core.accepting())
    }

    fn handle_read(&self) -> Result<(), Exception> {
        let mut data = Vec::new();
        self.recv(self.size.get(), &mut data)?;
        self.log.add(format!("read {}", quote(&data)));
        Ok(())
    }

    fn handle_write(&self) -> Result<(), Exception> {
        self.log.add("write");
        self.writes.set(false);
        Ok(())
    }

    fn handle_connect(&self) -> Result<(), Exception> {
        self.log.add("connect");
        Ok(())
    }

    fn handle_expt(&self) -> Result<(), Exception> {
        let Some(socket) = self.socket.borrow().clone() else {
            self.log.add("expt");
            return self.close();
        };
        let mut byte = [0];
        let (count, _) = rustix::net::recv(socket.duplicate()?, &mut byte[..], RecvFlags::OOB)?;
        self.log.add(format!("urgent {}", quote(&byte[..count])));
        Ok(())
    }

    fn handle_accepted(&self, socket: Rc<dyn Socket>, _addr: &Address) -> Result<(), Exception> {
        self.log.add("accepted");
        let child = Self::bare(Class::Dispatcher, &self.core.map().expect("it lives"), &self.log);
        dispatcher::init(child, Some(socket)).map(drop)
    }

    fn handle_close(&self) -> Result<(), Exception> {
        self.log.add("close");
        self.close()
    }

    fn handle_error(&self, exception: &Exception) -> Result<(), Exception> {
        self.log.add(format!("error {}", name(exception)));
        self.close()
    }
}

fn pass(use_poll: bool, timeout: f64, map: &Map) {
    let done = if use_poll { poll2(Some(timeout), map) } else { poll(Some(timeout), map) };
    assert_eq!(done, Ok(()));
}

/// Waits until something came, and returns the calls since the last time.
#[track_caller]
fn next(use_poll: bool, map: &Map, log: &Log) -> String {
    pass(use_poll, 10.0, map);
    log.take().replace('\n', ", ")
}

/// Makes passes until there has been the call `last`, and returns all calls.
#[track_caller]
fn until(last: &str, use_poll: bool, map: &Map, log: &Log) -> String {
    let mut calls = String::new();
    for _ in 0..1000 {
        pass(use_poll, 10.0, map);
        calls += &log.take().replace('\n', ", ");
        if calls.ends_with(last) {
            return calls;
        }
        calls += ", ";
    }
    panic!("never came to {last}: {calls}");
}

fn tcp() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let near = TcpStream::connect(listener.local_addr().expect("it is bound")).expect("it listens");
    let (far, _) = listener.accept().expect("it was connected");
    far.set_nodelay(true).expect("it is open");
    (near, far)
}

/// Makes a connection whose near end was `created` by this crate, or else taken over.
fn tcp_end(created: bool) -> (NativeSocket, TcpStream) {
    if !created {
        let (near, far) = tcp();
        return (NativeSocket::new(near), far);
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let near = NativeSocket::create(Family::Inet, Kind::Stream).expect("there are descriptors");
    near.connect(&listener.local_addr().expect("it is bound").into()).expect("it listens");
    let (far, _) = listener.accept().expect("it was connected");
    far.set_nodelay(true).expect("it is open");
    (near, far)
}

#[rstest]
fn what_was_not_read_is_reported_again(
    #[values(false, true)] use_poll: bool,
    #[values(Py25, Py27, Py311)] profile: Profile,
    #[values(false, true)] created: bool,
) {
    let map = Map::new(profile);
    let (near, mut far) = tcp_end(created);
    let reader = Reader::around(near, &map);
    reader.size.set(1);
    far.write_all(b"abc").expect("there is room");
    for byte in ["a", "b", "c"] {
        assert_eq!(next(use_poll, &map, &reader.log), format!("read \"{byte}\""));
    }
    pass(use_poll, 0.0, &map);
    far.write_all(b"d").expect("there is room");
    assert_eq!(next(use_poll, &map, &reader.log), "read \"d\"");
    drop(far);
    assert_eq!(next(use_poll, &map, &reader.log), "close, read \"\"");
    assert!(map.is_empty());
}

#[rstest]
fn what_comes_after_a_short_read_is_reported(#[values(false, true)] use_poll: bool) {
    let map = Map::new(Py311);
    let (near, mut far) = tcp_end(true);
    let reader = Reader::around(near, &map);
    for data in ["abc", "def"] {
        far.write_all(data.as_bytes()).expect("there is room");
        assert_eq!(next(use_poll, &map, &reader.log), format!("read \"{data}\""));
        pass(use_poll, 0.0, &map);
        assert_eq!(reader.log.take(), "");
    }
    reader.writes.set(true);
    far.write_all(b"ghi").expect("there is room");
    assert_eq!(next(use_poll, &map, &reader.log), "read \"ghi\", write");
    drop(far);
    assert_eq!(next(use_poll, &map, &reader.log), "close, read \"\"");
}

#[rstest]
fn an_end_behind_a_short_read_is_reported(#[values(false, true)] use_poll: bool) {
    let map = Map::new(Py311);
    let (near, mut far) = tcp_end(true);
    let reader = Reader::around(near, &map);
    reader.size.set(4);
    far.write_all(b"abcdef").expect("there is room");
    assert_eq!(next(use_poll, &map, &reader.log), "read \"abcd\"");
    // Half of it is still there when the end comes, so that both are found by the same wait.
    far.shutdown(std::net::Shutdown::Write).expect("it is open");
    assert_eq!(until("read \"\"", use_poll, &map, &reader.log), "read \"ef\", close, read \"\"");
}

#[rstest]
fn interest_comes_and_goes(#[values(false, true)] use_poll: bool, #[values(false, true)] created: bool) {
    let map = Map::new(Py311);
    let (near, mut far) = tcp_end(created);
    let reader = Reader::around(near, &map);
    reader.size.set(0);
    far.write_all(b"abc").expect("there is room");
    for _ in 0..3 {
        pass(use_poll, 0.0, &map);
    }
    reader.writes.set(true);
    assert_eq!(next(use_poll, &map, &reader.log), "write");
    pass(use_poll, 0.0, &map);
    reader.size.set(2);
    assert_eq!(next(use_poll, &map, &reader.log), "read \"ab\"");
    reader.size.set(0);
    pass(use_poll, 0.0, &map);
    assert_eq!(reader.log.take(), "");
    reader.size.set(2);
    reader.writes.set(true);
    assert_eq!(next(use_poll, &map, &reader.log), "read \"c\", write");
}

#[rstest]
#[case::select(false, Py311)]
#[case::select_25(false, Py25)]
#[case::poll(true, Py311)]
fn urgent_data_alone_are_no_data(
    #[case] use_poll: bool,
    #[case] profile: Profile,
    #[values(false, true)] created: bool,
) {
    let map = Map::new(profile);
    let (near, mut far) = tcp_end(created);
    let reader = Reader::around(near, &map);
    rustix::net::send(&far, b"!", SendFlags::OOB).expect("there is room");
    assert_eq!(next(use_poll, &map, &reader.log), "urgent \"!\"");
    pass(use_poll, 0.0, &map);
    assert_eq!(reader.log.take(), "");
    far.write_all(b"abc").expect("there is room");
    assert_eq!(next(use_poll, &map, &reader.log), "read \"abc\"");
}

#[rstest]
fn urgent_data_come_after_data(#[values(false, true)] use_poll: bool, #[values(false, true)] created: bool) {
    let map = Map::new(Py311);
    let (near, mut far) = tcp_end(created);
    let reader = Reader::around(near, &map);
    far.write_all(b"abc").expect("there is room");
    rustix::net::send(&far, b"!", SendFlags::OOB).expect("there is room");
    far.write_all(b"def").expect("there is room");
    // All of it has come when the last byte can be seen.
    let socket = reader.socket.borrow().clone().expect("it was set");
    let mut seen = [0; 10];
    while !reader.log.take().is_empty() || seen[0] == 0 {
        let descriptor = socket.duplicate().expect("it is open");
        let _ = rustix::net::recv(descriptor, &mut seen[..], RecvFlags::PEEK);
    }
    let calls = until("read \"def\"", use_poll, &map, &reader.log);
    assert_eq!(calls, "read \"abc\", urgent \"!\", read \"def\"");
}

/// A read ends at the place of urgent data even when these were read before.
#[rstest]
fn data_behind_urgent_data_that_were_read(#[values(false, true)] use_poll: bool, #[values(false, true)] created: bool) {
    let map = Map::new(Py311);
    let (near, mut far) = tcp_end(created);
    let reader = Reader::around(near, &map);
    far.write_all(b"abc").expect("there is room");
    rustix::net::send(&far, b"!", SendFlags::OOB).expect("there is room");
    far.write_all(b"def").expect("there is room");
    let socket = reader.socket.borrow().clone().expect("it was set").duplicate().expect("it is open");
    let mut byte = [0];
    while rustix::net::recv(&socket, &mut byte[..], RecvFlags::OOB).is_err() {}
    assert_eq!(until("read \"def\"", use_poll, &map, &reader.log), "read \"abc\", read \"def\"");
}

#[rstest]
#[case::poll_reads_once(true, "read \"abcd\", close")]
#[case::select_reads_all(false, "read \"abcd\", read \"efgh\", read \"ij\", close, read \"\"")]
fn data_before_a_hang_up(#[case] use_poll: bool, #[case] calls: &str) {
    let map = Map::new(Py311);
    let (near, mut far) = UnixStream::pair().expect("there are descriptors");
    let reader = Reader::new(near, &map);
    reader.size.set(4);
    far.write_all(b"abcdefghij").expect("there is room");
    drop(far);
    let last = calls.rsplit(", ").next().expect("there is one");
    assert_eq!(until(last, use_poll, &map, &reader.log), calls);
    assert!(map.is_empty());
}

#[rstest]
fn a_hang_up_that_nobody_reads(#[values(Py27, Py311)] profile: Profile) {
    let map = Map::new(profile);
    let (near, far) = UnixStream::pair().expect("there are descriptors");
    let reader = Reader::new(near, &map);
    reader.size.set(0);
    reader.writes.set(true);
    drop(far);
    assert_eq!(next(true, &map, &reader.log), "write, close");

    // A writer alone is not told of it by select: here the buffer is full, so there is nothing to tell.
    let (near, far) = UnixStream::pair().expect("there are descriptors");
    near.set_nonblocking(true).expect("it is open");
    while (&near).write(&[0; 4096]).is_ok() {}
    let reader = Reader::new(near, &map);
    reader.size.set(0);
    reader.writes.set(true);
    pass(false, 0.0, &map);
    far.shutdown(std::net::Shutdown::Write).expect("it is open");
    pass(false, 0.01, &map);
    assert_eq!(reader.log.take(), "");
}

#[rstest]
#[case::select(false, "error ECONNREFUSED")]
#[case::poll(true, "error ECONNREFUSED")]
fn a_refused_connection(#[case] use_poll: bool, #[case] calls: &str, #[values(Py27, Py311)] profile: Profile) {
    let map = Map::new(profile);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let log = Log::default();
    let reader = dispatcher::init(Reader::bare(Class::Dispatcher, &map, &log), None).expect("no socket, no error");
    reader.create_socket(Family::Inet, Kind::Stream).expect("there are descriptors");
    reader.connect(&address.into()).expect("it takes time");
    let calls_made = next(use_poll, &map, &log);
    // Under poll the handler of the error is a lost connection or not, by its number; this one is not.
    assert_eq!(calls_made, calls);
    assert!(map.is_empty());
}

/// Makes a listener and a client of it, both channels of one map.
fn meet(family: Family, address: &Address, map: &Map, log: &Log) -> (Rc<Reader>, Rc<Reader>) {
    let listener = dispatcher::init(Reader::bare(Class::Dispatcher, map, log), None).expect("no socket, no error");
    listener.create_socket(family, Kind::Stream).expect("there are descriptors");
    listener.set_reuse_addr().expect("it is never an error");
    listener.bind(address).expect("the address is free");
    listener.listen(5).expect("it is bound");
    assert!(listener.core().accepting());
    let address = match address {
        Address::Ip(_) => listener.core().socket().expect("it has one").local_name().expect("it is bound"),
        path => path.clone(),
    };
    let client = dispatcher::init(Reader::bare(Class::Dispatcher, map, log), None).expect("no socket, no error");
    client.create_socket(family, Kind::Stream).expect("there are descriptors");
    client.connect(&address).expect("it listens");
    (listener, client)
}

#[rstest]
#[case::v4(Family::Inet, SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))]
#[case::v6(Family::Inet6, SocketAddr::from((Ipv6Addr::LOCALHOST, 0)))]
fn a_connection_is_accepted(
    #[case] family: Family,
    #[case] address: SocketAddr,
    #[values(false, true)] use_poll: bool,
) {
    let (map, log) = (Map::new(Py311), Log::default());
    let (listener, client) = meet(family, &address.into(), &map, &log);
    let mut calls = Vec::new();
    for _ in 0..1000 {
        pass(use_poll, 10.0, &map);
        calls.extend(log.take().lines().map(str::to_owned));
        if calls.len() == 3 {
            break;
        }
    }
    calls.sort();
    assert_eq!(calls, ["accepted", "connect", "write"]);
    assert_eq!(map.len(), 3);
    assert!(client.core().connected() && !listener.core().connected());
    assert_eq!(client.send(b"hello"), Ok(5));
    assert_eq!(next(use_poll, &map, &log), "read \"hello\"");
}

#[rstest]
fn a_unix_domain_socket_connects_at_once(#[values(false, true)] use_poll: bool) {
    let folder = tempfile::tempdir().expect("there is room");
    let (map, log) = (Map::new(Py311), Log::default());
    let address = Address::Unix(folder.path().join("socket"));
    let (listener, client) = meet(Family::Unix, &address, &map, &log);
    assert_eq!(log.take(), "connect");
    assert_eq!(client.core().addr(), Some(address));
    assert_eq!(next(use_poll, &map, &log), "accepted");
    assert_eq!(listener.close(), Ok(()));
    assert_eq!(client.close(), Ok(()));
    assert_eq!(next(use_poll, &map, &log), if use_poll { "close, read \"\", close" } else { "close, read \"\"" });
}

#[rstest]
fn datagrams(#[values(false, true)] use_poll: bool) {
    let map = Map::new(Py311);
    let here = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let there = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    there.connect(here.local_addr().expect("it is bound")).expect("it is there");
    let reader = Reader::new(here, &map);
    assert!(!reader.core().connected());
    for data in [b"one", b"two"] {
        there.send(data).expect("there is room");
    }
    let calls = [(); 2].map(|()| next(use_poll, &map, &reader.log));
    assert_eq!(calls, ["read \"one\", write", "read \"two\", write"]);
    assert!(!reader.core().connected());
}

/// A short read of datagrams leaves the others.
#[rstest]
fn datagrams_from_a_peer(#[values(false, true)] use_poll: bool) {
    let map = Map::new(Py311);
    let there = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let here = NativeSocket::create(Family::Inet, Kind::Dgram).expect("there are descriptors");
    here.connect(&there.local_addr().expect("it is bound").into()).expect("it is there");
    let Ok(Address::Ip(address)) = here.local_name() else { panic!("no address") };
    let reader = Reader::around(here, &map);
    for data in [b"one", b"two"] {
        there.send_to(data, address).expect("there is room");
    }
    let calls = [(); 2].map(|()| next(use_poll, &map, &reader.log));
    assert_eq!(calls, ["read \"one\"", "read \"two\""]);
}

#[rstest]
fn a_pipe(#[values(false, true)] use_poll: bool, #[values(Py25, Py27, Py311)] profile: Profile) {
    let (map, log) = (Map::new(profile), Log::default());
    let (reading, mut writing) = pipe().expect("there are descriptors");
    let given = Rc::new(NativeFile::new(reading));
    let bare = Reader::bare(Class::File, &map, &log);
    let reader = file::init(bare, Rc::clone(&given) as Rc<dyn Socket>).expect("the pipe is good");
    assert_eq!(reader.core().fileno() == given.fileno().ok(), profile == Py25);
    assert!(reader.core().connected());
    writing.write_all(b"abc").expect("there is room");
    assert_eq!(next(use_poll, &map, &log), "read \"abc\"");
    drop(writing);
    let calls = next(use_poll, &map, &log);
    match (use_poll, profile) {
        (true, Py25) => assert_eq!(calls, "expt"),
        (true, _) => assert_eq!(calls, "close"),
        (false, _) => assert_eq!(calls, "close, read \"\""),
    }
}

#[rstest]
fn a_regular_file_is_always_ready(#[values(false, true)] use_poll: bool) {
    let (map, log) = (Map::new(Py311), Log::default());
    let mut temporary = tempfile::tempfile().expect("there is room");
    temporary.write_all(b"abcdef").expect("there is room");
    std::io::Seek::rewind(&mut temporary).expect("it is a file");
    let file = Rc::new(NativeFile::new(temporary));
    let reader = file::init(Reader::bare(Class::File, &map, &log), file).expect("the file is good");
    reader.size.set(4);
    for calls in ["read \"abcd\"", "read \"ef\"", "close, read \"\""] {
        assert_eq!(next(use_poll, &map, &log), calls);
    }
    assert!(map.is_empty());
}

#[rstest]
fn two_maps_may_wait_by_one_system(#[values(false, true)] use_poll: bool) {
    let system: Rc<dyn System> = Rc::new(NativeSystem::new(Py311));
    let maps = [(); 2].map(|()| Map::with_system(Py311, Rc::clone(&system)));
    let [(mut far, near), (mut other_far, other_near)] = [tcp(), tcp()];
    let (reader, other) = (Reader::new(near, &maps[0]), Reader::new(other_near, &maps[1]));
    for word in ["a", "b"] {
        far.write_all(word.as_bytes()).expect("there is room");
        other_far.write_all(word.as_bytes()).expect("there is room");
        assert_eq!(next(use_poll, &maps[0], &reader.log), format!("read \"{word}\""));
        assert_eq!(next(use_poll, &maps[1], &other.log), format!("read \"{word}\""));
    }
    // What waits for one map does not wake the other.
    far.write_all(b"c").expect("there is room");
    pass(use_poll, 0.0, &maps[1]);
    assert_eq!(other.log.take(), "");
    assert_eq!(next(use_poll, &maps[0], &reader.log), "read \"c\"");
}

#[rstest]
fn what_a_channel_waits_for_may_change_at_every_pass(#[values(false, true)] use_poll: bool) {
    let map = Map::new(Py311);
    let [(mut far, near), (_other_far, other_near)] = [tcp(), tcp()];
    let (reader, other) = (Reader::new(near, &map), Reader::new(other_near, &map));
    for _ in 0..3 {
        other.writes.set(true);
        assert_eq!(next(use_poll, &map, &other.log), "write");
        reader.size.set(0);
        far.write_all(b"x").expect("there is room");
        pass(use_poll, 0.0, &map);
        assert_eq!(reader.log.take(), "");
        reader.size.set(100);
        assert_eq!(next(use_poll, &map, &reader.log), "read \"x\"");
    }
}
