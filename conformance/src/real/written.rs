//! The suite's own scenarios for real sockets: text files, each run over every transport that its first line names.

use std::sync::LazyLock;

use asyncore_spec::peer::Transport;
use asyncore_spec::scenario::{Scenario, Setup};
use asyncore_spec::text::parse_scenario;

macro_rules! files {
    ($($name:literal)*) => {
        /// The files' names and texts.
        const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../scenarios/sockets/", $name, ".scn")))),*];
    };
}

files! {
    "lines"
    "lines_poll"
    "split_terminator"
    "count"
    "no_terminator"
    "small_buffer"
    "answer"
    "answer_poll"
    "push_large"
    "push_large_poll"
    "push_many"
    "producer"
    "close_when_done"
    "end"
    "end_poll"
    "half_close"
    "rest_before_end"
    "peer_closes"
    "reset"
    "reset_poll"
    "push_after_reset"
    "close"
    "raise_in_callback"
    "urgent"
    "urgent_poll"
    "urgent_with_data"
    "read"
    "write"
    "unread"
    "receive_nothing"
    "with_send"
    "connect"
    "connect_poll"
    "connect_at_once"
    "refused"
    "refused_poll"
    "refused_at_once"
    "no_peer"
    "listen"
    "accept"
    "accept_poll"
    "accept_several"
    "accept_nothing"
    "maps"
    "two_channels"
    "two_channels_poll"
    "close_each_other"
    "close_each_other_poll"
    "pass_on"
    "close_all"
    "loop_count"
    "loop_until_empty"
    "datagrams"
    "datagrams_poll"
    "datagrams_connected"
    "pipe"
    "pipe_poll"
    "pipe_unread"
}

/// The word with which a file's first line begins.
const OVER: &str = "# over";

static SCENARIOS: LazyLock<Vec<(&str, Scenario)>> = LazyLock::new(|| {
    let of = |(name, text): &(&'static str, &str)| {
        let over = |transport| (*name, over(name, text, transport));
        let transports = transports(text).unwrap_or_else(|| panic!("{name}: the first line says `{OVER} TRANSPORT…`"));
        transports.into_iter().map(over).collect::<Vec<_>>()
    };
    FILES.iter().flat_map(of).collect()
});

/// Gives every scenario by its file's name, once for each transport.
pub fn scenarios() -> impl Iterator<Item = (&'static str, Scenario)> {
    SCENARIOS.iter().cloned()
}

/// Gives the transports that a text's first line names by `# over TRANSPORT…`; none if that line is another one.
#[must_use]
pub fn transports(text: &str) -> Option<Vec<Transport>> {
    let words = text.lines().next()?.strip_prefix(OVER)?.split_whitespace();
    words.map(Transport::by_name).collect::<Option<Vec<_>>>().filter(|transports| !transports.is_empty())
}

/// Is what only a transport gives a meaning.
pub const PLACEHOLDERS: [&str; 3] = ["$socket", "$large", "$some"];

/// Fills in what stands for something else. `$socket` stands for the family and type of a transport's sockets, `$large`
/// and `$some` for data that nobody wants to read.
#[must_use]
pub fn fill_in(text: &str, transport: Transport) -> String {
    let socket = match transport {
        Transport::Tcp4 | Transport::Pipe => "inet stream",
        Transport::Tcp6 => "inet6 stream",
        Transport::Unix => "unix stream",
        Transport::Udp => "inet dgram",
    };
    let meanings = [socket.to_owned(), data(LARGE), data(SOME)];
    let all = PLACEHOLDERS.iter().zip(meanings);
    all.fold(text.to_owned(), |text, (word, meaning)| text.replace(word, &meaning))
}

/// Makes the scenario for one transport.
fn over(name: &str, text: &str, transport: Transport) -> Scenario {
    let text = fill_in(text, transport);
    let mut scenario = parse_scenario(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    scenario.setup.insert(0, Setup::Over { transport });
    scenario
}

/// More than the kernel takes at once.
const LARGE: usize = 300 << 10;

/// More than one buffer of some releases.
const SOME: usize = 5000;

fn data(length: usize) -> String {
    let letters = (b'a'..=b'z').cycle().map(char::from);
    format!("\"{}\"", letters.take(length).collect::<String>())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_scenario_makes_sense() {
        for (name, scenario) in scenarios() {
            assert_eq!(scenario.check(), Ok(()), "{name}");
        }
    }

    #[test]
    fn every_file_is_listed() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/sockets");
        let files = std::fs::read_dir(directory).expect("the directory is there");
        let names = files.map(|file| file.expect("it can be read").file_name().into_string().expect("a text"));
        let names: HashSet<String> = names.collect();
        let listed: HashSet<String> = FILES.iter().map(|(name, _)| format!("{name}.scn")).collect();
        assert_eq!(names, listed);
    }

    #[test]
    fn no_scenario_stands_there_twice() {
        let all: Vec<Scenario> = scenarios().map(|(_, scenario)| scenario).collect();
        assert_eq!(all.len(), all.iter().collect::<HashSet<_>>().len());
    }
}
