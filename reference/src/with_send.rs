//! `asyncore.dispatcher_with_send`: what it does otherwise than a dispatcher.
//!
//! Each function is the method of that name, for a type that overrides it.

use crate::channel::Channel;
use crate::dispatcher;
use crate::exception::Exception;

/// Sends the beginning of the buffer, connected or not, by the dispatcher's own `send`.
///
/// # Errors
/// Those of [`dispatcher::send`].
pub fn initiate_send(channel: &dyn Channel) -> Result<(), Exception> {
    let core = channel.core();
    let buffer = core.output();
    let piece = &buffer[..buffer.len().min(core.policy.out_buffer_slice)];
    let sent = dispatcher::send(channel, piece)?;
    drop(buffer);
    core.drop_sent(sent);
    Ok(())
}

/// Calls `initiate_send`.
pub fn handle_write(channel: &dyn Channel) -> Result<(), Exception> {
    channel.initiate_send()
}

/// Tells whether there is something to send, or the channel waits to be connected.
pub fn writable(channel: &dyn Channel) -> Result<bool, Exception> {
    let core = channel.core();
    Ok(!core.connected() || !core.output().is_empty())
}

/// Adds `data` to the buffer and calls `initiate_send`.
///
/// Gives nothing, as in Python. [`Channel::send`], which has one type for all classes, then returns
/// the length of `data`.
///
/// # Errors
/// Whatever `initiate_send` raises; the data stay in the buffer.
pub fn send(channel: &dyn Channel, data: &[u8]) -> Result<(), Exception> {
    let core = channel.core();
    if core.debug() {
        let message = format!("sending {}", repr(core.policy.bytes_prefix, data));
        channel.log_info(&message, "info")?;
    }
    core.change_output(|buffer| buffer.extend(data));
    channel.initiate_send()
}

/// Shows bytes as Python does: in double quotes if there are only single ones inside.
fn repr(prefix: &str, data: &[u8]) -> String {
    let quote = if data.contains(&b'\'') && !data.contains(&b'"') { '"' } else { '\'' };
    let show = |&byte: &u8| match byte {
        b'\'' | b'"' if char::from(byte) != quote => char::from(byte).to_string(),
        byte => byte.escape_ascii().to_string(),
    };
    format!("{prefix}{quote}{}{quote}", data.iter().map(show).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::repr;

    #[test]
    fn bytes_are_shown_as_python_shows_them() {
        for (data, shown) in [
            (&b"a\r\n\x00\xff\\"[..], r"b'a\r\n\x00\xff\\'"),
            (b"it's", r#"b"it's""#),
            (b"\"", r#"b'"'"#),
            (b"'\"", r#"b'\'"'"#),
        ] {
            assert_eq!(repr("b", data), shown);
        }
    }
}
