//! The model: it predicts something for every scenario, the same thing each time, and what the manual's examples show.

mod any;

use std::collections::BTreeMap;

use asyncore_spec::change::{Change, Fault};
use asyncore_spec::clause::clause;
use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::model::{Prediction, Settings, predict, predict_following};
use asyncore_spec::name::Name;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Hook, Scenario};
use asyncore_spec::text::{parse_scenario, print_events, print_trace_of};
use asyncore_spec::trace::{Event, Reply, SocketCall, Trace, What};
use asyncore_spec::value::Value;
use asyncore_spec::view::View;
use proptest::prelude::*;
use rstest::rstest;

/// Predicts, and checks what holds of every prediction.
#[track_caller]
fn predicted(scenario: &Scenario, profile: Profile) -> Prediction {
    let prediction = predict(scenario, &Settings::of(profile));
    assert_eq!(prediction, predict(scenario, &Settings::of(profile)), "{scenario}");
    let trace = prediction.trace();
    assert_eq!((prediction.steps, trace.steps.len()), (scenario.steps.len(), scenario.steps.len()), "{scenario}");
    assert_eq!(trace.len(), prediction.events.len(), "{scenario}");
    assert!(prediction.events.is_sorted_by_key(|expected| expected.step), "{scenario}");
    assert!(prediction.guards.is_sorted_by_key(|guard| guard.at), "{scenario}");
    let end = prediction.events.len();
    assert!(prediction.guards.iter().all(|guard| guard.at <= end && guard.step < prediction.steps), "{scenario}");
    assert!(prediction.unspecified.is_none_or(|(at, _)| at == end), "{scenario}");
    prediction
}

#[test]
fn it_predicts_every_generated_scenario() {
    for (family, repertoire) in any::families() {
        for scenario in any::generated(family, &repertoire, 300) {
            predicted(&scenario, repertoire.profile);
        }
    }
}

#[test]
fn it_names_only_clauses_that_hold_for_the_profile() {
    let mut foreign = BTreeMap::new();
    for (family, repertoire) in any::families() {
        let profile = repertoire.profile;
        let holds =
            |id: &ClauseId| clause(id.as_str()).is_some_and(|clause| clause.applies(profile, profile.release()));
        for scenario in any::generated(family, &repertoire, 300) {
            let prediction = predicted(&scenario, profile);
            for id in prediction.exercised().filter(|id| !holds(id)) {
                foreign.entry((profile, id.as_str())).or_insert_with(|| print_trace_of(&scenario, &prediction.trace()));
            }
        }
    }
    assert!(foreign.is_empty(), "named where it does not hold:\n{foreign:#?}");
}

proptest! {
    #![proptest_config(any::cases(400))]

    #[test]
    fn it_predicts_every_checked_scenario(scenario in any::checked()) {
        prop_assert_eq!(scenario.check(), Ok(()));
        for profile in Profile::ALL {
            predicted(&scenario, *profile);
        }
    }

    #[test]
    fn it_predicts_for_any_buffer_sizes(scenario in any::checked(), ac_in in 0_usize..9, ac_out in 0_usize..9) {
        for profile in Profile::ALL {
            let sized = Settings { profile: *profile, ac_in_buffer_size: ac_in, ac_out_buffer_size: ac_out, changes: Vec::new() };
            prop_assert_eq!(predict(&scenario, &sized).trace().steps.len(), scenario.steps.len());
        }
    }
}

#[rstest]
#[case::the_least_number("-9223372036854775808")]
#[case::the_least_decimal("-214748364.7")]
fn counting_down_ends_at_the_least_number(#[case] terminator: &str) {
    let text =
        format!("chat c terminator 5\non c.collect_incoming_data 1: set_terminator c {terminator}\nrecv c \"ab\"");
    predicted(&parse_scenario(&text).expect("a scenario"), Profile::Py27);
}

/// The `http_request_handler` of asynchat's manual as a scenario: headers up to an empty line, a body as long as
/// Content-Length says, and after it no terminator, because browsers sometimes send too much.
const HTTP_REQUEST_HANDLER: &str = r#"
chat c terminator "\r\n\r\n"
on c.found_terminator 1: set_terminator c 9
on c.found_terminator 2: set_terminator c none; push c "HTTP/1.0 200 OK\r\n\r\n"; close_when_done c
recv c "POST /form HTTP/1.0\r\nContent-Le"
recv c "ngth: 9\r\n\r"
recv c "\na=1&"
get_terminator c
recv c "b=two extra"
get_terminator c
recv c "and more"
handle_write c
"#;

#[rstest]
fn the_http_request_handler_of_the_manual(#[values("py25", "py27", "py311")] name: &str) {
    let profile = Profile::by_name(name).expect("a profile");
    let scenario = parse_scenario(HTTP_REQUEST_HANDLER).expect("a scenario");
    let trace = predicted(&scenario, profile).trace();
    insta::assert_snapshot!(format!("http_request_handler_{name}"), print_trace_of(&scenario, &trace));
}

#[rstest]
#[case::find_prefix_at_end(
    r#"find_prefix_at_end "qwerty\r" "\r\n"
       find_prefix_at_end "qwertydkjf" "\r\n"
       find_prefix_at_end "qwerty\r\n" "\r\n""#,
    "-> 1\n-> 0\n-> 0\n"
)]
#[case::a_string_as_terminator(
    r#"chat c terminator "\r\n"
       recv c "USER guest\r\nPASS"
       recv c " x\r\n""#,
    r#"
c.collect_incoming_data "USER guest"
c.found_terminator
c.collect_incoming_data "PASS"
c.collect_incoming_data " x"
c.found_terminator
"#
)]
#[case::a_number_as_terminator(
    r#"chat c terminator 5
       recv c "abc"
       get_terminator c
       recv c "defg"
       get_terminator c"#,
    r#"
c.collect_incoming_data "abc"
-> 2
c.collect_incoming_data "de"
c.found_terminator
c.collect_incoming_data "fg"
-> 0
"#
)]
#[case::no_terminator(
    r#"chat c terminator none
       recv c "a\r\n"
       recv c "b""#,
    r#"
c.collect_incoming_data "a\r\n"
c.collect_incoming_data "b"
"#
)]
#[case::simple_producer(
    r#"simple_producer p "abcde" size 2
       more p
       more p
       more p
       more p"#,
    r#"
p.more
-> "ab"
p.more
-> "cd"
p.more
-> "e"
p.more
-> ""
"#
)]
#[case::discard_buffers(
    r#"chat c terminator "\r\n"
       recv c "a\r"
       discard_buffers c
       recv c "\nb\r\n""#,
    r#"
c.collect_incoming_data "a"
c.collect_incoming_data "\nb"
c.found_terminator
"#
)]
fn what_the_manual_describes_is_predicted_for_every_profile(#[case] scenario: &str, #[case] expected: &str) {
    let scenario = parse_scenario(scenario).expect("a scenario");
    for profile in Profile::ALL {
        let events = View::Callbacks.project(&predicted(&scenario, *profile).trace());
        assert_eq!(print_events(&events), expected.trim_start_matches('\n'), "{profile}");
    }
}

#[rstest]
#[case::py25("py25", "-> [1 \"a\"]\n-> [1 \"b\"]\n-> [0 none]\n-> true\n")]
#[case::py27("py27", "-> [1 \"a\"]\n-> [1 \"b\"]\n-> [0 none]\n-> true\n")]
fn the_fifo_of_the_manual(#[case] name: &str, #[case] expected: &str) {
    let profile = Profile::by_name(name).expect("a profile");
    let scenario = "fifo f [\"a\"]\nfifo_push f \"b\"\nfifo_pop f\nfifo_pop f\nfifo_pop f\nfifo_is_empty f\n";
    let scenario = parse_scenario(scenario).expect("a scenario");
    assert_eq!(print_events(&View::Exact.project(&predicted(&scenario, profile).trace())), expected);
}

/// What comes late does so on real sockets as on scripted ones.
#[test]
fn a_change_of_places_is_the_same_on_real_sockets() {
    let scenario = parse_scenario("dispatcher d\npoll d:rw\n").expect("a scenario");
    let clause = asyncore_spec::clause::clause("POLL-12").expect("there is such a clause").id;
    let change = Change { clause, event: None, fault: Fault::Late, to: None };
    let settings = Settings { changes: vec![change], ..Settings::of(Profile::Py311) };
    let changed = predict(&scenario, &settings).trace();
    assert_ne!(changed, predict(&scenario, &Settings::of(Profile::Py311)).trace());
    assert_eq!(predict_following(&scenario, &settings, &changed).trace(), changed);
}

#[test]
fn a_connection_that_the_scenario_does_not_name_ends_the_prediction() {
    let scenario = parse_scenario(
        "over tcp4\ndispatcher l no_socket\nsocket s\ncreate_socket l inet stream\nbind l\nlisten l 5\n\
         peer l connects s\naccept l\n",
    );
    let scenario = scenario.expect("a scenario");
    let reply = Reply::Value { value: Value::bytes("s1") };
    let what = What::Socket { on: Name::of("l"), call: SocketCall::Accept, arg: None, reply };
    let mut trace = Trace { steps: vec![Vec::new(); scenario.steps.len()] };
    trace.steps[4].push(Event { depth: 1, what });
    for profile in Profile::ALL {
        let prediction = predict_following(&scenario, &Settings::of(*profile), &trace);
        assert!(prediction.unspecified.is_some(), "{profile}");
    }
}

/// Whoever reads, too, stands first in what select was asked, and has no other place for that in the list of writers.
#[test]
fn each_list_of_select_is_served_in_the_order_of_the_map() {
    let scenario = "dispatcher a\ndispatcher d\nset_readable a false\npoll a:wx d:wx\n";
    let scenario = parse_scenario(scenario).expect("a scenario");
    let served = |prediction: &Prediction| -> Vec<String> {
        let events = prediction.events.iter().filter_map(|expected| match expected.event.what {
            What::Hook { on, hook: hook @ (Hook::HandleWriteEvent | Hook::HandleExptEvent), .. } => {
                Some(format!("{on}.{}", hook.name()))
            }
            _ => None,
        });
        events.collect()
    };
    for profile in Profile::ALL {
        let events = ["a.handle_write_event", "d.handle_write_event", "a.handle_expt_event", "d.handle_expt_event"];
        assert_eq!(served(&predicted(&scenario, *profile)), events, "{profile}");
    }
}

/// On real sockets nobody knows whose descriptor a channel forgets whose own was closed behind its back.
#[test]
fn a_descriptor_that_the_system_may_have_given_away_ends_the_prediction() {
    let steps = "dispatcher a\nsocket s\ndispatcher b socket s later\nclose_all\nconstruct b\nclose a\n";
    let predicted = |head: &str, profile| {
        let scenario = parse_scenario(&format!("{head}{steps}")).expect("a scenario");
        let trace = Trace { steps: vec![Vec::new(); scenario.steps.len()] };
        match head {
            "" => predict(&scenario, &Settings::of(profile)),
            _ => predict_following(&scenario, &Settings::of(profile), &trace),
        }
    };
    assert!(predicted("over tcp4\n", Profile::Py25).unspecified.is_some());
    assert_eq!(predicted("", Profile::Py25).unspecified, None);
    for profile in [Profile::Py27, Profile::Py311] {
        assert_eq!(predicted("over tcp4\n", profile).unspecified, None, "{profile}");
    }
}

#[rstest]
#[case::open("dispatcher a\ndispatcher b\nclose b\n", &["b"])]
#[case::never_there("dispatcher a later\ndispatcher b no_socket\n", &[])]
#[case::there_again("dispatcher a no_socket\ncreate_socket a inet stream\nclose a\ncreate_socket a inet stream\n", &[])]
#[case::taken_out("dispatcher a\ndel_channel a\n", &["a"])]
#[case::all_closed("dispatcher a\ndispatcher b\nclose_all\n", &["a", "b"])]
#[case::only_in_another_map("map m\ndispatcher a map m\n", &[])]
fn what_has_left_every_map_is_gone(#[case] scenario: &str, #[case] gone: &[&str]) {
    let scenario = parse_scenario(scenario).expect("a scenario");
    for profile in Profile::ALL {
        let names: Vec<_> = gone.iter().map(|name| Name::of(name)).collect();
        assert_eq!(predicted(&scenario, *profile).gone, names, "{profile}");
    }
}
