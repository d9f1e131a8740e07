//! Clauses that say of one case what another says of all.

use asyncore_spec::clause_id::ClauseId;

/// The clause of the one case, and that of all.
const RESTS_ON: &[(&str, &str)] = &[
    ("CONNECT-10", "CONNECT-1"),
    ("LOOP-3", "LOOP-2"),
    ("LOOP-5", "POLL-22"),
    ("LOOP-13", "POLL-22"),
    ("INPUT-27", "IO-8"),
    ("FILE-13", "IO-8"),
];

/// Names the clause that a clause rests on: if that one is broken elsewhere, too, the special one is not to blame.
pub(super) fn rests_on(clause: ClauseId) -> Option<ClauseId> {
    let found = RESTS_ON.iter().find(|(special, _)| *special == clause.as_str());
    found.map(|(_, general)| ClauseId::new(general))
}
