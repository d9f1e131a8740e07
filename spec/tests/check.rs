//! What makes no sense is refused before anything runs it, and told in one sentence.

use asyncore_spec::check::{MOST_LINES, MOST_REACTIONS, Problem};
use asyncore_spec::exception::Exception;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, Ending, Hook, Input, Scenario, Setup};
use asyncore_spec::text::parse_scenario;
use asyncore_spec::value::Bytes;
use rstest::rstest;

fn scenario(text: &str) -> Scenario {
    parse_scenario(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The things that the cases speak of.
const THINGS: &str = "chat c\ndispatcher d\ndispatcher l later\nfile_wrapper w\nsocket s\nmap m\nproducer p\nfifo f\n";

#[rstest]
#[case::twice("map c", "`c` is set up twice")]
#[case::no_map("dispatcher e map s", "`s` is not set up as a map")]
#[case::no_map_of_a_chat("chat e map d", "`d` is not set up as a map")]
#[case::no_socket("dispatcher e socket m", "`m` is not set up as a socket")]
#[case::descriptor_of_a_socket(
    "dispatcher e socket s fd 5",
    "`e` is made on a socket that has a descriptor and a peer of its own"
)]
#[case::peer_of_a_socket(
    "dispatcher e socket s peer EIO",
    "`e` is made on a socket that has a descriptor and a peer of its own"
)]
#[case::no_socket_and_one(
    "dispatcher e no_socket socket s",
    "`e` is made on a socket that has a descriptor and a peer of its own"
)]
#[case::file_on_a_socket(
    "dispatcher e file socket s",
    "`e` is made on a socket that has a descriptor and a peer of its own"
)]
#[case::replies_of_recv("replies d recv EIO", "`d.socket.recv` is given a reply that it cannot give")]
#[case::replies_of_send("replies d send ok", "`d.socket.send` is given a reply that it cannot give")]
#[case::connect_gives("replies d connect s", "`d.socket.connect` is given a reply that it cannot give")]
#[case::close_gives_nothing("replies s close none", "`s.socket.close` is given a reply that it cannot give")]
#[case::accept_of_a_stranger("replies d accept ok", "`d.socket.accept` is given a reply that it cannot give")]
#[case::gives_no_socket("replies d accept m", "`m` is not set up as a socket")]
#[case::replies_of_a_map("replies m close EIO", "`m` is not set up as a channel")]
#[case::sends_of_a_fifo("sends f 1", "`f` is not set up as a channel")]
#[case::hook_of_a_chat("on c.handle_read 1: return", "`c` has no hook `handle_read`")]
#[case::hook_of_a_dispatcher("on d.found_terminator 1: return", "`d` has no hook `found_terminator`")]
#[case::hook_of_a_producer("on p.close 1: return", "`p` has no hook `close`")]
#[case::hook_of_a_wrapper("on w.close 1: return", "`w` has no hook `close`")]
#[case::hook_of_nobody("on x.close 1: return", "`x` has no hook `close`")]
#[case::two_reactions("on d.close 2: return\non d.close 2: return", "`d.close 2` has two reactions")]
#[case::class(
    "on d.close 1: raise other KeyError",
    "`d.close` raises a class of the module's own; only `raise other` is possible"
)]
#[case::terminator("chat e terminator -1", "`e` is made with a negative terminator; use a `set_terminator` step")]
#[case::result("producer q 1", "`q` can give bytes and `none` only")]
#[case::in_a_reaction("on d.close 1: fifo_pop p", "`p` is not set up as a fifo")]
fn a_line_of_the_set_up_that_makes_no_sense_is_refused(#[case] line: &str, #[case] problem: &str) {
    assert_eq!(
        scenario(&format!("{THINGS}{line}\nclose d\n")).check().map_err(|p| p.to_string()),
        Err(problem.to_owned())
    );
}

#[rstest]
#[case::not_later("construct d", "`d` is constructed, but was not set up with `later`")]
#[case::map_of_a_pass("poll map s", "`s` is not set up as a map")]
#[case::map_of_the_loop("loop map d | d:r", "`d` is not set up as a map")]
#[case::map_to_close("close_all map x", "`x` is not set up as a map")]
#[case::map_to_look_at("map_names map f", "`f` is not set up as a map")]
#[case::map_to_add_to("add_channel d map s", "`s` is not set up as a map")]
#[case::add_a_wrapper("add_channel w", "`w` is not set up as a channel")]
#[case::delete_a_socket("del_channel s", "`s` is not set up as a channel")]
#[case::socket_to_set("set_socket d m", "`m` is not set up as a socket")]
#[case::socket_of_a_chat("set_socket c s", "`c` is not set up as a dispatcher")]
#[case::accepted_nothing("handle_accepted d d", "`d` is not set up as a socket")]
#[case::chat_listens("listen c 5", "`c` is not set up as a dispatcher")]
#[case::chat_is_steered("set_readable c true", "`c` is not set up as a dispatcher")]
#[case::dispatcher_pushes("push d \"a\"", "`d` is not set up as a channel")]
#[case::dispatcher_has_sizes("buffer_sizes d", "`d` is not set up as a channel")]
#[case::wrapper_reads("handle_read w", "`w` is not set up as a channel")]
#[case::map_arrives("arrive m \"a\"", "`m` is not set up as a channel")]
#[case::socket_is_dispatched("read s", "`s` is not set up as a channel")]
#[case::producer_of_nothing("more f", "`f` is not set up as a producer")]
#[case::producer_to_push("push_with_producer c f", "`f` is not set up as a producer")]
#[case::fifo_of_a_channel("fifo_len d", "`d` is not set up as a fifo")]
fn a_step_that_makes_no_sense_is_refused(#[case] step: &str, #[case] problem: &str) {
    assert_eq!(scenario(&format!("{THINGS}{step}\n")).check().map_err(|p| p.to_string()), Err(problem.to_owned()));
}

#[rstest]
#[case::no_peer("peer d ends", "only real sockets have a peer; add `over tcp4`")]
#[case::nobody_to_wait_for("await d.handle_read", "only real sockets have a peer; add `over tcp4`")]
#[case::in_a_reaction("over tcp4\non d.close 1: peer d ends\nclose d", "a reaction cannot let the peer do something")]
#[case::sends("over unix\nsends d 1\nclose d", "what a real socket does cannot be said; let its peer do it")]
#[case::replies(
    "over tcp6\nreplies d connect EIO\nclose d",
    "what a real socket does cannot be said; let its peer do it"
)]
#[case::arrives("over pipe\narrive d \"a\"", "what a real socket does cannot be said; let its peer do it")]
fn what_is_scripted_is_not_real(#[case] lines: &str, #[case] why: &'static str) {
    assert_eq!(scenario(&format!("{THINGS}{lines}\n")).check(), Err(Problem::NotReal(why)));
}

#[rstest]
#[case("dispatcher e map m fd 5 peer ENOTCONN\nreplies e create s EMFILE ok\nreplies s accept s none EIO\nsends s 1")]
#[case("dispatcher e socket s with_send map m\nreplies w close EIO\non e.readable 1: close s; poll map m e:r")]
#[case("on c.log_info 1: return\non d.log_info 1: return\non l.handle_accepted 1: return")]
fn what_makes_sense_is_taken(#[case] lines: &str) {
    let steps =
        "construct l\nclose s\narrive s \"a\"\nlook w error\nreceive w 1\nset_socket l s\nadd_channel c map m\n";
    assert_eq!(scenario(&format!("{THINGS}{lines}\n{steps}")).check(), Ok(()));
}

#[test]
fn receiving_no_data_is_no_scenario() {
    for step in [|chan, input| Action::Recv { chan, input }, |chan, input| Action::Arrive { chan, input }]
        as [fn(Name, Input) -> Action; 2]
    {
        let mut scenario = scenario(THINGS);
        scenario.steps.push(step(Name::of("c"), Input::Data { hex: Bytes::default() }));
        assert_eq!(scenario.check(), Err(Problem::NoData(Name::of("c"))));
    }
}

#[test]
fn calls_are_counted_from_1() {
    let mut scenario = scenario(THINGS);
    let (on, hook) = (Name::of("d"), Hook::HandleRead);
    let ending = Ending::Raise { exception: Exception::Exit };
    scenario.setup.push(Setup::Reaction { on, hook, nth: 0, actions: Vec::new(), ending });
    assert_eq!(scenario.check(), Err(Problem::NoZeroth(on, hook)));
}

#[test]
fn a_scenario_ends_somewhere() {
    let steps = scenario(&format!("{THINGS}{}", "close d\n".repeat(MOST_LINES + 1)));
    let reactions = (0..=MOST_REACTIONS).map(|nth| format!("on d.close {}: return\n", nth + 1)).collect::<String>();
    let reactions = scenario(&format!("{THINGS}{reactions}close d\n"));
    assert_eq!([steps.check(), reactions.check()], [Err(Problem::Long), Err(Problem::Long)]);
}
