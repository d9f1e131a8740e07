//! What is compared.

/// A server that sends each line back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Whether what one read has brought is sent together.
    pub(crate) coalesces: bool,
}

/// What a server is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Cpython(Wait),
    Mio,
    /// Mio, with predicates that are asked before each wait.
    Asking,
    Tokio,
    Reference(Wait),
}

/// Which of asyncore's two loops runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    Select,
    Poll,
}

const fn subject(name: &'static str, kind: Kind, coalesces: bool) -> Subject {
    Subject { name, kind, coalesces }
}

pub(crate) const SUBJECTS: [Subject; 11] = [
    subject("cpython-select", Kind::Cpython(Wait::Select), false),
    subject("cpython-poll", Kind::Cpython(Wait::Poll), false),
    subject("mio", Kind::Mio, false),
    subject("mio-asking", Kind::Asking, false),
    subject("tokio", Kind::Tokio, false),
    subject("select", Kind::Reference(Wait::Select), false),
    subject("poll", Kind::Reference(Wait::Poll), false),
    subject("mio-coalescing", Kind::Mio, true),
    subject("tokio-coalescing", Kind::Tokio, true),
    subject("select-coalescing", Kind::Reference(Wait::Select), true),
    subject("poll-coalescing", Kind::Reference(Wait::Poll), true),
];

pub(crate) fn named(name: &str) -> Subject {
    let names = SUBJECTS.map(|subject| subject.name).join(", ");
    let found = SUBJECTS.into_iter().find(|subject| subject.name == name);
    found.unwrap_or_else(|| panic!("{name:?} is none of {names}"))
}

impl Subject {
    /// Returns what this one is measured against: asynchat with the same way to wait, and mio and
    /// tokio with the same way to send.
    pub(crate) fn rivals(self) -> [Self; 3] {
        let wait = match self.kind {
            Kind::Cpython(wait) | Kind::Reference(wait) => wait,
            Kind::Mio | Kind::Asking | Kind::Tokio => Wait::Poll,
        };
        let first = |kind, coalesces| {
            let is_it = |subject: &Self| subject.kind == kind && subject.coalesces == coalesces;
            SUBJECTS.into_iter().find(is_it).expect("there is one of each")
        };
        [first(Kind::Cpython(wait), false), first(Kind::Mio, self.coalesces), first(Kind::Tokio, self.coalesces)]
    }

    /// Tells whether it is there for what it does beside idle connections alone.
    pub(crate) fn only_beside_idle(self) -> bool {
        self.kind == Kind::Asking
    }

    /// Tells whether it can serve so many connections: CPython's `select` takes descriptors below
    /// 1024, of which it needs some itself.
    pub(crate) fn serves(self, connections: usize) -> bool {
        self.kind != Kind::Cpython(Wait::Select) || connections <= 1000
    }
}
