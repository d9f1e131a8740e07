//! Descriptors that run out, in a process of its own.

use std::fs::File;
use std::process::Command;

use asyncore_reference::Map;
use asyncore_reference::Profile::Py311;
use rstest::rstest;
use rustix::net::SendFlags;

use super::{Exception, Reader, next, poll, poll2, tcp};

/// Telling urgent data from others takes a descriptor. Where there is none the wait raises, and nothing is lost.
#[rstest]
#[ignore = "it is run by the test below, which limits its descriptors"]
fn a_wait_without_a_descriptor_to_spare(#[values(false, true)] use_poll: bool) {
    let map = Map::new(Py311);
    let (ours, peer) = tcp();
    let reader = Reader::new(ours, &map);
    poll(Some(0.0), &map).expect("there is nothing to report");
    rustix::net::send(&peer, b"!", SendFlags::OOB).expect("it is connected");
    let mut all = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        all.push(file);
    }
    let pass = if use_poll { poll2 } else { poll };
    assert_eq!(pass(Some(10.0), &map), Err(Exception::Os(24)));
    drop(all);
    assert_eq!(next(use_poll, &map, &reader.log), "urgent \"!\"");
}

#[rstest]
#[case::select("use_poll_1_false")]
#[case::poll("use_poll_2_true")]
fn descriptors_may_run_out_in_a_wait(#[case] which: &str) {
    let test = format!("native::scarce::a_wait_without_a_descriptor_to_spare::{which}");
    let program = std::env::current_exe().expect("it has a name");
    let output = Command::new("sh")
        .args(["-c", "ulimit -n 64 && exec \"$0\" \"$@\""])
        .arg(program)
        .args([&test, "--exact", "--ignored", "--test-threads=1"])
        .output()
        .expect("there is a shell");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}
