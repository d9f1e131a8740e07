//! From received bytes to callbacks: observed on CPython 3.11.7 and 2.7.18 and on supervisor's
//! copy of the 2.5 modules, which agree except where a profile is named.

use asyncore_reference::Profile::{Py25, Py27, Py311};
use asyncore_reference::{Channel, Exception, Profile, Terminator, errno};
use rstest::rstest;

use crate::support::Recorder;

const CR: &str = "\r\n";

fn value_error() -> Exception {
    Exception::other("ValueError", "")
}

/// What a terminator is set to within the first `collect_incoming_data`.
#[rstest]
#[case::number_after_part(10.into(), 100.into(), &["ab"], r#"a.collect_incoming_data "ab""#, 98.into())]
#[case::small_number_after_part(10.into(), 1.into(), &["abcd"], r#"a.collect_incoming_data "abcd""#, (-3).into())]
#[case::negative_number_cuts_from_the_end(10.into(), 1.into(), &["abcd", "xyz123"], r#"
    a.collect_incoming_data "abcd"
    a.collect_incoming_data "xyz"
    a.found_terminator
    a.collect_incoming_data "123"
"#, 0.into())]
#[case::negative_number_and_less_data(10.into(), 1.into(), &["abcd", "x"], r#"
    a.collect_incoming_data "abcd"
    a.collect_incoming_data ""
    a.found_terminator
    a.collect_incoming_data "x"
"#, 0.into())]
#[case::string_after_part(10.into(), CR.into(), &["ab"], "
    a.collect_incoming_data \"ab\"
    raised TypeError
", CR.into())]
#[case::none_after_part(10.into(), Terminator::None, &["ab"], "
    a.collect_incoming_data \"ab\"
    raised TypeError
", Terminator::None)]
#[case::string_after_whole(2.into(), "d".into(), &["abcde"], r#"
    a.collect_incoming_data "ab"
    a.found_terminator
    a.collect_incoming_data "cde"
"#, 0.into())]
#[case::string_after_string(CR.into(), ";".into(), &["ab\r\ncd;e"], r#"
    a.collect_incoming_data "ab"
    a.found_terminator
    a.collect_incoming_data "cd"
    a.found_terminator
    a.collect_incoming_data "e"
"#, ";".into())]
#[case::string_after_held_prefix(CR.into(), ";".into(), &["abc\r", "\n;x"], r#"
    a.collect_incoming_data "abc"
    a.collect_incoming_data "\r\n"
    a.found_terminator
    a.collect_incoming_data "x"
"#, ";".into())]
fn collect_sets_the_terminator(
    #[case] first: Terminator,
    #[case] then: Terminator,
    #[case] chunks: &[&str],
    #[case] calls: &str,
    #[case] left: Terminator,
    #[values(Py25, Py27, Py311)] profile: Profile,
) {
    let a = Recorder::new(profile, "a");
    a.terminate(first);
    a.on("collect", move |a| a.set_terminator(then.clone()));
    for chunk in chunks {
        a.recvs(chunk);
        a.read();
    }
    a.log.check(calls);
    assert_eq!(a.get_terminator(), Ok(left));
    assert_eq!(a.input(), "");
}

#[rstest]
#[case::number(4.into(), r#"
    a.collect_incoming_data "abcd"
    a.found_terminator
    a.collect_incoming_data "ef"
    a.collect_incoming_data "gh"
"#)]
#[case::zero(0.into(), r#"
    a.collect_incoming_data "abcdef"
    a.collect_incoming_data "gh"
"#)]
#[case::empty("".into(), r#"
    a.collect_incoming_data "abcdef"
    a.collect_incoming_data "gh"
"#)]
#[case::string("fg".into(), r#"
    a.collect_incoming_data "abcde"
    a.found_terminator
    a.collect_incoming_data "h"
"#)]
fn a_terminator_cuts_the_stream(
    #[case] terminator: Terminator,
    #[case] calls: &str,
    #[values(Py25, Py27, Py311)] profile: Profile,
) {
    let a = Recorder::new(profile, "a");
    a.terminate(terminator);
    for chunk in ["abcdef", "gh"] {
        a.recvs(chunk);
        a.read();
    }
    a.log.check(calls);
}

#[test]
fn a_number_counts_down() {
    let a = Recorder::new(Py311, "a");
    a.terminate(10);
    for (chunk, left) in [("abcd", 6), ("ef", 4), ("ghijkl", 0)] {
        a.recvs(chunk);
        a.read();
        assert_eq!(a.get_terminator(), Ok(Terminator::Count(left)));
    }
}

#[test]
fn without_a_terminator_data_waits() {
    let a = Recorder::new(Py311, "a");
    a.recvs("abcd");
    a.read();
    a.log.check("raised AttributeError");
    assert_eq!(a.input(), "abcd");
}

#[rstest]
fn an_exception_of_collect_consumes_nothing(#[values(Py25, Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.terminate(CR);
    a.on("collect", |_| Err(value_error()));
    for chunk in ["ab\r\ncd", "\r\n"] {
        a.recvs(chunk);
        a.read();
    }
    a.log.check(
        r#"
        a.collect_incoming_data "ab"
        raised ValueError
        a.collect_incoming_data "ab"
        a.found_terminator
        a.collect_incoming_data "cd"
        a.found_terminator
        "#,
    );
}

#[rstest]
fn an_exception_of_found_leaves_the_rest(#[values(Py25, Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.terminate(CR);
    a.on("found", |_| Err(value_error()));
    for chunk in ["ab\r\ncd\r\n", "x"] {
        a.recvs(chunk);
        a.read();
    }
    a.log.check(
        r#"
        a.collect_incoming_data "ab"
        a.found_terminator
        raised ValueError
        a.collect_incoming_data "cd"
        a.found_terminator
        a.collect_incoming_data "x"
        "#,
    );
}

#[rstest]
fn an_exception_of_collect_counts_nothing_down(#[values(Py25, Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.terminate(3);
    a.on("collect", |_| Err(value_error()));
    for chunk in ["ab", "cd"] {
        a.recvs(chunk);
        a.read();
    }
    a.log.check(
        r#"
        a.collect_incoming_data "ab"
        raised ValueError
        a.collect_incoming_data "abc"
        a.found_terminator
        a.collect_incoming_data "d"
        "#,
    );
}

#[test]
fn a_held_prefix_is_delivered_when_the_end_sets_no_terminator() {
    let a = Recorder::new(Py311, "a");
    a.terminate(CR);
    a.on("close", |a| a.set_terminator(Terminator::None));
    for chunk in ["ab\r", ""] {
        a.recvs(chunk);
        a.read();
    }
    let calls = "a.collect_incoming_data \"ab\"\n a.handle_close";
    a.log.check(&format!("{calls}\n a.collect_incoming_data \"\\r\""));
}

#[test]
fn a_discard_at_the_end_is_heeded() {
    let a = Recorder::new(Py311, "a");
    a.terminate(CR);
    a.on("close", Channel::discard_buffers);
    for chunk in ["ab\r", ""] {
        a.recvs(chunk);
        a.read();
    }
    a.log.check("a.collect_incoming_data \"ab\"\n a.handle_close");
    assert_eq!(a.input(), "");
}

#[rstest]
fn handle_close_that_fails_as_a_disconnect_is_called_again(#[values(Py25, Py27, Py311)] profile: Profile) {
    let a = Recorder::new(profile, "a");
    a.terminate(CR);
    a.on("close", |_| Err(Exception::Os(errno::ECONNRESET)));
    a.recvs("");
    a.read();
    a.log.check("a.handle_close\n a.handle_close\n a.close\n a.socket.close");
}

#[rstest]
#[case::py311(
    Py311,
    "a.handle_close\n a.close\n a.socket.close\n a.handle_close\n a.close\n a.socket.close\n a.handle_error EIO"
)]
#[case::py27(
    Py27,
    "a.handle_close\n a.close\n a.socket.close\n a.handle_close\n a.close\n a.socket.close\n a.handle_error EIO"
)]
#[case::py25(Py25, "a.handle_error ECONNABORTED\n a.handle_error EPIPE\n a.handle_error EAGAIN\n a.handle_error EIO")]
fn errors_of_recv(#[case] profile: Profile, #[case] calls: &str) {
    let a = Recorder::new(profile, "a");
    a.terminate(CR);
    for errno in [errno::ECONNABORTED, errno::EPIPE, errno::EAGAIN, errno::EIO] {
        a.recv_fails(errno);
        a.read();
    }
    a.log.check(calls);
}

#[rstest]
#[case::py25(Py25, Ok(()))]
#[case::py27(Py27, Ok(()))]
#[case::py311(Py311, Err(Exception::other("ValueError", "the number of received bytes must be positive")))]
fn a_negative_terminator(#[case] profile: Profile, #[case] outcome: Result<(), Exception>) {
    let a = Recorder::new(profile, "a");
    assert_eq!(a.set_terminator(Terminator::Count(-1)), outcome);
}

#[rstest]
#[case::py25(Py25, false)]
#[case::py27(Py27, true)]
#[case::py311(Py311, true)]
fn a_full_input_buffer(#[case] profile: Profile, #[case] readable: bool) {
    let a = Recorder::new(profile, "a");
    a.core().set_ac_in_buffer_size(4);
    for (chunk, wants) in [("abcd", true), ("e", readable)] {
        a.recvs(chunk);
        a.read();
        assert_eq!(a.readable(), Ok(wants));
    }
}
