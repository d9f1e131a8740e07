//! Names the clause on a kind of event, for what no clause rules out in particular.

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::scenario::Hook;
use asyncore_spec::trace::{Event, SocketCall, What};

/// Names the clause that an event breaks where no rule forbids it in particular.
pub(super) fn general(extra: &Event) -> ClauseId {
    ClauseId::new(match &extra.what {
        What::Hook { hook, .. } => match hook {
            Hook::CollectIncomingData | Hook::FoundTerminator => "INPUT-1",
            Hook::HandleConnect => "CONNECT-3",
            Hook::HandleClose => "INPUT-20",
            Hook::HandleError => "INPUT-27",
            Hook::More => "PRODUCER-5",
            Hook::LogInfo => "CLOSE-19",
            Hook::Recv => "INPUT-33",
            Hook::Send => "OUTPUT-4",
            Hook::Close => "CLOSE-2",
            Hook::InitiateSend => "OUTPUT-29",
            Hook::RefillBuffer => "OUTPUT-31",
            Hook::HandleRead => "EVENT-1",
            Hook::HandleWrite => "EVENT-2",
            Hook::HandleExpt => "EVENT-13",
            Hook::HandleAccept => "EVENT-3",
            Hook::HandleAccepted | Hook::Accept => "ACCEPT-12",
            Hook::Readable | Hook::Writable => "POLL-1",
            Hook::HandleReadEvent | Hook::HandleWriteEvent | Hook::HandleExptEvent => "POLL-28",
            Hook::HandleConnectEvent => "EVENT-8",
        },
        What::Socket { call, .. } => match call {
            SocketCall::Recv => "INPUT-33",
            SocketCall::Send => "OUTPUT-4",
            SocketCall::Close => "CLOSE-2",
            SocketCall::Accept => "ACCEPT-12",
            SocketCall::Connect => "CONNECT-6",
            SocketCall::Bind => "ACCEPT-3",
            SocketCall::Listen => "ACCEPT-1",
            SocketCall::Getsockopt => "EVENT-12",
            SocketCall::Setsockopt => "ACCEPT-17",
            SocketCall::Create => "CONNECT-26",
            SocketCall::Dup => "FILE-1",
        },
        What::Wait { .. } => "LOOP-2",
        What::Printed { .. } | What::Seen { .. } => "LOG-2",
        What::Result { .. } => "INPUT-38",
        What::Raised { .. } => "ERROR-4",
    })
}

/// Names the clause that an event of a channel that is no chat breaks where no rule forbids it in particular.
pub(super) fn of_dispatcher(extra: &Event) -> ClauseId {
    ClauseId::new(match &extra.what {
        What::Hook { hook: Hook::HandleClose, .. } => "IO-7",
        What::Hook { hook: Hook::HandleError, .. } => "ERROR-5",
        What::Hook { hook: Hook::HandleConnect, .. } => "CONNECT-16",
        What::Hook { hook: Hook::LogInfo, .. } => "CLOSE-11",
        What::Hook { hook: Hook::Recv, .. } | What::Socket { call: SocketCall::Recv, .. } => "IO-6",
        What::Hook { hook: Hook::Send, .. } | What::Socket { call: SocketCall::Send, .. } => "IO-1",
        What::Hook { hook: Hook::InitiateSend, .. } => "IO-12",
        _ => return general(extra),
    })
}
