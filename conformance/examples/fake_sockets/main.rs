//! A small subject with real sockets: its channels connect, send and receive when a step says so, and there is no loop.
//!
//! With an argument it misbehaves in the way that it names, for the tests of the suite itself.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use asyncore_conformance::protocol::{Answer, Hello, LoopKind, PROTOCOL, Place, Places, Request};
use asyncore_spec::feature::Feature;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, Hook, Kind};
use asyncore_spec::trace::{Arg, Event, Reply, SocketCall, What};
use asyncore_spec::value::{Bytes, Value};

/// How long a step waits for data.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() -> io::Result<()> {
    let mut subject = Subject { fault: std::env::args().nth(1).unwrap_or_default(), ..Subject::default() };
    let mut output = io::stdout();
    for line in io::stdin().lock().lines() {
        let mut answer = serde_json::to_string(&subject.answer(&line?))?;
        answer.push('\n');
        output.write_all(answer.as_bytes())?;
        output.flush()?;
    }
    Ok(())
}

#[derive(Default)]
struct Subject {
    /// What it does wrong.
    fault: String,
    channels: BTreeMap<Name, TcpStream>,
}

impl Subject {
    fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn answer(&mut self, line: &str) -> Answer {
        match serde_json::from_str(line) {
            Ok(Request::Hello { nonce, .. }) => Answer::Hello(self.hello(nonce)),
            Ok(Request::Begin { id, places, .. }) => self.begin(id, &places),
            Ok(Request::Step { id, action }) => self.step(id, &action),
            Ok(Request::End { id }) => self.end(id),
            Ok(Request::Run { id, .. } | Request::Settle { id }) => {
                Answer::Unsupported { id, reason: "there is nothing but sockets".to_owned() }
            }
            Err(error) => {
                let request: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
                Answer::Unsupported { id: request["id"].as_u64().unwrap_or(0), reason: error.to_string() }
            }
        }
    }

    fn begin(&mut self, id: u64, places: &Places) -> Answer {
        if self.has("dies in begin") {
            std::process::exit(7);
        }
        if self.has("hangs in the Unix domain") {
            call();
            loop {
                std::thread::park();
            }
        }
        for (name, place) in places {
            let Place::Inet { host, port } = place else {
                return Answer::Unsupported { id, reason: "there is nothing but IPv4".to_owned() };
            };
            if self.has("ignores its port") {
                continue;
            }
            match TcpStream::connect((*host, *port)) {
                Ok(stream) => _ = self.channels.insert(*name, stream),
                Err(error) => return Answer::Error { id, reason: error.to_string() },
            }
        }
        if self.has("answers begin with stepped") {
            return Answer::Stepped { id, events: Vec::new(), bound: Places::new(), printed: String::new() };
        }
        match self.bound(places) {
            Ok(bound) => Answer::Began { id, bound },
            Err(error) => Answer::Error { id, reason: error.to_string() },
        }
    }

    /// Says where the channels are bound: nowhere, unless that is what it does wrong.
    fn bound(&self, places: &Places) -> io::Result<Places> {
        let place = match self.fault.as_str() {
            "is bound where nobody listens" => {
                let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
                Place::Inet { host: Ipv4Addr::LOCALHOST, port }
            }
            // An address that is for documentation, and nobody's.
            "is bound elsewhere" => Place::Inet { host: Ipv4Addr::new(192, 0, 2, 1), port: 9 },
            _ => return Ok(Places::new()),
        };
        Ok(places.keys().map(|name| (*name, place.clone())).collect())
    }

    fn step(&mut self, id: u64, action: &Action) -> Answer {
        match self.fault.as_str() {
            "hangs in a step" => loop {
                std::thread::park();
            },
            "dies in a step" => std::process::exit(7),
            "stalls in the middle of a line" => stall(),
            "floods its standard output" => flood(io::stdout()),
            "floods its standard error" => flood(io::stderr()),
            "is noisy" => eprintln!("{}", "noise ".repeat(100_000)),
            "says error in a step" => return Answer::Error { id, reason: "cannot do that".to_owned() },
            "lacks a step" => return Answer::Unsupported { id, reason: "no such step".to_owned() },
            _ => {}
        }
        let done = match action {
            Action::Receive { chan, size } => self.receive(*chan, *size),
            Action::Send { chan, data } => self.send(*chan, data),
            Action::Close { chan } => {
                self.channels.remove(chan);
                Ok(vec![hook(*chan, Hook::Close, None), socket(*chan, SocketCall::Close, None, Value::None)])
            }
            _ => return Answer::Unsupported { id, reason: "there is no loop".to_owned() },
        };
        match done {
            Ok(events) => Answer::Stepped { id, events, bound: Places::new(), printed: String::new() },
            Err(error) => Answer::Error { id, reason: error.to_string() },
        }
    }

    fn receive(&mut self, chan: Name, size: u32) -> io::Result<Vec<Event>> {
        let stream = self.channels.get_mut(&chan).ok_or(io::ErrorKind::NotConnected)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut data = vec![0; size as usize];
        let length = stream.read(&mut data)?;
        data.truncate(length);
        match self.fault.as_str() {
            "makes bytes up" => data.push(b'?'),
            "alters bytes" => data.reverse(),
            _ => {}
        }
        let asked = Value::int(size.into());
        let value = Value::bytes(data);
        Ok(vec![
            hook(chan, Hook::Recv, Some(asked.clone())),
            socket(chan, SocketCall::Recv, Some(asked), value.clone()),
            result(value),
        ])
    }

    fn send(&mut self, chan: Name, data: &Bytes) -> io::Result<Vec<Event>> {
        let stream = self.channels.get_mut(&chan).ok_or(io::ErrorKind::NotConnected)?;
        let sent = match self.fault.as_str() {
            "sends less than it says" => &data[1..],
            "sends nothing" => &[],
            "sends something else" => b"something else",
            _ => data,
        };
        stream.write_all(sent)?;
        let whole = Value::bytes(&data[..]);
        let length = Value::int(i64::try_from(data.len()).unwrap_or(i64::MAX));
        Ok(vec![
            hook(chan, Hook::Send, Some(whole.clone())),
            socket(chan, SocketCall::Send, Some(whole), length.clone()),
            result(length),
        ])
    }

    fn end(&mut self, id: u64) -> Answer {
        match self.fault.as_str() {
            "leaves sockets open" => return Answer::Ended { id, events: Vec::new() },
            "sends for ever" => std::mem::take(&mut self.channels).into_values().for_each(send_for_ever),
            "dies in the end" => std::process::exit(7),
            "has lost an end" => return Answer::Ended { id: id + 1, events: Vec::new() },
            _ => {}
        }
        self.channels.clear();
        Answer::Ended { id, events: Vec::new() }
    }
}

/// Lets a test know that it is there, as long as it is.
fn call() {
    let address = std::env::var("FAKE_SUBJECT_CALLS").expect("somebody wants to know");
    std::mem::forget(TcpStream::connect(address).expect("the test listens"));
}

/// Writes half a line and no more.
fn stall() -> ! {
    print!("{{\"type\":\"step");
    let _ = io::stdout().flush();
    loop {
        std::thread::park();
    }
}

/// Writes lines as long as anybody reads them.
fn flood(mut to: impl Write) -> ! {
    let lines = "and so on\n".repeat(1000);
    while to.write_all(lines.as_bytes()).is_ok() {}
    loop {
        std::thread::park();
    }
}

/// Goes on sending when everything should have ended.
fn send_for_ever(mut stream: TcpStream) {
    std::thread::spawn(move || while stream.write_all(&[b'x'; 1 << 16]).is_ok() {});
}

impl Subject {
    fn hello(&self, nonce: String) -> Hello {
        let mut hello = hello(nonce);
        hello.features.extend(self.has("claims IPv6").then_some(Feature::Tcp6));
        hello.features.extend(self.has("hangs in the Unix domain").then_some(Feature::UnixSockets));
        hello
    }
}

fn hello(nonce: String) -> Hello {
    Hello {
        protocol: PROTOCOL,
        nonce,
        name: "fake sockets".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        language: "Rust".to_owned(),
        follows: "3.11".to_owned(),
        because: "it says so itself".to_owned(),
        features: vec![Feature::Dispatcher, Feature::Tcp4],
        observes: vec![Kind::Internals, Kind::Socket, Kind::Results],
        missing: Vec::new(),
        ac_in_buffer_size: 65536,
        ac_out_buffer_size: 65536,
        batch: 1,
        loops: LoopKind::Pass,
        scripted: true,
    }
}

fn hook(on: Name, hook: Hook, arg: Option<Value>) -> Event {
    let arg = arg.map(|value| Arg::Value { value });
    Event { depth: 0, what: What::Hook { on, hook, arg, flags: None } }
}

fn socket(on: Name, call: SocketCall, arg: Option<Value>, value: Value) -> Event {
    Event { depth: 1, what: What::Socket { on, call, arg, reply: Reply::Value { value } } }
}

fn result(value: Value) -> Event {
    Event { depth: 0, what: What::Result { value } }
}
