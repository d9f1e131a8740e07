//! Makes scenarios: from random numbers for properties, from any bytes for fuzzing.
//!
//! One total decoder serves both. A scenario is decoded from records of four bytes: the first says which line is added,
//! the others choose its details. Every sequence of records decodes to a scenario that makes sense, and smaller numbers
//! decode to simpler lines, so that removing records and lowering numbers shrinks the scenario. Lines that need a feature
//! that the subject has not declared are not on the menu.

mod auxiliary;
mod data;
mod dispatcher;
mod files;
mod input;
mod loops;
mod output;
mod python;
mod reactions;
mod real;

use proptest::prelude::*;

use crate::check::MOST_LINES;
use crate::feature::{Feature, Features};
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Action, ChatOptions, Scenario, Setup};

/// Is one part of a scenario in the decoder's own form.
pub type Record = [u8; 4];

/// The greatest number of records that a generated scenario is made of.
pub const MOST_RECORDS: usize = 12;

/// Is a group of scenarios about one matter; each is one property of the suite.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Family {
    /// `find_prefix_at_end`.
    Prefix,
    /// The class `fifo`.
    Fifo,
    /// `simple_producer`.
    Pieces,
    /// What is received: terminators and collection.
    Framing,
    /// What is sent: the output queue.
    Queue,
    /// Both, with callbacks that call other methods, on two channels.
    Reentrancy,
    /// Values and truths that only Python has.
    Python,
    /// One dispatcher: its socket, its events, its errors.
    Dispatcher,
    /// Several channels in a loop.
    Loop,
    /// Maps, and who is in them.
    Map,
    /// `file_wrapper`.
    File,
    /// Channels on real sockets; not one of `ALL`, as what the kernel does is not known beforehand.
    Sockets,
}

impl Family {
    /// Every family of scripted scenarios.
    pub const ALL: &'static [Self] = &[
        Self::Prefix,
        Self::Fifo,
        Self::Pieces,
        Self::Framing,
        Self::Queue,
        Self::Reentrancy,
        Self::Python,
        Self::Dispatcher,
        Self::Loop,
        Self::Map,
        Self::File,
    ];

    /// Gives the family's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::Fifo => "fifo",
            Self::Pieces => "pieces",
            Self::Framing => "framing",
            Self::Queue => "queue",
            Self::Reentrancy => "reentrancy",
            Self::Python => "python",
            Self::Dispatcher => "dispatcher",
            Self::Loop => "loop",
            Self::Map => "map",
            Self::File => "file",
            Self::Sockets => "sockets",
        }
    }

    /// Says which features every scenario of the family needs.
    #[must_use]
    pub fn needs(self) -> &'static [Feature] {
        match self {
            Self::Prefix => &[Feature::Prefix],
            Self::Fifo => &[Feature::Fifo],
            Self::Pieces => &[Feature::SimpleProducer],
            Self::Framing | Self::Queue => &[Feature::Chat],
            Self::Reentrancy => &[Feature::Chat, Feature::Reactions],
            Self::Python => &[Feature::Chat, Feature::Python],
            Self::Dispatcher => &[Feature::Dispatcher],
            Self::Loop => &[Feature::Dispatcher, Feature::Loop],
            Self::Map => &[Feature::Dispatcher, Feature::Maps],
            Self::File => &[Feature::File],
            Self::Sockets => &[Feature::Loop],
        }
    }
}

/// Says what may be used in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repertoire {
    /// The profile that the subject is judged under.
    pub profile: Profile,
    /// What the subject declares.
    pub features: Features,
}

impl Repertoire {
    /// Is everything that a profile knows.
    #[must_use]
    pub fn all(profile: Profile) -> Self {
        let absent = match profile {
            Profile::Py25 => &[Feature::Gather, Feature::UseEncoding][..],
            Profile::Py27 => &[Feature::RefillBuffer, Feature::UseEncoding],
            Profile::Py311 => &[Feature::RefillBuffer, Feature::Fifo],
        };
        let features = Feature::ALL.iter().copied().filter(|feature| !absent.contains(feature)).collect();
        Self { profile, features }
    }

    /// Says whether a feature may be used.
    #[must_use]
    pub fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// Says whether the scenarios of a family can be run at all.
    #[must_use]
    pub fn allows(&self, family: Family) -> bool {
        family.needs().iter().all(|feature| self.has(*feature))
    }
}

/// Makes a scenario of a family from a head and records; every input gives one.
#[must_use]
pub fn decode(family: Family, repertoire: &Repertoire, head: Record, records: &[Record]) -> Scenario {
    let mut draft =
        Draft { repertoire, head, scenario: Scenario::default(), producers: 0, python: family == Family::Python };
    match family {
        Family::Prefix => records.iter().for_each(|record| draft.prefix(*record)),
        Family::Fifo => draft.fifo(records),
        Family::Pieces => draft.pieces(records),
        Family::Framing => draft.framing(records),
        Family::Queue => draft.queue(records),
        Family::Reentrancy => draft.reentrancy(records),
        Family::Python => draft.python(records),
        Family::Dispatcher => draft.dispatcher(records),
        Family::Loop => draft.loops(records),
        Family::Map => draft.maps(records),
        Family::File => draft.files(records),
        Family::Sockets => draft.real(records),
    }
    let scenario = draft.scenario;
    debug_assert_eq!(scenario.check(), Ok(()), "the decoder is total");
    scenario
}

/// Makes a scenario from any bytes, as a fuzzer has them: the first byte chooses the family, the next four are the head.
#[must_use]
pub fn from_bytes(repertoire: &Repertoire, families: &[Family], bytes: &[u8]) -> Scenario {
    let mut bytes = bytes.iter().copied();
    let family = families[usize::from(bytes.next().unwrap_or(0)) % families.len()];
    let records = 4 * (4 * MOST_RECORDS + 1);
    let numbers: Vec<u8> = bytes.take(records).collect();
    let mut records = numbers.chunks(4).map(|chunk| {
        let mut record = [0; 4];
        record[..chunk.len()].copy_from_slice(chunk);
        record
    });
    let head = records.next().unwrap_or_default();
    let records: Vec<Record> = records.collect();
    decode(family, repertoire, head, &records)
}

/// Generates the scenarios of a family, and shrinks them.
pub fn scenarios(family: Family, repertoire: Repertoire) -> impl Strategy<Value = Scenario> {
    let records = prop::collection::vec(any::<Record>(), 1..=MOST_RECORDS);
    (any::<Record>(), records).prop_map(move |(head, records)| decode(family, &repertoire, head, &records))
}

/// Is a scenario being decoded.
struct Draft<'a> {
    repertoire: &'a Repertoire,
    head: Record,
    scenario: Scenario,
    producers: u8,
    /// Whether Python's own values are wanted.
    python: bool,
}

/// Adds one line, from the three last bytes of its record.
type Line = fn(&mut Draft<'_>, Name, [u8; 3]);

impl Draft<'_> {
    fn has(&self, feature: Feature) -> bool {
        self.repertoire.has(feature)
    }

    /// Says whether the scenario is short enough for a line that adds many others.
    fn has_room(&self) -> bool {
        self.scenario.steps.len() < MOST_LINES / 4 && self.scenario.setup.len() < MOST_LINES / 4
    }

    fn setup(&mut self, setup: Setup) {
        self.scenario.setup.push(setup);
    }

    fn step(&mut self, step: Action) {
        self.scenario.steps.push(step);
    }

    fn chat(&mut self, name: Name, options: ChatOptions) {
        self.setup(Setup::Chat { name, options });
    }

    /// Adds one line for each record, from the menu.
    fn serve(&mut self, menu: &[Line], channels: &[Name], records: &[Record]) {
        for [line, details @ ..] in records {
            let dish = usize::from(*line) % menu.len();
            let chan = channels[usize::from(*line) / menu.len() % channels.len()];
            menu[dish](self, chan, *details);
        }
    }

    /// Keeps those lines of a menu whose features may be used; each line stands as often as it weighs.
    fn menu(&self, lines: &[(u8, Option<Feature>, Line)]) -> Vec<Line> {
        let allowed = lines.iter().filter(|(_, feature, _)| feature.is_none_or(|feature| self.has(feature)));
        allowed.flat_map(|(weight, _, line)| std::iter::repeat_n(*line, usize::from(*weight))).collect()
    }
}
