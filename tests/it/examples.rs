//! The programs of `reference/examples`, event by event, against real peers.
//!
//! The same is done to CPython's programs in `tests/python/it/examples.rs`, and compared with the same snapshots.

#[path = "../../reference/examples/chat_server.rs"]
mod chat_server;
#[path = "../../reference/examples/echo_accept.rs"]
mod echo_accept;
#[path = "../../reference/examples/echo_accepted.rs"]
mod echo_accepted;
#[path = "../../reference/examples/echo_own_buffer.rs"]
mod echo_own_buffer;
#[path = "../../reference/examples/http_client_2_0.rs"]
mod http_client_2_0;
#[path = "../../reference/examples/http_client_2_7.rs"]
mod http_client_2_7;
#[path = "../../reference/examples/http_client_3.rs"]
mod http_client_3;
#[path = "../../reference/examples/http_request_handler.rs"]
mod http_request_handler;
mod recording;
mod snapshot;
mod stimulus;
mod tape;
#[path = "../../reference/examples/tcp_proxy.rs"]
mod tcp_proxy;

use asyncore_reference::Profile::{self, Py25, Py27, Py311};
use asyncore_reference::{Exception, Map};
use recording::{Program, address, listening, start};
use rstest::{Context, rstest};
use snapshot::snapshot;
use stimulus::Stimulus;
use tape::Tape;

fn http_client_2_0(map: &Map, arguments: &[String], _tape: &Tape) -> Result<(), Exception> {
    let get = if arguments.len() > 3 { http_client_2_0::get_as_printed } else { http_client_2_0::get };
    get(map, address(arguments), &arguments[2])
}

fn http_client_2_7(map: &Map, arguments: &[String], _tape: &Tape) -> Result<(), Exception> {
    http_client_2_7::get(map, address(arguments), &arguments[2])
}

fn http_client_3(map: &Map, arguments: &[String], _tape: &Tape) -> Result<(), Exception> {
    http_client_3::get(map, address(arguments), &arguments[0], &arguments[2])
}

fn connections(argument: &str) -> usize {
    argument.parse().expect("a number")
}

fn echo_accept(map: &Map, arguments: &[String], tape: &Tape) -> Result<(), Exception> {
    listening(tape, echo_accept::listen(map, address(arguments), connections(&arguments[2])))
}

fn echo_accepted(map: &Map, arguments: &[String], tape: &Tape) -> Result<(), Exception> {
    listening(tape, echo_accepted::listen(map, address(arguments), connections(&arguments[2])))
}

fn echo_own_buffer(map: &Map, arguments: &[String], tape: &Tape) -> Result<(), Exception> {
    listening(tape, echo_own_buffer::listen(map, address(arguments), connections(&arguments[2])))
}

fn http_request_handler(map: &Map, arguments: &[String], tape: &Tape) -> Result<(), Exception> {
    listening(tape, http_request_handler::listen(map, address(arguments), connections(&arguments[2])))
}

fn chat_server(map: &Map, arguments: &[String], tape: &Tape) -> Result<(), Exception> {
    listening(tape, chat_server::listen(map, address(arguments), connections(&arguments[2])))
}

fn tcp_proxy(map: &Map, arguments: &[String], tape: &Tape) -> Result<(), Exception> {
    let (near, far) = (address(arguments), address(&arguments[2..]));
    listening(tape, tcp_proxy::listen(map, near, far, connections(&arguments[4])))
}

fn events(program: Program, profile: Profile, use_poll: bool, stimulus: Stimulus) -> String {
    stimulus(&|arguments, pause| start(program, profile, use_poll, arguments, pause))
}

#[rstest]
#[case::http_client_2_0(http_client_2_0, &[Py25, Py27], stimulus::http_client_2_0)]
#[case::http_client_2_0_as_printed(http_client_2_0, &[Py25, Py27], stimulus::http_client_2_0_as_printed)]
#[case::http_client_2_7(http_client_2_7, &[Py27], stimulus::http_client_2_7)]
#[case::http_client_3(http_client_3, &[Py311], stimulus::http_client_3)]
#[case::echo_accept(echo_accept, &[Py27, Py311], stimulus::echo)]
#[case::echo_accepted(echo_accepted, &[Py311], stimulus::echo)]
#[case::echo_own_buffer(echo_own_buffer, &[Py27, Py311], stimulus::echo)]
#[cfg_attr(target_os = "linux", case::echo_own_buffer_at_once(echo_own_buffer, &[Py27, Py311], stimulus::echo_at_once))]
#[case::http_request_handler(http_request_handler, &[Py27, Py311], stimulus::http_request_handler)]
#[case::chat_server(chat_server, &[Py311], stimulus::chat_server)]
#[case::tcp_proxy(tcp_proxy, &[Py311], stimulus::tcp_proxy)]
#[case::tcp_proxy_whose_client_goes(tcp_proxy, &[Py311], stimulus::tcp_proxy_whose_client_goes)]
#[case::tcp_proxy_without_a_server(tcp_proxy, &[Py311], stimulus::tcp_proxy_without_a_server)]
#[cfg_attr(target_os = "linux", case::tcp_proxy_that_comes_back(tcp_proxy, &[Py311], stimulus::tcp_proxy_that_comes_back))]
fn the_events_of_an_example(
    #[context] context: Context,
    #[case] program: Program,
    #[case] profiles: &[Profile],
    #[case] stimulus: Stimulus,
    #[values(false, true)] use_poll: bool,
) {
    let name = snapshot(&context, use_poll);
    for &profile in profiles {
        insta::assert_snapshot!(&*name, events(program, profile, use_poll, stimulus));
    }
}

#[test]
fn each_thread_may_serve_over_a_map_of_its_own() {
    let run = || events(echo_own_buffer, Py27, false, stimulus::echo);
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(run)).collect();
    for thread in threads {
        insta::assert_snapshot!("echo_own_buffer", thread.join().expect("it does not fail"));
    }
}

#[rstest]
fn a_proxy_holds_no_more_than_it_may(#[values(false, true)] use_poll: bool) {
    let start = |arguments: &[String], pause: &str| start(tcp_proxy, Py311, use_poll, arguments, pause);
    let most = stimulus::most_held_by_tcp_proxy(&start, 65536);
    assert!((65536..65536 + 8192).contains(&most), "{most}");
}
