//! What is done to the programs: the other ends of their connections.
//!
//! Messages are small, and each waits for the answer to the one before, so that how the kernel cuts a stream changes
//! nothing. Both the reference's programs and Python's are treated so.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use super::tape::{PATIENCE, Tape};

/// A program that is running; what else it holds ends it when it is dropped.
pub(crate) struct Running {
    pub(crate) tape: Tape,
    pub(crate) _guard: Option<Box<dyn std::any::Any>>,
}

/// Starts a program with these arguments, and makes it pause before the wait that follows a line, if it is not empty.
pub(crate) type Start<'a> = &'a dyn Fn(&[String], &str) -> Running;

/// Something done to a program, which returns what the program did.
pub(crate) type Stimulus = fn(Start<'_>) -> String;

/// Arguments in front of others: an address, as Python's programs take it.
fn at(address: SocketAddr, others: &[&str]) -> Vec<String> {
    let address = [address.ip().to_string(), address.port().to_string()];
    address.into_iter().chain(others.iter().map(|&other| other.to_owned())).collect()
}

fn anywhere() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(anywhere()).expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    (listener, address)
}

/// A stream that does not wait for ever.
fn patient(stream: TcpStream) -> TcpStream {
    stream.set_nodelay(true).expect("it is open");
    stream.set_read_timeout(Some(PATIENCE)).expect("it is open");
    stream.set_write_timeout(Some(PATIENCE)).expect("it is open");
    stream
}

fn connect(address: SocketAddr) -> TcpStream {
    patient(TcpStream::connect(address).expect("it listens"))
}

/// Accepts a connection that has been made.
fn accept(listener: &TcpListener) -> TcpStream {
    patient(listener.accept().expect("there is one").0)
}

#[track_caller]
fn say(mut stream: &TcpStream, data: &[u8]) {
    stream.write_all(data).expect("there is room");
}

#[track_caller]
fn hear(mut stream: &TcpStream, data: &[u8]) {
    let mut heard = vec![0; data.len()];
    stream.read_exact(&mut heard).expect("it comes");
    assert_eq!(heard.escape_ascii().to_string(), data.escape_ascii().to_string());
}

#[track_caller]
fn hear_the_end(mut stream: &TcpStream) {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("the end comes");
    assert_eq!(rest.escape_ascii().to_string(), "");
}

fn quote(data: &[u8]) -> String {
    format!("\"{}\"", data.escape_ascii())
}

pub(crate) fn http_client_2_0(start: Start<'_>) -> String {
    http_client(start, &[], b"GET /index HTTP/1.0\r\n\r\n")
}

pub(crate) fn http_client_2_7(start: Start<'_>) -> String {
    http_client(start, &[], b"GET /index HTTP/1.0\r\n\r\n")
}

pub(crate) fn http_client_3(start: Start<'_>) -> String {
    http_client(start, &[], b"GET /index HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
}

fn http_client(start: Start<'_>, options: &[&str], request: &[u8]) -> String {
    let (listener, address) = listener();
    let running = start(&at(address, &[&["/index"], options].concat()), "");
    running.tape.wait_for("client.handle_connect");
    let server = accept(&listener);
    hear(&server, request);
    for piece in [&b"HTTP/1.0 200 OK\r\n\r\n"[..], b"<p>It\xb4s here.</p>"] {
        say(&server, piece);
        running.tape.wait_for(&format!("s1.recv 8192 -> {}", quote(piece)));
    }
    drop(server);
    running.tape.lines().join("\n")
}

/// The printed client sends nothing, over and over; how often, nobody can say.
pub(crate) fn http_client_2_0_as_printed(start: Start<'_>) -> String {
    const NOTHING: [&str; 2] = ["client.handle_write", "s1.send \"\" -> 0"];
    let (listener, address) = listener();
    let running = start(&at(address, &["/index", "--as-printed"]), "");
    running.tape.wait_for("client.handle_connect");
    let server = accept(&listener);
    hear(&server, b"GET /index HTTP/1.0\r\x08\r\n");
    running.tape.wait_for_more(NOTHING[1], 3);
    // A server would wait for more. This one has mercy.
    let answer = b"HTTP/1.0 200 OK\r\n\r\n";
    say(&server, answer);
    running.tape.wait_for(&format!("s1.recv 8192 -> {}", quote(answer)));
    running.tape.wait_for_more(NOTHING[1], 3);
    drop(server);
    let (mut lines, mut rest) = (Vec::new(), &*running.tape.lines());
    while let [first, others @ ..] = rest {
        let times = rest.chunks_exact(2).take_while(|pair| *pair == NOTHING).count();
        if times > 1 {
            lines.extend(NOTHING.map(str::to_owned));
            lines.push("(again and again)".to_owned());
            rest = &rest[2 * times..];
        } else {
            lines.push(first.clone());
            rest = others;
        }
    }
    lines.join("\n")
}

/// Two clients, of whom the second goes first.
pub(crate) fn echo(start: Start<'_>) -> String {
    let running = start(&at(anywhere(), &["2"]), "");
    let tape = &running.tape;
    let first = connect(tape.address());
    tape.wait_for("s1.accept -> s2");
    for message in [&b"hello"[..], b"\x00\xff\r\n"] {
        say(&first, message);
        hear(&first, message);
    }
    let second = connect(tape.address());
    tape.wait_for("s1.accept -> s3");
    say(&second, b"it's me");
    hear(&second, b"it's me");
    drop(second);
    tape.wait_for("s3.close");
    say(&first, b"alone");
    hear(&first, b"alone");
    drop(first);
    tape.lines().join("\n")
}

/// Two clients, who both speak while the server has something to send and does not look.
#[cfg(target_os = "linux")]
pub(crate) fn echo_at_once(start: Start<'_>) -> String {
    let running = start(&at(anywhere(), &["2"]), "s2.recv 1024 -> \"one \"");
    let tape = &running.tape;
    let first = connect(tape.address());
    tape.wait_for("s1.accept -> s2");
    let second = connect(tape.address());
    tape.wait_for("s1.accept -> s3");
    say(&first, b"one ");
    tape.wait_for("(paused)");
    say(&second, b"two");
    say(&first, b"three");
    until("both have come", || kernel(ports(&first)) == Some(5) && kernel(ports(&second)) == Some(3));
    tape.resume();
    hear(&first, b"one three");
    hear(&second, b"two");
    drop(first);
    tape.wait_for("s2.close");
    drop(second);
    tape.lines().join("\n")
}

/// A request without a body, and one with a body, in pieces and too long.
pub(crate) fn http_request_handler(start: Start<'_>) -> String {
    let running = start(&at(anywhere(), &["2"]), "");
    let tape = &running.tape;
    let reader = connect(tape.address());
    tape.wait_for("s1.accept -> s2");
    say(&reader, b"GET /page HTTP/1.0\r\nAccept: */*\r\n\r\n");
    hear(&reader, b"HTTP/1.0 200 OK\r\nContent-Length: 20\r\n\r\nGET /page HTTP/1.0\r\n");
    hear_the_end(&reader);
    let writer = connect(tape.address());
    tape.wait_for("s1.accept -> s3");
    for (piece, collected) in [
        (&b"POST /form HTTP/1.0\r\nContent-Le"[..], &b"POST /form HTTP/1.0\r\nContent-Le"[..]),
        (b"ngth: 9\r\n\r", b"ngth: 9"),
        (b"\na=1&", b"a=1&"),
        (b"b=two extra", b" extra"),
    ] {
        say(&writer, piece);
        tape.wait_for(&format!("handler.collect_incoming_data {}", quote(collected)));
    }
    hear(&writer, b"HTTP/1.0 200 OK\r\nContent-Length: 30\r\n\r\nPOST /form HTTP/1.0\r\na=1&b=two");
    hear_the_end(&writer);
    // How much is asked for differs between releases.
    tape.lines().join("\n").replace("recv 4096 ->", "recv ->").replace("recv 65536 ->", "recv ->")
}

/// A client that reads lines.
struct Talker(BufReader<TcpStream>);

impl Talker {
    fn new(address: SocketAddr) -> Self {
        let mut talker = Self(BufReader::new(connect(address)));
        talker.hears("What is your name?");
        talker
    }

    #[track_caller]
    fn says(&self, text: &str) {
        say(self.0.get_ref(), text.as_bytes());
    }

    #[track_caller]
    fn hears(&mut self, expected: &str) {
        let mut line = String::new();
        self.0.read_line(&mut line).expect("a line comes");
        assert_eq!(line, format!("{expected}\r\n"));
    }

    #[track_caller]
    fn hears_the_end(&mut self) {
        let mut line = String::new();
        assert_eq!(self.0.read_line(&mut line).expect("the end comes"), 0, "{line}");
    }
}

pub(crate) fn chat_server(start: Start<'_>) -> String {
    let running = start(&at(anywhere(), &["3"]), "");
    let tape = &running.tape;
    let mut ann = Talker::new(tape.address());
    ann.says("ann\n");
    ann.hears("Welcome, ann. Here is nobody.");
    let mut bob = Talker::new(tape.address());
    bob.says("ann\r\n");
    bob.hears("Please take another name.");
    bob.says("bob\r\n");
    bob.hears("Welcome, bob. Here is ann.");
    ann.hears("* bob has come");
    ann.says("hello\n");
    bob.hears("ann: hello");
    bob.says("one\ntwo\nthr");
    ann.hears("bob: one");
    ann.hears("bob: two");
    tape.wait_for("session 2.collect_incoming_data \"thr\"");
    bob.says("ee\n");
    ann.hears("bob: three");
    bob.says("/quit\n");
    bob.hears("Goodbye.");
    bob.hears_the_end();
    ann.hears("* bob has gone");
    let mut nobody = Talker::new(tape.address());
    nobody.says("/quit\n");
    nobody.hears("Goodbye.");
    nobody.hears_the_end();
    tape.wait_for("s4.close");
    drop(ann);
    tape.lines().join("\n")
}

/// Makes a proxy and both ends of a connection by way of it: the program, the client and the server.
fn proxied(start: Start<'_>, pause: &str) -> (Running, TcpStream, TcpStream) {
    let (listener, upstream) = listener();
    let running = start(&[at(anywhere(), &[]), at(upstream, &["1"])].concat(), pause);
    let client = connect(running.tape.address());
    running.tape.wait_for("upstream.handle_connect");
    let server = accept(&listener);
    (running, client, server)
}

pub(crate) fn tcp_proxy(start: Start<'_>) -> String {
    let (running, client, server) = proxied(start, "");
    for number in 1..=2 {
        let (question, answer) = (format!("question {number}"), format!("answer {number}"));
        say(&client, question.as_bytes());
        hear(&server, question.as_bytes());
        say(&server, answer.as_bytes());
        hear(&client, answer.as_bytes());
    }
    drop(server);
    hear_the_end(&client);
    running.tape.lines().join("\n")
}

pub(crate) fn tcp_proxy_whose_client_goes(start: Start<'_>) -> String {
    let (running, client, server) = proxied(start, "");
    say(&client, b"bye");
    hear(&server, b"bye");
    drop(client);
    hear_the_end(&server);
    running.tape.lines().join("\n")
}

pub(crate) fn tcp_proxy_without_a_server(start: Start<'_>) -> String {
    let (listener, upstream) = listener();
    drop(listener);
    let running = start(&[at(anywhere(), &[]), at(upstream, &["1"])].concat(), "");
    hear_the_end(&connect(running.tape.address()));
    running.tape.lines().join("\n")
}

/// The client's side reads, hands on to the server's, which finds its connection lost and closes the client's.
#[cfg(target_os = "linux")]
pub(crate) fn tcp_proxy_that_comes_back(start: Start<'_>) -> String {
    let (running, client, server) = proxied(start, "s3.send \"one\" -> 3");
    let tape = &running.tape;
    say(&client, b"one");
    // What has come and is not read makes the end of the connection a reset.
    server.peek(&mut [0]).expect("it comes");
    tape.wait_for("(paused)");
    // Both happen while the proxy does not look.
    let (far_of_client, far_of_server) = (ports(&client), ports(&server));
    say(&client, b"two");
    until("the data is there", || kernel(far_of_client) == Some(3));
    drop(server);
    until("the connection is reset", || kernel(far_of_server).is_none());
    tape.resume();
    hear_the_end(&client);
    tape.lines().join("\n")
}

/// The ports of the other end of a connection, near and far.
#[cfg(target_os = "linux")]
fn ports(stream: &TcpStream) -> (u16, u16) {
    let near = stream.peer_addr().expect("it is connected").port();
    (near, stream.local_addr().expect("it is bound").port())
}

/// Finds the end of a connection that has these ports, near and far, if it is established: how much has come there that
/// has not been read.
#[cfg(target_os = "linux")]
fn kernel((near, far): (u16, u16)) -> Option<usize> {
    let table = std::fs::read_to_string("/proc/net/tcp").expect("it is there on Linux");
    let port = |address: &str| u16::from_str_radix(address.rsplit(':').next().unwrap_or_default(), 16).ok();
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let [_, local, remote, "01", queues, ..] = *fields else { return None };
        let unread = queues.split_once(':')?.1;
        (port(local) == Some(near) && port(remote) == Some(far)).then(|| usize::from_str_radix(unread, 16).ok())?
    })
}

#[cfg(target_os = "linux")]
#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "waiting until {what}");
        std::thread::yield_now();
    }
}

/// How much the proxy has read from the server and not sent to the client, after each line.
fn held(lines: &[String]) -> impl Iterator<Item = usize> {
    // All data are letters, so that what stands between the quotes is as long as they are.
    let between = |line: &str| line.split('"').nth(1).map_or(0, str::len);
    lines.iter().scan(0, move |held, line| {
        if line.starts_with("s3.recv") {
            *held += between(line);
        } else if let Some((_, sent)) = line.rsplit_once("-> ").filter(|_| line.starts_with("s2.send")) {
            *held -= sent.parse::<usize>().unwrap_or(0);
        }
        Some(*held)
    })
}

/// A server that sends all it can, and a client that reads nothing until the proxy is full. Returns the most that the
/// proxy held.
pub(crate) fn most_held_by_tcp_proxy(start: Start<'_>, limit: usize) -> usize {
    let (running, client, server) = proxied(start, "");
    let tape = running.tape.clone();
    let full = move |lines: &[String]| held(lines).last().is_some_and(|held| held >= limit);
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        let mut sent = 0;
        while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
            sent += (&server).write(&[b'x'; 65536]).expect("the client reads at last");
        }
        sent
    });
    tape.wait_until("the proxy is full", full);
    drop(stop);
    let received = std::io::copy(&mut &client, &mut std::io::sink()).expect("all comes");
    let sent = writer.join().expect("it does not fail");
    assert_eq!(received, sent as u64);
    held(&tape.lines()).max().expect("there are lines")
}
