//! Looks at a channel, and what only Python has.

use asyncore_spec::dispatcher::Attribute;
use asyncore_spec::name::Name;
use asyncore_spec::scenario::Action;

use super::result;
use crate::script::literal::quoted;
use crate::script::names::Names;

/// Writes a look, or what only Python has.
pub(super) fn line(action: &Action, names: &Names) -> Option<String> {
    Some(match action {
        Action::Look { chan, attribute } => result(&look(*chan, *attribute, names)),
        Action::Log { chan, message } if message.is_ascii() => {
            format!("printing({}.log, {})", names.var(*chan), quoted(message))
        }
        Action::LogInfo { chan, message, kind } if message.is_ascii() && kind.is_ascii() => {
            let var = names.var(*chan);
            format!("printing(asyncore.dispatcher.log_info, {var}, {}, {})", quoted(message), quoted(kind))
        }
        Action::Repr { chan } => result(&format!("show_repr({})", names.var(*chan))),
        Action::CompactTraceback { handling: true } => result("show_traceback()"),
        Action::CompactTraceback { handling: false } => result("show(fails_outside())"),
        Action::Strerror { number } => result(&format!("show_strerror({number})")),
        _ => return None,
    })
}

fn look(chan: Name, attribute: Attribute, names: &Names) -> String {
    let var = names.var(chan);
    match attribute {
        Attribute::Connected | Attribute::Accepting | Attribute::Connecting | Attribute::Closing => {
            format!("show(bool(getattr({var}, {}, False)))", quoted(attribute.name()))
        }
        Attribute::Addr => format!("show_address({var}.addr)"),
        Attribute::Blocking => format!("show(blocking_of({var}, {}))", names.socket(chan)),
        Attribute::Socket => format!("show(getattr({var}, \"socket\", None) is not None)"),
        Attribute::Registered => format!("show(is_registered({var}))"),
        Attribute::OutBuffer => format!("show_data({var}.out_buffer)"),
        Attribute::Error => format!("show({var}.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))"),
        Attribute::Option => format!("show({var}.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR))"),
        Attribute::Delegated => format!("show({var}.gettimeout is not None)"),
    }
}
