//! Descriptors: those that are closed, used again, duplicated or very many, in one thread or several.

use super::{
    Address, Cell, Channel, Class, Core, Exception, Family, Kind, Log, Loop, Map, NativeSocket, Py25, Py27, Py311, Rc,
    Read, Reader, RefCell, Socket, UnixStream, Write, dispatcher, errno, next, pass, poll, rstest, tcp, thread,
};

/// Runs in a process of its own, where nobody else opens the number again.
#[test]
#[ignore = "is run by another test"]
fn alone_with_a_closed_descriptor() {
    let map = Map::new(Py311);
    let (near, _far) = tcp();
    let reader = Reader::new(near, &map);
    pass(false, 0.0, &map);
    reader.core().socket().expect("it has one").close().expect("it is never an error");
    assert_eq!(poll(Some(10.0), &map), Err(Exception::Os(errno::EBADF)));
    assert_eq!(poll(Some(10.0), &map), Err(Exception::Os(errno::EBADF)));
    assert_eq!(next(true, &map, &reader.log), "close");
    assert!(map.is_empty());
}

#[rstest]
fn a_descriptor_that_is_used_again(#[values(false, true)] use_poll: bool) {
    let map = Map::new(Py311);
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let (near, mut far) = UnixStream::pair().expect("there are descriptors");
        let reader = Reader::new(near, &map);
        numbers.push(reader.core().fileno());
        far.write_all(b"x").expect("there is room");
        assert_eq!(next(use_poll, &map, &reader.log), "read \"x\"");
        assert_eq!(reader.close(), Ok(()));
    }
}

#[rstest]
fn a_duplicate_keeps_nothing_registered(#[values(false, true)] use_poll: bool) {
    let map = Map::new(Py311);
    let (near, mut far) = UnixStream::pair().expect("there are descriptors");
    let (other, _kept) = UnixStream::pair().expect("there are descriptors");
    let _duplicate = near.try_clone().expect("there are descriptors");
    let (closed, idle) = (Reader::new(near, &map), Reader::new(other, &map));
    pass(use_poll, 0.0, &map);
    assert_eq!(closed.close(), Ok(()));
    far.write_all(b"x").expect("there is room");
    pass(use_poll, 0.01, &map);
    assert_eq!((closed.log.take(), idle.log.take()), (String::new(), String::new()));
}

#[test]
fn each_thread_has_loops_of_its_own() {
    let threads = (0..4).map(|index: u8| {
        thread::spawn(move || {
            let map = Map::new(Py311);
            let (near, mut far) = tcp();
            let reader = Reader::new(near, &map);
            far.write_all(&[b'a' + index]).expect("there is room");
            drop(far);
            Loop { timeout: Some(10.0), use_poll: index > 1, ..Loop::default() }.run(&map).expect("it ends");
            reader.log.take()
        })
    });
    let threads: Vec<_> = threads.collect();
    for (index, thread) in threads.into_iter().enumerate() {
        let letter = char::from(b"abcd"[index]);
        assert!(thread.join().expect("it does not fail").starts_with(&format!("read \"{letter}\"")));
    }
}

#[test]
fn negative_times() {
    for (profile, expected) in [(Py25, Exception::Os(errno::EINVAL)), (Py27, Exception::Os(errno::EINVAL))] {
        let map = Map::new(profile);
        let (near, _far) = tcp();
        let reader = Reader::new(near, &map);
        assert_eq!(poll(Some(-1.0), &map), Err(expected.clone()));
        reader.size.set(0);
        assert_eq!(poll(Some(-1.0), &map), Err(expected));
    }
    let map = Map::new(Py311);
    let (near, _far) = tcp();
    let reader = Reader::new(near, &map);
    assert_eq!(poll(Some(-1.0), &map).map_err(|error| error.class()), Err("ValueError"));
    reader.size.set(0);
    assert_eq!(poll(Some(-1.0), &map).map_err(|error| error.class()), Err("ValueError"));
}

#[test]
fn many_at_once_are_reported_in_the_order_of_the_map() {
    let map = Map::new(Py311);
    let log = Log::default();
    let mut peers = Vec::new();
    for _ in 0..300 {
        let (near, far) = UnixStream::pair().expect("there are descriptors");
        let socket = Rc::new(NativeSocket::new(near));
        dispatcher::init(Reader::bare(Class::Dispatcher, &map, &log), Some(socket)).expect("it is good");
        peers.push(far);
    }
    for (index, peer) in peers.iter_mut().enumerate().rev() {
        peer.write_all(index.to_string().as_bytes()).expect("there is room");
    }
    pass(false, 10.0, &map);
    let expected: Vec<_> = (0..300).map(|index| format!("read \"{index}\"")).collect();
    assert_eq!(log.take().lines().collect::<Vec<_>>(), expected);
    for peer in &mut peers {
        let mut nothing = [0; 1];
        peer.set_nonblocking(true).expect("it is open");
        assert!(peer.read(&mut nothing).is_err());
    }
}

/// Returns how many descriptors this process has open.
fn open() -> usize {
    std::fs::read_dir("/dev/fd").expect("there is such a folder").count()
}

/// Runs in a process of its own, where nobody else opens anything.
#[test]
#[ignore = "is run by another test"]
fn alone_with_its_descriptors() {
    let (peer, kept) = UnixStream::pair().expect("there are descriptors");
    let another = || kept.try_clone().expect("there are descriptors");
    let before = open();

    // A channel off the map is dropped with its last holder.
    let map = Map::new(Py311);
    let reader = Reader::new(another(), &map);
    pass(false, 0.0, &map);
    let loop_only = open() - before - 1;
    map.clear();
    assert_eq!(open(), before + loop_only + 1);
    reader.socket.replace(None);
    drop(reader);
    assert_eq!(open(), before + loop_only);

    // A map drops its channels, and what its loop waited on.
    let reader = Reader::new(another(), &map);
    reader.socket.replace(None);
    drop(reader);
    assert_eq!(open(), before + loop_only + 1);
    drop(map);
    assert_eq!(open(), before);

    // Closing closes, whoever holds the channel.
    let map = Map::new(Py311);
    let reader = Reader::new(another(), &map);
    reader.close().expect("it is never an error");
    assert_eq!(open(), before);
    drop(reader);

    // The default map lives as long as the thread.
    let near = another();
    thread::spawn(move || {
        let core = Core::new(Class::Dispatcher, Py311);
        let (log, size, writes) = (Log::default(), Cell::new(1), Cell::new(false));
        let reader = Reader { core, log, size, writes, socket: RefCell::default() };
        let socket = Rc::new(NativeSocket::new(near));
        dispatcher::init(reader, Some(socket)).expect("the socket is good");
        poll(Some(0.0), &asyncore_reference::socket_map(Py311)).expect("it is good");
    })
    .join()
    .expect("it does not fail");
    assert_eq!(open(), before);
    drop(peer);
}

#[rstest]
#[case::descriptors_are_released("alone_with_its_descriptors")]
#[case::a_closed_descriptor_in_the_map("alone_with_a_closed_descriptor")]
fn in_a_process_of_its_own(#[case] name: &str) {
    let program = std::env::current_exe().expect("it has a name");
    let output = std::process::Command::new(program)
        .args(["--exact", &format!("native::descriptors::{name}"), "--ignored", "--test-threads=1"])
        .output()
        .expect("it runs");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
}

/// The longest name leaves room for the zero at its end, as Python has it.
#[rstest]
#[case::longest(107, true)]
#[case::too_long(108, false)]
fn a_long_name_of_a_unix_domain_socket(#[case] length: usize, #[case] fits: bool) {
    let directory = tempfile::tempdir().expect("there is room");
    let mut path = directory.path().join("s").into_os_string();
    while path.len() < length {
        path.push("s");
    }
    let address = Address::Unix(path.into());
    let socket = NativeSocket::create(Family::Unix, Kind::Stream).expect("there is room");
    assert_eq!(socket.bind(&address).is_ok(), fits);
    if fits {
        assert_eq!(socket.local_name(), Ok(address));
    }
}
