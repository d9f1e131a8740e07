//! From pushes to sends: observed on CPython 3.11.7 and 2.7.18, which agree, and on supervisor's
//! copy of the 2.5 modules.

use std::rc::Rc;

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{Channel, Exception, Item, Profile, SimpleProducer, errno};
use rstest::rstest;

use crate::support::Recorder;

#[rstest]
#[case::py25(
    Py25,
    "Producer Close",
    "abcd",
    "
    - initiate
    a.socket.send \"abcd\" -> 4
    - initiate
    a.close
    a.socket.close
    - initiate
",
    false
)]
#[case::py27(Py27, "\"ab\" \"\" \"cd\" Close", "", LATER, true)]
#[case::py311(Py311, "\"ab\" \"\" \"cd\" Close", "", LATER, true)]
fn output_waits_for_the_connection(
    #[case] profile: Profile,
    #[case] fifo: &str,
    #[case] buffered: &str,
    #[case] calls: &str,
    #[case] writable: bool,
) {
    let a = Recorder::new(profile, "a");
    a.core().set_connected(false);
    for data in ["ab", "", "cd"] {
        a.log.outcome(a.push(data.as_bytes()));
    }
    a.log.outcome(a.close_when_done());
    a.log.check("");
    assert_eq!(a.fifo(), fifo);
    assert_eq!(a.core().ac_out_buffer(), buffered.as_bytes());
    assert_eq!(a.writable(), Ok(true));
    a.core().set_connected(true);
    for _ in 0..calls.matches("- initiate").count() {
        a.log.add("- initiate");
        a.log.outcome(a.initiate_send());
    }
    a.log.check(calls);
    assert_eq!((a.fifo().as_str(), a.writable()), ("", Ok(writable)));
}

const LATER: &str = "
    - initiate
    a.socket.send \"ab\" -> 2
    - initiate
    a.socket.send \"\" -> 0
    - initiate
    a.socket.send \"cd\" -> 2
    - initiate
    a.handle_close
    a.close
    a.socket.close
    - initiate
";

#[rstest]
#[case::py25(
    Py25,
    "
    - EAGAIN
    - EPIPE
    a.handle_error EPIPE
    - EIO
    a.handle_error EIO
    - all
    a.socket.send \"x0x1x2x3\" -> 8
",
    "Producer"
)]
#[case::py27(Py27, SENDS_FAIL, "\"x1\" \"x2\" \"x3\"")]
#[case::py311(Py311, SENDS_FAIL, "\"x1\" \"x2\" \"x3\"")]
fn errors_of_send(#[case] profile: Profile, #[case] calls: &str, #[case] fifo: &str) {
    let a = Recorder::new(profile, "a");
    let errnos = [(errno::EAGAIN, "EAGAIN"), (errno::EPIPE, "EPIPE"), (errno::EIO, "EIO"), (0, "all")];
    for (index, (errno, name)) in errnos.into_iter().enumerate() {
        a.log.add(format!("- {name}"));
        if errno != 0 {
            a.send_fails(errno);
        }
        a.log.outcome(a.push(format!("x{index}").as_bytes()));
        a.core().set_connected(true);
    }
    a.log.check(calls);
    assert_eq!(a.fifo(), fifo);
}

const SENDS_FAIL: &str = "
    - EAGAIN
    - EPIPE
    a.handle_close
    a.close
    a.socket.close
    - EIO
    a.handle_error EIO
    - all
    a.socket.send \"x0\" -> 2
";

#[rstest]
#[case::py25(Py25, "Producer", "defgh")]
#[case::py27(Py27, "\"def\" \"gh\"", "")]
#[case::py311(Py311, "\"def\" \"gh\"", "")]
fn a_push_is_cut_to_the_output_size(#[case] profile: Profile, #[case] fifo: &str, #[case] buffered: &str) {
    let a = Recorder::new(profile, "a");
    a.core().set_ac_out_buffer_size(3);
    a.log.outcome(a.push(b"abcdefgh"));
    a.log.check("a.socket.send \"abc\" -> 3");
    assert_eq!(a.fifo(), fifo);
    assert_eq!(a.core().ac_out_buffer(), buffered.as_bytes());
}

#[rstest]
#[case::py25(Py25, "cdef", "a.socket.send \"cdef\" -> 0\n a.socket.send \"cdef\" -> 4")]
#[case::py27(Py27, "cd", "a.socket.send \"cd\" -> 0\n a.socket.send \"cd\" -> 2\n a.socket.send \"ef\" -> 2")]
#[case::py311(Py311, "cd", "a.socket.send \"cd\" -> 0\n a.socket.send \"cd\" -> 2\n a.socket.send \"ef\" -> 2")]
fn what_was_not_sent_stays_first(#[case] profile: Profile, #[case] _rest: &str, #[case] calls: &str) {
    let a = Recorder::new(profile, "a");
    a.sends(2);
    a.sends(0);
    a.log.outcome(a.push(b"abcd"));
    a.log.check("a.socket.send \"abcd\" -> 2");
    a.log.outcome(a.push(b"ef"));
    for _ in 0..2 {
        a.log.outcome(a.initiate_send());
    }
    a.log.check(calls);
}

#[rstest]
#[case::py25(Py25, Ok(()))]
#[case::py27(Py27, Err("xrange() arg 3 must not be zero"))]
#[case::py311(Py311, Err("range() arg 3 must not be zero"))]
fn an_output_size_of_zero(#[case] profile: Profile, #[case] outcome: Result<(), &str>) {
    let a = Recorder::new(profile, "a");
    a.core().set_ac_out_buffer_size(0);
    let outcome = outcome.map_err(|message| Exception::other("ValueError", message));
    assert_eq!(a.push(b"abcd"), outcome);
}

#[rstest]
#[case::py25(Py25, "a.socket.send \"raw\" -> 3\n a.close\n a.socket.close")]
#[case::py27(Py27, "a.socket.send \"raw\" -> 3\n a.handle_close\n a.close\n a.socket.close")]
#[case::py311(Py311, "a.socket.send \"raw\" -> 3\n a.handle_close\n a.close\n a.socket.close")]
fn bytes_and_the_end_can_be_queued_as_producers(#[case] profile: Profile, #[case] calls: &str) {
    let a = Recorder::new(profile, "a");
    a.log.outcome(a.push_with_producer(Item::from(b"raw".as_slice())));
    a.log.outcome(a.push_with_producer(Item::Close));
    a.log.check(calls);
    assert_eq!(a.fifo(), "");
}

#[rstest]
fn a_producer_gives_one_piece_a_send(#[values(Py25, Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    let producer = SimpleProducer::with_buffer_size("abcde", 3);
    a.log.outcome(a.push_with_producer(Item::from(Rc::new(producer))));
    a.log.check("a.socket.send \"abc\" -> 3");
    assert_eq!(a.fifo(), "Producer");
    a.log.outcome(a.initiate_send());
    a.log.outcome(a.initiate_send());
    a.log.check("a.socket.send \"de\" -> 2");
    assert_eq!(a.fifo(), "");
}

#[test]
fn a_piece_larger_than_the_output_size_is_sent_in_slices() {
    let a = Recorder::new(Py311, "a");
    a.core().set_ac_out_buffer_size(2);
    a.log.outcome(a.push_with_producer(Item::from(Rc::new(SimpleProducer::new("abcde")))));
    assert_eq!(a.fifo(), "\"cde\" Producer");
    a.log.outcome(a.initiate_send());
    a.log.outcome(a.initiate_send());
    a.log.check("a.socket.send \"ab\" -> 2\n a.socket.send \"cd\" -> 2\n a.socket.send \"e\" -> 1");
}

#[rstest]
fn refill_buffer_belongs_to_2_5(#[values(Py25, Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    assert_eq!(a.refill_buffer().is_ok(), profile == Py25);
}

#[test]
fn a_partial_send_leaves_a_copy_of_the_fifo_alone() {
    let a = Recorder::new(Py311, "a");
    a.sends(0);
    a.log.outcome(a.push(b"abcd"));
    let copy = a.core().producer_fifo();
    a.sends(1);
    a.sends(1);
    for _ in 0..2 {
        a.log.outcome(a.initiate_send());
    }
    assert_eq!(a.fifo(), "\"cd\"");
    assert_eq!(format!("{:?}", copy.first()), "Ok(\"abcd\")");
}

#[test]
fn a_copy_of_sent_data_is_not_written_over() {
    let a = Recorder::new(Py311, "a");
    a.sends(0);
    a.log.outcome(a.push(b"abcd"));
    let copy = a.core().producer_fifo();
    a.log.outcome(a.initiate_send());
    a.log.outcome(a.push(b"ef"));
    assert_eq!(format!("{:?}", copy.first()), "Ok(\"abcd\")");
}

/// Answers each of four lines by a push, and ends after the last if told so.
fn answers(profile: Profile, coalescing: bool, ends: bool) -> Rc<Recorder> {
    let a = Recorder::new(profile, "a");
    a.core().set_coalescing(coalescing);
    a.terminate("\n");
    for answer in ["one", "", "three", "four"] {
        a.on("found", move |a| {
            a.push(answer.as_bytes())?;
            if ends && answer == "four" { a.close_when_done() } else { Ok(()) }
        });
    }
    a.recvs("1\n2\n3\n4\n");
    a
}

/// Returns what was sent since the last time.
fn sent(a: &Recorder) -> String {
    let calls = a.log.take();
    let sends = calls.lines().filter_map(|line| line.strip_prefix("a.socket.send "));
    sends.collect::<Vec<_>>().join(" | ")
}

#[rstest]
#[case::py25(Py25, true, "\"one\" -> 3 | \"three\" -> 5 | \"four\" -> 4", "Producer")]
#[case::not_opted_into(Py27, false, "\"one\" -> 3 | \"\" -> 0 | \"three\" -> 5", "")]
#[case::py27(Py27, true, "\"onethreefour\" -> 12", "")]
#[case::py311(Py311, true, "\"onethreefour\" -> 12", "")]
fn what_a_read_answers_goes_together(
    #[case] profile: Profile,
    #[case] coalescing: bool,
    #[case] sends: &str,
    #[case] left: &str,
) {
    let a = answers(profile, coalescing, false);
    a.read();
    assert!(sent(&a).starts_with(sends));
    assert_eq!(a.fifo(), left);
}

#[test]
fn what_did_not_go_together_stays_in_order() {
    let a = answers(Py311, true, true);
    a.sends(5);
    a.read();
    assert_eq!((sent(&a).as_str(), a.fifo().as_str()), ("\"onethreefour\" -> 5", "\"ree\" \"four\" Close"));
    a.send_fails(errno::EWOULDBLOCK);
    a.log.outcome(a.initiate_send());
    assert_eq!(a.fifo(), "\"ree\" \"four\" Close");
    a.log.outcome(a.initiate_send());
    assert_eq!((sent(&a).as_str(), a.fifo().as_str()), ("\"reefour\" -> 7", "Close"));
    a.log.outcome(a.initiate_send());
    assert!(!a.core().connected());
}

#[test]
fn no_piece_that_goes_together_is_larger_than_the_output_size() {
    let a = answers(Py311, true, false);
    a.core().set_ac_out_buffer_size(8);
    a.read();
    a.log.outcome(a.initiate_send());
    assert_eq!(sent(&a), "\"onethree\" -> 8 | \"four\" -> 4");
}

#[test]
fn a_producer_ends_what_goes_together() {
    let a = answers(Py311, true, false);
    a.on("found", |a| a.push_with_producer(Rc::new(SimpleProducer::new(b"five")).into()));
    a.recvs("5\n");
    a.read();
    a.log.outcome(a.initiate_send());
    a.read();
    assert_eq!(sent(&a), "\"onethreefour\" -> 12 | \"five\" -> 4");
}

#[test]
fn what_goes_together_is_cut_at_the_output_size() {
    let a = answers(Py311, true, false);
    a.core().set_ac_out_buffer_size(6);
    a.read();
    a.log.outcome(a.initiate_send());
    assert_eq!(sent(&a), "\"onethr\" -> 6 | \"eefour\" -> 6");
}

#[rstest]
#[case::nothing_else(&[""], 0, "")]
#[case::what_was_not_taken(&["", "abc"], 0, "\"\" \"abc\"")]
#[case::what_was(&["", "abc", "", "d"], 3, "\"d\"")]
fn empty_data_go_with_what_goes(#[case] queued: &[&str], #[case] taken: usize, #[case] left: &str) {
    let a = Recorder::new(Py311, "a");
    a.core().set_coalescing(true);
    a.core().set_connected(false);
    queued.iter().for_each(|data| a.log.outcome(a.push(data.as_bytes())));
    a.core().set_connected(true);
    a.sends(taken);
    a.log.outcome(a.initiate_send());
    assert_eq!(a.fifo(), left);
}

#[test]
fn a_read_that_answers_nothing_does_not_send() {
    let a = Recorder::new(Py311, "a");
    a.core().set_coalescing(true);
    a.terminate("\n");
    a.on("initiate", |_| Err(Exception::ExitNow));
    a.recvs("1\n");
    a.read();
    a.log.check("a.collect_incoming_data \"1\"\n a.found_terminator");
}

/// Only the outermost read sends.
#[test]
fn a_read_within_a_read_answers_together_with_it() {
    let a = Recorder::new(Py311, "a");
    a.core().set_coalescing(true);
    a.terminate("\n");
    a.on("found", |a| {
        a.push(b"one")?;
        a.handle_read()?;
        a.push(b"three")
    });
    a.on("found", |a| a.push(b"two"));
    a.recvs("1\n");
    a.recvs("2\n");
    a.read();
    assert_eq!(sent(&a), "\"onetwothree\" -> 11");
}
