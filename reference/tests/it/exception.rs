//! What exceptions say, and what becomes of an error of the standard library.

use std::io::{self, ErrorKind};

use asyncore_reference::{Exception, errno};
use rstest::rstest;

#[rstest]
#[case::exit(Exception::ExitNow, "ExitNow", None, "ExitNow")]
#[case::interrupt(Exception::Interrupt, "KeyboardInterrupt", None, "KeyboardInterrupt")]
#[case::os(Exception::Os(errno::EPIPE), "OSError", Some(errno::EPIPE), "OSError: ")]
#[case::file(Exception::File(errno::EBADF), "OSError", Some(errno::EBADF), "OSError: ")]
#[case::other(Exception::other("KeyError", "x"), "KeyError", None, "KeyError: x")]
fn an_exception_says_what_it_is(
    #[case] exception: Exception,
    #[case] class: &str,
    #[case] errno: Option<i32>,
    #[case] beginning: &str,
) {
    let detail = errno.map_or_else(String::new, |errno| io::Error::from_raw_os_error(errno).to_string());
    assert_eq!((exception.class(), exception.errno()), (class, errno));
    assert_eq!(exception.to_string(), format!("{beginning}{detail}"));
}

#[rstest]
#[case::of_the_system(io::Error::from_raw_os_error(errno::EISCONN), errno::EISCONN)]
#[case::would_block(ErrorKind::WouldBlock.into(), errno::EWOULDBLOCK)]
#[case::reset(ErrorKind::ConnectionReset.into(), errno::ECONNRESET)]
#[case::aborted(ErrorKind::ConnectionAborted.into(), errno::ECONNABORTED)]
#[case::refused(ErrorKind::ConnectionRefused.into(), errno::ECONNREFUSED)]
#[case::not_connected(ErrorKind::NotConnected.into(), errno::ENOTCONN)]
#[case::broken_pipe(ErrorKind::BrokenPipe.into(), errno::EPIPE)]
#[case::invalid(ErrorKind::InvalidInput.into(), errno::EINVAL)]
#[case::anything_else(ErrorKind::UnexpectedEof.into(), errno::EIO)]
fn an_error_keeps_its_number_or_gets_that_of_its_kind(#[case] error: io::Error, #[case] errno: i32) {
    assert_eq!(Exception::from(error), Exception::Os(errno));
}
