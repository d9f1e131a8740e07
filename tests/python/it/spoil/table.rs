//! What a spoiling is.

/// Is one way to spoil asyncore and asynchat.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoiling {
    /// What is done, in a few words.
    pub(crate) name: &'static str,
    /// The major release whose source is like that, if it is not both.
    pub(crate) major: Option<u32>,
    /// The pieces of source to be replaced. Each stands in its module exactly once.
    pub(crate) text: &'static [(Module, &'static str, &'static str)],
    /// The pieces of asyncore to be replaced in one function or method each, wherever they stand in it.
    pub(crate) parts: Parts,
    /// A program in Python that replaces methods.
    pub(crate) code: &'static str,
    /// The clauses one of which must be broken.
    pub(crate) blamed: &'static [&'static str],
    /// Whether one of them must be the first to be reported. It need not where others tell the same fault as well.
    pub(crate) first: bool,
    /// Clauses that must not be blamed.
    pub(crate) spares: &'static [&'static str],
    /// How much of the suite is run.
    pub(crate) extent: Extent,
}

/// Is one of the two modules.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Module {
    Asyncore,
    Asynchat,
}

/// Says how much of the suite is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The suite as a user runs it.
    Full,
    /// All of the suite, with fewer scenarios.
    Both,
    /// What concerns asyncore without asynchat, with fewer scenarios still.
    Asyncore,
}

impl Module {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Asyncore => "asyncore",
            Self::Asynchat => "asynchat",
        }
    }
}

type Text = &'static [(Module, &'static str, &'static str)];
type Parts = &'static [(&'static str, &'static str, &'static str)];

impl Spoiling {
    /// Replaces pieces of source.
    pub(crate) const fn text(name: &'static str, text: Text, blamed: &'static [&'static str]) -> Self {
        let extent = Extent::Both;
        Self { name, major: None, text, parts: &[], code: "", blamed, first: true, spares: &[], extent }
    }

    /// Replaces methods.
    pub(crate) const fn code(name: &'static str, code: &'static str, blamed: &'static [&'static str]) -> Self {
        Self { code, ..Self::text(name, &[], blamed) }
    }

    /// Replaces pieces of asyncore, each given with the function or method that it stands in.
    pub(crate) const fn part(name: &'static str, parts: Parts, blamed: &'static [&'static str]) -> Self {
        Self { parts, extent: Extent::Asyncore, ..Self::text(name, &[], blamed) }
    }

    /// Says that all of the suite is run, as a user runs it.
    pub(crate) const fn in_full(self) -> Self {
        Self { extent: Extent::Full, ..self }
    }

    /// Says that asynchat does not matter.
    pub(crate) const fn alone(self) -> Self {
        Self { extent: Extent::Asyncore, ..self }
    }

    /// Says that only the source of one major release is like that.
    pub(crate) const fn only(self, major: u32) -> Self {
        Self { major: Some(major), ..self }
    }

    /// Says that other clauses tell the same fault as well, and may be reported first.
    pub(crate) const fn among_others(self) -> Self {
        Self { first: false, ..self }
    }

    /// Names clauses that must not be blamed.
    pub(crate) const fn sparing(self, spares: &'static [&'static str]) -> Self {
        Self { spares, ..self }
    }

    /// Says whether an interpreter of this major release can be spoiled so.
    pub(crate) fn fits(&self, major: u32) -> bool {
        self.major.is_none_or(|only| only == major)
    }
}
