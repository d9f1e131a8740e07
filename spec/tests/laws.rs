//! The laws: none is broken by what the model predicts, each is seen to hold, and each can be broken.

mod any;

use std::collections::BTreeMap;

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::feature::Feature;
use asyncore_spec::generate::{Family, Repertoire};
use asyncore_spec::law;
use asyncore_spec::model::{Settings, predict};
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Kind, Scenario};
use asyncore_spec::text::{parse_scenario, print_trace_of};
use asyncore_spec::trace::Trace;
use asyncore_spec::view::{Observed, observe};
use rstest::rstest;

fn everything() -> Observed {
    Kind::ALL.iter().copied().collect()
}

#[track_caller]
fn held(scenario: &Scenario, settings: &Settings, trace: &Trace, observed: &Observed) -> Vec<ClauseId> {
    let laws = law::apply(scenario, settings, trace, observed);
    let profile = settings.profile;
    assert!(laws.broken.is_empty(), "{profile}: {:?}\n{}", laws.broken, print_trace_of(scenario, trace));
    laws.held
}

/// The families about several channels, where the scenario does not choose the descriptors: some laws need to know that
/// no two channels share one.
fn with_own_descriptors() -> impl Iterator<Item = (Family, Repertoire)> {
    any::families().filter(|(family, _)| [Family::Loop, Family::Map].contains(family)).map(
        |(family, mut repertoire)| {
            repertoire.features.remove(&Feature::Descriptors);
            (family, repertoire)
        },
    )
}

#[test]
fn none_is_broken_by_what_the_model_predicts_and_each_is_seen_to_hold() {
    let mut times: BTreeMap<_, usize> = law::clauses().map(|id| (id, 0)).collect();
    for (family, repertoire) in any::families().chain(with_own_descriptors()) {
        let settings = Settings::of(repertoire.profile);
        for scenario in any::generated(family, &repertoire, 2000) {
            let prediction = predict(&scenario, &settings);
            if prediction.unspecified.is_none() {
                for id in held(&scenario, &settings, &prediction.trace(), &everything()) {
                    *times.get_mut(&id).expect("it is a law's clause") += 1;
                }
            }
        }
    }
    let idle: Vec<_> = times.iter().filter(|(_, times)| **times == 0).collect();
    assert!(idle.is_empty(), "laws that no generated scenario is about: {idle:?}; all: {times:?}");
}

#[test]
fn none_is_broken_where_less_is_observed() {
    for (family, repertoire) in any::families() {
        let settings = Settings::of(repertoire.profile);
        for scenario in any::generated(family, &repertoire, 60) {
            let prediction = predict(&scenario, &settings);
            for missing in Kind::ALL.iter().filter(|_| prediction.unspecified.is_none()) {
                let observed: Observed = Kind::ALL.iter().copied().filter(|kind| kind != missing).collect();
                held(&scenario, &settings, &observe(&prediction.trace(), &observed), &observed);
                let alone = Observed::from([*missing]);
                held(&scenario, &settings, &observe(&prediction.trace(), &alone), &alone);
            }
        }
    }
}

/// In each case the trace that the model predicts is right; with one piece of its text replaced it breaks the law.
#[rstest]
#[case::prefix_too_short("PREFIX-1", r#"find_prefix_at_end "xaba" "abab""#, "-> 3", "-> 1", 0)]
#[case::prefix_too_long("PREFIX-1", r#"find_prefix_at_end "xab" "abab""#, "-> 2", "-> 3", 0)]
#[case::prefix_without_result("PREFIX-1", r#"find_prefix_at_end "xab" "abab""#, "-> 2\n", "", 0)]
#[case::fifo_out_of_order("FIFO-1", "fifo f [\"a\"]\nfifo_push f \"b\"\nfifo_pop f", "[1 \"a\"]", "[1 \"b\"]", 1)]
#[case::fifo_gives_nothing("FIFO-1", "fifo f [\"a\"]\nfifo_pop f", "[1 \"a\"]", "[0 none]", 0)]
#[case::piece_too_long("PRODUCER-1", "simple_producer p \"abcd\" size 2\nmore p\nmore p", "-> \"ab\"", "-> \"abc\"", 0)]
#[case::piece_left_out("PRODUCER-1", "simple_producer p \"abcd\" size 2\nmore p\nmore p", "-> \"cd\"", "-> \"d\"", 1)]
#[case::piece_is_no_bytes("PRODUCER-1", "simple_producer p \"a\"\nmore p\nmore p", "-> \"\"", "-> none", 1)]
#[case::byte_lost("INPUT-1", "chat c terminator \"\\n\"\nrecv c \"ab\\nc\"", "data \"ab\"", "data \"b\"", 0)]
#[case::line_not_announced("INPUT-1", "chat c terminator \"\\n\"\nrecv c \"ab\\nc\"", "c.found_terminator\n", "", 0)]
#[case::line_announced_twice(
    "INPUT-1",
    "chat c terminator \"\\n\"\nrecv c \"ab\\nc\"",
    "c.found_terminator\n",
    "c.found_terminator\nc.found_terminator\n",
    0
)]
#[case::terminator_collected(
    "INPUT-1",
    "chat c terminator \"\\n\"\nrecv c \"ab\\nc\\n\"",
    "c.collect_incoming_data \"ab\"\nc.found_terminator\nc.collect_incoming_data \"c\"\n",
    "c.collect_incoming_data \"ab\\nc\"\n",
    0
)]
#[case::too_much_held_back("INPUT-1", "chat c terminator \"ab\"\nrecv c \"xyz\"", "data \"xyz\"", "data \"xy\"", 0)]
#[case::empty_data(
    "INPUT-2",
    "chat c terminator \"\\n\"\nrecv c \"\\na\\n\"",
    "c.found_terminator\nc.collect_incoming_data \"a\"",
    "c.collect_incoming_data \"\"\nc.found_terminator\nc.collect_incoming_data \"a\"",
    0
)]
#[case::found_too_early(
    "INPUT-11",
    "chat c terminator 3\nrecv c \"ab\"\nrecv c \"cd\"",
    "data \"ab\"\n",
    "data \"ab\"\nc.found_terminator\n",
    0
)]
#[case::found_too_late(
    "INPUT-11",
    "chat c terminator 3\nrecv c \"ab\"\nrecv c \"cd\"",
    "data \"c\"\nc.found_terminator\nc.collect_incoming_data \"d\"\n",
    "data \"cd\"\nc.found_terminator\n",
    1
)]
#[case::found_without_terminator(
    "INPUT-14",
    "chat c terminator none\nrecv c \"ab\"",
    "data \"ab\"\n",
    "data \"ab\"\nc.found_terminator\n",
    0
)]
#[case::data_changed("INPUT-14", "chat c terminator none\nrecv c \"ab\"", "data \"ab\"", "data \"ba\"", 0)]
#[case::sent_out_of_order(
    "OUTPUT-1",
    "chat c terminator \"\\n\"\npush c \"ab\"",
    "socket.send \"ab\"",
    "socket.send \"ba\"",
    0
)]
#[case::sent_twice(
    "OUTPUT-1",
    "chat c terminator \"\\n\"\npush c \"ab\"",
    "    c.socket.send \"ab\" -> 2\n",
    "    c.socket.send \"ab\" -> 2\n    c.socket.send \"ab\" -> 2\n",
    0
)]
#[case::sent_before_it_was_pushed(
    "OUTPUT-1",
    "chat c terminator \"\\n\"\nhandle_write c\npush c \"ab\"",
    "> 2\nc",
    "  c.socket.send \"ab\" -> 2\n> 2\nc",
    0
)]
#[case::too_much_at_once(
    "OUTPUT-5",
    "chat c terminator \"\\n\" out 2\npush c \"abc\"\nclose_when_done c",
    "socket.send \"ab\" -> 2",
    "socket.send \"abc\" -> 3",
    0
)]
#[case::rest_left_out(
    "OUTPUT-8",
    "chat c terminator \"\\n\"\nsends c 1\npush c \"abcabc\"\nhandle_write c",
    "socket.send \"bcabc\" -> 5",
    "socket.send \"abc\" -> 0",
    1
)]
#[case::closed_socket_takes_data(
    "OUTPUT-28",
    "chat c terminator \"\\n\"\nclose c\npush c \"ab\"",
    "c.initiate_send\n",
    "c.initiate_send\n  c.socket.send \"ab\" -> 2\n",
    1
)]
#[case::connected_too_early(
    "CONNECT-16",
    "dispatcher d no_socket\ncreate_socket d inet stream\nconnect d",
    "d.handle_connect [connecting]",
    "d.handle_connect [connected connecting]",
    1
)]
#[case::buffer_out_of_order(
    "IO-14",
    "dispatcher d with_send\nsends d 1\nsend d \"abc\"\nhandle_write d",
    "socket.send \"bc\" -> 2",
    "socket.send \"cb\" -> 2",
    1
)]
#[case::exit_as_an_error(
    "ERROR-6",
    "dispatcher d\non d.handle_read 1: raise exit\nread d",
    "raised exit",
    "d.handle_error exit",
    0
)]
#[case::a_pass_too_many(
    "LOOP-2",
    "dispatcher d\nloop count 1 | |",
    "waits select 30s [d:rwx] -> none\n",
    "waits select 30s [d:rwx] -> none\nwaits select 30s [d:rwx] -> none\n",
    0
)]
#[case::asked_twice("POLL-32", "dispatcher d\npoll d:r", "d.writable\n", "d.writable\nd.writable\n", 0)]
#[case::served_unreported("POLL-28", "dispatcher d\npoll d:r", "-> d:r", "-> none", 0)]
#[case::served_for_another_event("POLL-28", "dispatcher d\npoll2 d:r", "-> d:r", "-> d:w", 0)]
#[case::served_another_channel("POLL-28", "dispatcher d\ndispatcher e\npoll d:w", "-> d:w", "-> e:w", 0)]
#[case::asked_too_early(
    "PRODUCER-9",
    "chat c terminator \"\\n\"\nproducer p \"ab\" \"cd\"\npush_with_producer c p\nhandle_write c",
    "  c.send \"cd\"\n    c.socket.send \"cd\" -> 2\n",
    "",
    1
)]
#[case::closed_twice("FILE-5", "file_wrapper w\nclose w\nclose w", "> 2\n", "> 2\nw.socket.close\n", 1)]
fn each_can_be_broken(
    #[case] clause: &str,
    #[case] scenario: &str,
    #[case] right: &str,
    #[case] wrong: &str,
    #[case] step: usize,
) {
    let settings = Settings::of(Profile::Py311);
    let settings = if clause.starts_with("FIFO") { Settings::of(Profile::Py27) } else { settings };
    let scenario = parse_scenario(scenario).expect("a scenario");
    let trace = predict(&scenario, &settings).trace();
    let text = trace.to_string();
    let holds = held(&scenario, &settings, &trace, &everything());
    assert!(holds.contains(&ClauseId::new(leak(clause))), "the law does not apply:\n{text}");
    assert_eq!(text.matches(right).count(), 1, "{right} stands once in\n{text}");
    let spoiled: Trace = text.replace(right, wrong).parse().expect("a trace");
    let broken = law::apply(&scenario, &settings, &spoiled, &everything()).broken;
    let broken: Vec<_> = broken.iter().map(|violation| (violation.clause.as_str(), violation.step)).collect();
    assert_eq!(broken, [(clause, step)], "{spoiled}");
}

/// Clauses are named by text that lives as long as the program.
fn leak(clause: &str) -> &'static str {
    law::clauses().find(|id| id.as_str() == clause).expect("the clause has a law").as_str()
}

#[test]
fn every_law_stands_in_the_table_of_breaches() {
    let table = include_str!("laws.rs");
    let missing: Vec<_> = law::clauses()
        .filter(|id| !table.contains(&format!("(\"{id}\",")) && !table.contains(&format!("(\n    \"{id}\",")))
        .collect();
    assert!(missing.is_empty(), "no spoiled trace breaks {missing:?}");
}
