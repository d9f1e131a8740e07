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
    /// A program in Python that replaces methods.
    pub(crate) code: &'static str,
    /// The clauses one of which must be broken.
    pub(crate) blamed: &'static [&'static str],
    /// Whether one of them must be the first to be reported. It need not where others tell the same fault as well.
    pub(crate) first: bool,
    /// Clauses that must not be blamed.
    pub(crate) spares: &'static [&'static str],
}

/// Is one of the two modules.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Module {
    Asyncore,
    Asynchat,
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

impl Spoiling {
    /// Replaces pieces of source.
    pub(crate) const fn text(name: &'static str, text: Text, blamed: &'static [&'static str]) -> Self {
        Self { name, major: None, text, code: "", blamed, first: true, spares: &[] }
    }

    /// Replaces methods.
    pub(crate) const fn code(name: &'static str, code: &'static str, blamed: &'static [&'static str]) -> Self {
        Self { name, major: None, text: &[], code, blamed, first: true, spares: &[] }
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
