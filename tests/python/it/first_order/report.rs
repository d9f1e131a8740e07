//! What became of all changes.

use std::fmt;

use super::explained::Explanations;
use super::{Change, Found};

/// Counts what was found and keeps what needs a look.
#[derive(Default)]
pub(super) struct Report {
    caught: usize,
    near: usize,
    not_started: usize,
    noted: Vec<String>,
    elsewhere: Vec<String>,
    explained: Vec<String>,
    /// The changes that nothing shows and nothing explains.
    pub(super) unexplained: Vec<String>,
}

impl Report {
    pub(super) fn note(&mut self, change: &Change, found: &Found, explanations: &Explanations) {
        match found {
            Found::NotStarted => self.not_started += 1,
            Found::Noted(clauses) => self.noted.push(format!("{change}: {}", clauses.join(" "))),
            Found::Caught(clauses) => {
                self.caught += 1;
                let areas = areas(change);
                if areas.contains(&area(clauses[0])) {
                    self.near += 1;
                } else {
                    self.elsewhere.push(format!("{change}: {}", clauses.join(" ")));
                }
            }
            Found::Silent => match explanations.of(change) {
                Some(why) => self.explained.push(format!("{change}: {why}")),
                None => self.unexplained.push(change.to_string()),
            },
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lists = [
            ("reported as SHOULD or QUIRK", &self.noted),
            ("a clause of another area blamed first", &self.elsewhere),
            ("pass, and are explained", &self.explained),
            ("pass", &self.unexplained),
        ];
        for (title, list) in lists {
            writeln!(f, "{title}: {}", list.len())?;
            list.iter().try_for_each(|line| writeln!(f, "    {line}"))?;
        }
        writeln!(f, "caught: {}, a clause of the right area blamed first: {}", self.caught, self.near)?;
        write!(f, "not to be imported or started, or no change at all: {}", self.not_started)
    }
}

fn area(clause: &str) -> &str {
    clause.split('-').next().unwrap_or(clause)
}

/// Gives the areas whose clauses speak of the function that is changed.
fn areas(change: &Change) -> &'static [&'static str] {
    let function = change.name.split(':').next().unwrap_or_default();
    AREAS.iter().find(|(name, _)| *name == function).map_or(&[], |(_, areas)| areas)
}

const AREAS: &[(&str, &[&str])] = &[
    ("read", &["ERROR", "EVENT"]),
    ("write", &["ERROR", "EVENT"]),
    ("_exception", &["ERROR", "EVENT"]),
    ("readwrite", &["ERROR", "EVENT", "POLL"]),
    ("poll", &["POLL", "LOOP"]),
    ("poll2", &["POLL", "LOOP"]),
    ("loop", &["LOOP", "POLL", "MAP"]),
    ("dispatcher", &["CONNECT", "ACCEPT", "EVENT", "LOG"]),
    ("dispatcher.__init__", &["CONNECT", "MAP"]),
    ("dispatcher.__repr__", &["LOG"]),
    ("dispatcher.add_channel", &["MAP"]),
    ("dispatcher.del_channel", &["MAP", "CLOSE"]),
    ("dispatcher.create_socket", &["CONNECT", "MAP"]),
    ("dispatcher.set_socket", &["CONNECT", "MAP"]),
    ("dispatcher.set_reuse_addr", &["ACCEPT"]),
    ("dispatcher.readable", &["EVENT", "POLL"]),
    ("dispatcher.writable", &["EVENT", "POLL"]),
    ("dispatcher.listen", &["ACCEPT"]),
    ("dispatcher.bind", &["ACCEPT"]),
    ("dispatcher.connect", &["CONNECT"]),
    ("dispatcher.accept", &["ACCEPT"]),
    ("dispatcher.send", &["IO", "OUTPUT"]),
    ("dispatcher.recv", &["IO", "INPUT"]),
    ("dispatcher.close", &["CLOSE", "MAP"]),
    ("dispatcher.log", &["LOG"]),
    ("dispatcher.log_info", &["LOG"]),
    ("dispatcher.handle_read_event", &["EVENT", "CONNECT", "ACCEPT"]),
    ("dispatcher.handle_connect_event", &["CONNECT", "EVENT"]),
    ("dispatcher.handle_write_event", &["EVENT", "CONNECT", "ACCEPT"]),
    ("dispatcher.handle_expt_event", &["EVENT", "CONNECT"]),
    ("dispatcher.handle_error", &["ERROR", "LOG"]),
    ("dispatcher.handle_expt", &["EVENT"]),
    ("dispatcher.handle_read", &["EVENT"]),
    ("dispatcher.handle_write", &["EVENT"]),
    ("dispatcher.handle_connect", &["EVENT"]),
    ("dispatcher.handle_accept", &["ACCEPT"]),
    ("dispatcher.handle_accepted", &["ACCEPT"]),
    ("dispatcher.handle_close", &["CLOSE", "EVENT"]),
    ("dispatcher_with_send.__init__", &["IO", "MAP"]),
    ("dispatcher_with_send.initiate_send", &["IO"]),
    ("dispatcher_with_send.handle_write", &["IO"]),
    ("dispatcher_with_send.writable", &["IO", "POLL"]),
    ("dispatcher_with_send.send", &["IO"]),
    ("compact_traceback", &["LOG"]),
    ("close_all", &["MAP"]),
    ("file_wrapper.__init__", &["FILE"]),
    ("file_wrapper.recv", &["FILE", "IO"]),
    ("file_wrapper.send", &["FILE", "IO"]),
    ("file_wrapper.getsockopt", &["FILE"]),
    ("file_wrapper.close", &["FILE", "CLOSE"]),
    ("file_wrapper.fileno", &["FILE"]),
    ("file_dispatcher.__init__", &["FILE", "MAP"]),
    ("file_dispatcher.set_file", &["FILE"]),
    ("async_chat", &["INPUT", "OUTPUT"]),
    ("async_chat.__init__", &["INPUT", "OUTPUT", "CONNECT"]),
    ("async_chat.collect_incoming_data", &["INPUT"]),
    ("async_chat._collect_incoming_data", &["INPUT"]),
    ("async_chat._get_data", &["INPUT"]),
    ("async_chat.found_terminator", &["INPUT"]),
    ("async_chat.set_terminator", &["INPUT"]),
    ("async_chat.get_terminator", &["INPUT"]),
    ("async_chat.handle_read", &["INPUT", "ERROR"]),
    ("async_chat.handle_write", &["OUTPUT"]),
    ("async_chat.handle_close", &["CLOSE", "OUTPUT", "INPUT"]),
    ("async_chat.push", &["OUTPUT"]),
    ("async_chat.push_with_producer", &["OUTPUT", "PRODUCER"]),
    ("async_chat.readable", &["INPUT", "OUTPUT"]),
    ("async_chat.writable", &["OUTPUT"]),
    ("async_chat.close_when_done", &["OUTPUT"]),
    ("async_chat.initiate_send", &["OUTPUT", "PRODUCER", "ERROR"]),
    ("async_chat.discard_buffers", &["OUTPUT", "INPUT"]),
    ("simple_producer.__init__", &["PRODUCER"]),
    ("simple_producer.more", &["PRODUCER"]),
    ("find_prefix_at_end", &["PREFIX", "INPUT"]),
];
