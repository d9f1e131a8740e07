//! Which snapshot is for which test.

use rstest::Context;

/// What goes otherwise when the loop waits by poll: it calls all handlers of one channel, then all of the next.
///
/// The echo server writes to the first client before it reads from the second. The printed client, which always wants to
/// write, does so even when its `handle_read` has just found the end and closed it.
const OTHERWISE_BY_POLL: &[&str] = &["echo_own_buffer_at_once", "http_client_2_0_as_printed"];

/// Gives the name of a snapshot: that of the case.
pub(crate) fn snapshot(context: &Context, by_poll: bool) -> String {
    let name = context.description.expect("each case has a name");
    if by_poll && OTHERWISE_BY_POLL.contains(&name) { format!("{name}_by_poll") } else { name.to_owned() }
}
