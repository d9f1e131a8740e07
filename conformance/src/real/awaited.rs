//! Hooks that are awaited, and which clause is broken when one is awaited in vain.

use asyncore_spec::clause_id::ClauseId;
use asyncore_spec::name::Name;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Hook;
use serde::{Deserialize, Serialize};

/// Is a hook of a channel that a scenario waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The channel.
    pub on: Name,
    /// The hook.
    pub hook: Hook,
}

impl Awaited {
    /// Names the clause that says that the hook is called when its time has come.
    #[must_use]
    pub fn clause(self, profile: Profile) -> ClauseId {
        ClauseId::new(match self.hook {
            Hook::CollectIncomingData | Hook::FoundTerminator => "INPUT-1",
            Hook::Recv => "INPUT-33",
            Hook::HandleConnect | Hook::HandleConnectEvent => "CONNECT-6",
            Hook::HandleClose => "INPUT-20",
            Hook::Close => "CLOSE-1",
            Hook::HandleError => "ERROR-1",
            Hook::HandleRead | Hook::HandleReadEvent => "EVENT-1",
            Hook::HandleWrite | Hook::HandleWriteEvent => "EVENT-2",
            Hook::HandleExpt | Hook::HandleExptEvent => "EVENT-13",
            Hook::HandleAccepted if profile == Profile::Py311 => "ACCEPT-12",
            Hook::HandleAccept | Hook::Accept | Hook::HandleAccepted => "EVENT-3",
            Hook::Send | Hook::InitiateSend | Hook::RefillBuffer | Hook::More => "OUTPUT-1",
            Hook::Readable | Hook::Writable => "POLL-1",
            Hook::LogInfo => "POLL-28",
        })
    }
}
