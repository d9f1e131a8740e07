//! The programs of `tests/python/examples`, counterparts of the reference's, do what those do, event by event.
//!
//! What is done to them, and what is to come of it, are the same: the snapshots of `tests/it/examples.rs`.

mod child;
#[path = "../../it/examples/snapshot.rs"]
mod snapshot;
#[path = "../../it/examples/stimulus.rs"]
mod stimulus;
#[allow(dead_code, reason = "what only threads need")]
#[path = "../../it/examples/tape.rs"]
mod tape;

use rstest::{Context, rstest};
use snapshot::snapshot;
use stimulus::Stimulus;

use crate::interpreters::{Interpreter, Modules, having, newest};

/// Gives the interpreters that a program is written for.
fn interpreters(since: u32) -> Vec<&'static Interpreter> {
    having(Modules::Public).into_iter().filter(|interpreter| interpreter.version.0 >= since).collect()
}

#[rstest]
#[case::http_client_2_0("http_client_2_0", 2, stimulus::http_client_2_0)]
#[case::http_client_2_0_as_printed("http_client_2_0", 2, stimulus::http_client_2_0_as_printed)]
#[case::http_client_2_7("http_client_2_7", 2, stimulus::http_client_2_7)]
#[case::http_client_3("http_client_3", 3, stimulus::http_client_3)]
#[case::echo_accept("echo_accept", 2, stimulus::echo)]
#[case::echo_accepted("echo_accepted", 3, stimulus::echo)]
#[case::echo_own_buffer("echo_own_buffer", 2, stimulus::echo)]
#[cfg_attr(target_os = "linux", case::echo_own_buffer_at_once("echo_own_buffer", 2, stimulus::echo_at_once))]
#[case::http_request_handler("http_request_handler", 2, stimulus::http_request_handler)]
#[case::chat_server("chat_server", 3, stimulus::chat_server)]
#[case::tcp_proxy("tcp_proxy", 3, stimulus::tcp_proxy)]
#[case::tcp_proxy_whose_client_goes("tcp_proxy", 3, stimulus::tcp_proxy_whose_client_goes)]
#[case::tcp_proxy_without_a_server("tcp_proxy", 3, stimulus::tcp_proxy_without_a_server)]
#[cfg_attr(target_os = "linux", case::tcp_proxy_that_comes_back("tcp_proxy", 3, stimulus::tcp_proxy_that_comes_back))]
fn an_example_does_in_python_what_it_does_in_the_reference(
    #[context] context: Context,
    #[case] program: &str,
    #[case] since: u32,
    #[case] stimulus: Stimulus,
    #[values("select", "poll")] how: &str,
) {
    let name = snapshot(&context, how == "poll");
    for interpreter in interpreters(since) {
        println!("{}", interpreter.path.display());
        let events = stimulus(&|arguments, pause| child::start(interpreter, how, program, arguments, pause));
        insta::with_settings!({ snapshot_path => "../../it/snapshots" }, {
            insta::assert_snapshot!(&*name, events);
        });
    }
}

#[test]
fn a_proxy_holds_no_more_than_it_may() {
    let Some(interpreter) = newest(3) else { return };
    let start = |arguments: &[String], pause: &str| child::start(interpreter, "select", "tcp_proxy", arguments, pause);
    let most = stimulus::most_held_by_tcp_proxy(&start, 65536);
    assert!((65536..65536 + 8192).contains(&most), "{most}");
}
