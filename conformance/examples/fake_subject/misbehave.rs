//! Ways to be a bad subject, each named by an argument.
//!
//! Most misbehave only when they are given the bad scenario, the one that holds [`BAD`].
//! Every process writes its number to the file that `FAKE_SUBJECT_PIDS` names, so that tests can tell whether it is gone.

use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Command, exit};

use asyncore_conformance::protocol::{Answer, PROTOCOL};
use asyncore_spec::trace::Trace;

/// What the bad scenario holds: `bad` in hexadecimal digits.
const BAD: &str = "\"626164\"";

/// Misbehaves as the first argument says.
pub(crate) fn main(arguments: &[String]) -> io::Result<()> {
    let started_before = write_pid()?;
    let _alive = call()?;
    let fault = arguments[0].as_str();
    match (fault, arguments.get(1)) {
        ("dies at once", _) => {
            eprintln!("cannot open the frobnicator");
            exit(3)
        }
        ("lingers", Some(address)) => linger(address),
        ("leaves a child behind", Some(address)) => drop(child(address).spawn()?),
        ("lets a child escape", Some(address)) => drop(escaping(address).spawn()?),
        _ => {}
    }
    Session {
        fault,
        nth: arguments.get(1).and_then(|nth| nth.parse().ok()),
        runs: 0,
        started_before,
        held: String::new(),
        overdue: String::new(),
    }
    .serve()
}

struct Session<'a> {
    fault: &'a str,
    /// Which run counts, for what happens once in a process.
    nth: Option<u32>,
    runs: u32,
    started_before: bool,
    /// What is written next.
    held: String,
    /// What is written after that.
    overdue: String,
}

impl Session<'_> {
    fn serve(&mut self) -> io::Result<()> {
        let mut input = BufReader::new(io::stdin());
        let mut line = String::new();
        loop {
            line.clear();
            if input.read_line(&mut line)? == 0 {
                break;
            }
            let answer = if line.contains("\"hello\"") { self.hello(&line) } else { self.run(&line) };
            self.held.push_str(&answer);
            if !answer.is_empty() {
                self.held.push_str(&std::mem::take(&mut self.overdue));
            }
            if self.fault != "keeps answers back" || !input.buffer().contains(&b'\n') {
                self.flush()?;
            }
        }
        if self.fault == "does not end" {
            hang();
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut output = io::stdout();
        output.write_all(self.held.as_bytes())?;
        self.held.clear();
        output.flush()
    }

    fn hello(&self, line: &str) -> String {
        let Answer::Hello(mut hello) = crate::answer(line) else { unreachable!("hello is answered with hello") };
        match self.fault {
            "is silent" => hang(),
            "prints a banner" => return format!("Welcome! {}\n", "blah ".repeat(100)),
            "has another nonce" => hello.nonce = "0123".to_owned(),
            "speaks the old protocol" => hello.protocol = PROTOCOL - 1,
            "speaks a strange protocol" => return "{\"type\":\"hello\",\"protocol\":99,\"magic\":true}\n".to_owned(),
            "does not know hello" => return json(&Answer::Unsupported { id: 7, reason: "what?".to_owned() }),
            "repeats its features" => hello.features.extend(hello.features.clone()),
            "crashes then becomes another" if self.started_before => hello.name = "impostor".to_owned(),
            "takes one at a time" => hello.batch = 0,
            "takes all at once" => hello.batch = u32::MAX,
            _ => {}
        }
        json(&Answer::Hello(hello))
    }

    fn run(&mut self, line: &str) -> String {
        let answer = crate::answer(line);
        let id = crate::id(line);
        let plain = json(&answer);
        if line.contains("nosuch_") {
            return self.probed(id, plain);
        }
        self.runs += 1;
        match self.fault {
            "writes much" => return with_printed(answer, &"much ".repeat(20_000)),
            "is noisy" => eprintln!("{}", "noise ".repeat(100_000)),
            "reads nothing more" => hang(),
            "says yes, but not to nonsense" => {
                return json(&Answer::Ok { id, trace: Trace::default(), printed: String::new() });
            }
            _ => {}
        }
        let now = self.nth.map_or_else(|| line.contains(BAD), |nth| self.runs == nth);
        if now { self.misbehave(id, answer, &plain) } else { plain }
    }

    fn probed(&self, id: u64, plain: String) -> String {
        match self.fault {
            "says yes" => json(&Answer::Ok { id, trace: Trace::default(), printed: String::new() }),
            "says error" => json(&Answer::Error { id, reason: "no such step".to_owned() }),
            "chokes on nonsense" => {
                eprintln!("KeyError: nosuch");
                exit(1)
            }
            _ => plain,
        }
    }

    fn misbehave(&mut self, id: u64, answer: Answer, plain: &str) -> String {
        match self.fault {
            "crashes" | "crashes then becomes another" | "keeps answers back" => {
                eprintln!("about to crash");
                std::process::abort()
            }
            "exits" => exit(7),
            "stops in the middle" => {
                print!("{}", &plain[..10]);
                let _ = io::stdout().flush();
                exit(0)
            }
            "hangs" => hang(),
            "floods" => flood(),
            "answers another request" => json(&Answer::Unsupported { id: id + 1000, reason: "no".to_owned() }),
            "answers twice" => plain.repeat(2),
            "answers after the next" => {
                plain.clone_into(&mut self.overdue);
                String::new()
            }
            "says hello again" => json(&Answer::Hello(crate::hello("again".to_owned()))),
            "prints in between" => format!("debug: {id}\n{plain}"),
            "prints bytes" => format!("\u{1}\u{2}\n{plain}"),
            "sends an empty line" => format!("\n{plain}"),
            "makes steps up" => with_one_more_step(answer),
            "says error" => json(&Answer::Error { id, reason: "cannot do that".to_owned() }),
            #[cfg(unix)]
            "closes its output" => {
                let null = std::fs::File::create("/dev/null").expect("there is /dev/null");
                rustix::stdio::dup2_stdout(null).expect("standard output can be replaced");
                hang()
            }
            _ => plain.to_owned(),
        }
    }
}

fn json(answer: &Answer) -> String {
    serde_json::to_string(answer).expect("an answer can be written as JSON") + "\n"
}

fn with_printed(mut answer: Answer, text: &str) -> String {
    if let Answer::Ok { printed, .. } = &mut answer {
        text.clone_into(printed);
    }
    json(&answer)
}

fn with_one_more_step(mut answer: Answer) -> String {
    if let Answer::Ok { trace, .. } = &mut answer {
        trace.steps.push(Vec::new());
    }
    json(&answer)
}

fn hang() -> ! {
    loop {
        std::thread::park();
    }
}

fn flood() -> ! {
    let mut output = io::stdout();
    while output.write_all(&[b'x'; 4096]).is_ok() {}
    exit(1)
}

/// Lives as long as the connection does.
fn linger(address: &str) -> ! {
    let mut stream = TcpStream::connect(address).expect("the test listens");
    let _ = io::copy(&mut stream, &mut io::sink());
    exit(0)
}

/// Makes a child that has the same standard streams.
fn child(address: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("the program has a path"));
    command.args(["lingers", address]);
    command
}

/// Makes a child that is not in this process's group.
fn escaping(address: &str) -> Command {
    let mut command = child(address);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// Calls the test that wants to know when this process is there; the connection ends with it.
fn call() -> io::Result<Option<TcpStream>> {
    std::env::var("FAKE_SUBJECT_CALLS").ok().map(TcpStream::connect).transpose()
}

/// Writes down the number of this process; says whether others did before.
fn write_pid() -> io::Result<bool> {
    let Some(path) = std::env::var_os("FAKE_SUBJECT_PIDS") else { return Ok(false) };
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let before = file.metadata()?.len() > 0;
    writeln!(file, "{}", std::process::id())?;
    Ok(before)
}
