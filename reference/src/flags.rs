//! What a descriptor is asked for and what it reports.

use std::fmt;
use std::ops::{BitAnd, BitOr, Sub};

/// A set of conditions of a descriptor, with the names that `poll` gives them.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// There is something to read; for `select`, the list of readers.
    pub const IN: Self = Self(1);
    /// There are urgent data; for `select`, the list of exceptional conditions.
    pub const PRI: Self = Self(2);
    /// There is room to write; for `select`, the list of writers.
    pub const OUT: Self = Self(4);
    /// There is a pending error.
    pub const ERR: Self = Self(8);
    /// The other end hung up.
    pub const HUP: Self = Self(16);
    /// The descriptor is not open.
    pub const NVAL: Self = Self(32);
    /// Error, hang-up, not open: what `poll` reports unasked.
    pub const TROUBLE: Self = Self(8 | 16 | 32);

    const NAMES: [(Self, &'static str); 6] = [
        (Self::IN, "IN"),
        (Self::PRI, "PRI"),
        (Self::OUT, "OUT"),
        (Self::ERR, "ERR"),
        (Self::HUP, "HUP"),
        (Self::NVAL, "NVAL"),
    ];

    /// Tells whether any of `flags` is here.
    #[inline]
    pub const fn any(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }

    /// Tells whether nothing is here.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns `self` if `condition` holds, and else nothing.
    #[inline]
    pub const fn when(self, condition: bool) -> Self {
        if condition { self } else { Self::NONE }
    }
}

impl BitOr for Flags {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Flags {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

/// Leaves out what is in the other.
impl Sub for Flags {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// Prints as `IN|PRI`, and nothing as `0`.
impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = Self::NAMES.iter().filter(|(flag, _)| self.any(*flag)).map(|(_, name)| *name).collect();
        f.write_str(if names.is_empty() { "0".into() } else { names.join("|") }.as_str())
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_joined_cut_and_reduced() {
        let (one, other) = (Flags::IN | Flags::OUT, Flags::OUT | Flags::HUP);
        for (set, shown) in [
            (one | other, "IN|OUT|HUP"),
            (one & other, "OUT"),
            (one - other, "IN"),
            (other - Flags::PRI, "OUT|HUP"),
            (Flags::TROUBLE, "ERR|HUP|NVAL"),
            (one.when(true), "IN|OUT"),
            (one.when(false), "0"),
        ] {
            assert_eq!(set.to_string(), shown);
        }
        assert!(one.any(other) && !one.any(Flags::PRI | Flags::HUP));
        assert!(Flags::NONE.is_empty() && !one.is_empty());
    }
}
