//! Line echo over loopback: this crate's loop against CPython, bare mio and tokio.
//!
//! ```sh
//! cargo bench -p asyncore-reference --bench loops                    # all parts
//! cargo bench -p asyncore-reference --bench loops -- idle            # some of echo, idle, accept
//! cargo bench -p asyncore-reference --bench loops -- --quick         # whether it works
//! cargo bench -p asyncore-reference --bench loops -- alone poll 50 16 64 5 10000
//! ```
//!
//! `alone SUBJECT CONNECTIONS DEPTH BYTES SECONDS IDLE` keeps one server busy, beside so many idle
//! connections, and shows its process, for a profiler to look at.
//!
//! Every server is a process of its own; what counts is its CPU time for a message, which the
//! kernel reports in nanoseconds. One client drives them all and is not counted. All servers stand
//! ready during a case and are measured in turn, round by round, beginning with another one each
//! time; a ratio is taken within a round and shown with the least and the greatest of all rounds.
//! `TCP_NODELAY` is set on every socket: accepted ones inherit it from the listener.
//!
//! What cannot be better is measured as well: bare mio beside every goal, and beside idle connections
//! `mio-asking`, bare mio that before each wait asks a trait object for every connection whether it
//! wants to read and whether to write, as a loop of asyncore has to.
//!
//! The interpreter is `$PYTHON`, or else the first of a few names whose asynchat can be imported.

#[cfg(target_os = "linux")]
mod client;
#[cfg(target_os = "linux")]
mod goals;
#[cfg(target_os = "linux")]
mod machine;
#[cfg(target_os = "linux")]
mod parts;
#[cfg(target_os = "linux")]
mod rounds;
#[cfg(target_os = "linux")]
mod serve;
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod subject;

#[cfg(target_os = "linux")]
fn main() {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["serve", subject] => serve::serve(subject::named(subject)),
        ["alone", subject, connections, depth, bytes, seconds, idle] => {
            let number = |word: &str| word.parse().unwrap_or_else(|_| panic!("{word:?} is no number"));
            let case = parts::Case::new(number(connections), number(depth), number(bytes));
            parts::alone(subject::named(subject), case, number(seconds), number(idle));
        }
        _ => parts::run(&words),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("the CPU time and the memory of a process are read from Linux's /proc");
}
