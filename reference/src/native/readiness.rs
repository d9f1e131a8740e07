//! Which part of what the kernel says each way to wait would report.
//!
//! Pure: flags in, flags out.

use crate::flags::Flags;

/// Returns the lists of `select` that a descriptor would be in.
///
/// A hang-up or an error makes a reader, an error makes a writer.
pub(super) fn by_select(asked: Flags, found: Flags) -> Flags {
    let reader = found.any(Flags::IN | Flags::HUP | Flags::ERR);
    let writer = found.any(Flags::OUT | Flags::ERR);
    let urgent = found.any(Flags::PRI);
    asked & (Flags::IN.when(reader) | Flags::OUT.when(writer) | Flags::PRI.when(urgent))
}

/// Returns what a poll object would report: what was asked, and trouble.
pub(super) fn by_poll(asked: Flags, found: Flags) -> Flags {
    found & (asked | Flags::TROUBLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_of_select() {
        let all = Flags::IN | Flags::OUT | Flags::PRI;
        for (found, lists) in [
            (Flags::IN, "IN"),
            (Flags::HUP, "IN"),
            (Flags::ERR, "IN|OUT"),
            (Flags::PRI, "PRI"),
            (Flags::IN | Flags::PRI | Flags::OUT, "IN|PRI|OUT"),
            (Flags::NONE, "0"),
        ] {
            assert_eq!(by_select(all, found).to_string(), lists, "{found}");
        }
        assert_eq!(by_select(Flags::OUT, Flags::IN | Flags::HUP), Flags::NONE);
    }

    #[test]
    fn the_flags_of_poll() {
        assert_eq!(by_poll(Flags::OUT, Flags::IN | Flags::HUP), Flags::HUP);
        assert_eq!(by_poll(Flags::IN | Flags::PRI, Flags::IN | Flags::OUT), Flags::IN);
    }
}
