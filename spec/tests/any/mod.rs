//! Strategies for scenarios and traces that the generators of the spec never make.

#![allow(dead_code, reason = "every test uses a part of it")]

use asyncore_spec::exception::{Errno, Exception};
use asyncore_spec::generate::{Family, Repertoire, scenarios};
use asyncore_spec::name::Name;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::{Action, ChatOptions, Ending, Hook, Input, Item, Outcome, Scenario, Setup};
use asyncore_spec::trace::{Arg, Event, Flags, Reply, SocketCall, Trace, What};
use asyncore_spec::value::{Bytes, Value};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRng, TestRunner};

/// Settings of a property: so many cases, the same ones each time.
pub(crate) fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Config::default() }
}

/// The names that a scenario may speak of.
#[derive(Clone)]
struct Names {
    chan: BoxedStrategy<Name>,
    producer: BoxedStrategy<Name>,
    fifo: BoxedStrategy<Name>,
}

impl Names {
    /// Any names at all.
    fn any() -> Self {
        Self { chan: name().boxed(), producer: name().boxed(), fifo: name().boxed() }
    }

    /// The names of the things that [`checked`] sets up.
    fn set_up() -> Self {
        let of = |names: &'static [&'static str]| prop::sample::select(names).prop_map(Name::of).boxed();
        Self { chan: of(&["c", "d"]), producer: of(&["p", "s"]), fifo: of(&["f", "g"]) }
    }
}

/// Any name.
fn name() -> impl Strategy<Value = Name> {
    let names = "[a-z][a-z0-9_]{0,11}".prop_filter_map("a name", |text| text.parse().ok());
    let keywords = prop::sample::select(&["chat", "falsy", "size", "on", "terminator", "other", "os", "socket"][..]);
    let keywords = keywords.prop_map(Name::of);
    prop_oneof![3 => names, 1 => keywords]
}

fn bytes() -> impl Strategy<Value = Bytes> {
    let quoted = prop::collection::vec(prop::sample::select(&b"\"'\\;#>-[]:.x0 \r\n\t\0\xff"[..]), 0..8);
    prop_oneof![prop::collection::vec(any::<u8>(), 0..24), quoted].prop_map(Bytes)
}

fn some_bytes() -> impl Strategy<Value = Bytes> {
    bytes().prop_filter("data are at least one byte", |bytes| !bytes.is_empty())
}

/// Any value, lists of lists included.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let int = prop_oneof![any::<i64>(), -3_i64..12, Just(i64::MIN), Just(i64::MAX)];
    let tenths = prop_oneof![-20..20, any::<i32>(), Just(i32::MIN)];
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::bool),
        int.prop_map(Value::int),
        bytes().prop_map(|hex| Value::Bytes { hex }),
        tenths.prop_map(|tenths| Value::Float { tenths }),
        bytes().prop_map(|hex| Value::Bytearray { hex }),
        bytes().prop_map(|hex| Value::Memoryview { hex }),
        any::<String>().prop_map(|value| Value::Text { value }),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(|items| Value::List { items }))
}

fn errno() -> impl Strategy<Value = Errno> {
    prop::sample::select(Errno::ALL)
}

fn exception() -> impl Strategy<Value = Exception> {
    let class = prop::option::of("[A-Za-z_][A-Za-z0-9_]{0,20}");
    prop_oneof![
        Just(Exception::Exit),
        Just(Exception::Interrupt),
        errno().prop_map(|errno| Exception::Os { errno }),
        class.prop_map(|class| Exception::Other { class }),
    ]
}

/// Any exception that a scenario may raise.
fn raisable() -> impl Strategy<Value = Exception> {
    exception().prop_map(|exception| match exception {
        Exception::Other { .. } => Exception::scripted(),
        other => other,
    })
}

fn hook() -> impl Strategy<Value = Hook> {
    prop::sample::select(Hook::ALL)
}

fn size() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(prop_oneof![0_u32..20, any::<u32>()])
}

fn options() -> impl Strategy<Value = ChatOptions> {
    (prop::option::of(value()), size(), size(), any::<[bool; 4]>()).prop_map(
        |(terminator, ac_in_buffer_size, ac_out_buffer_size, [unconnected, bare, gather, use_encoding])| ChatOptions {
            terminator,
            ac_in_buffer_size,
            ac_out_buffer_size,
            unconnected,
            bare,
            gather,
            use_encoding,
        },
    )
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::All),
        prop_oneof![0_u32..5, any::<u32>()].prop_map(|bytes| Outcome::Take { bytes }),
        errno().prop_map(|errno| Outcome::Fail { errno }),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        some_bytes().prop_map(|hex| Input::Data { hex }),
        Just(Input::Eof),
        errno().prop_map(|errno| Input::Fail { errno }),
    ]
}

/// Any action on a channel.
fn chat_action(names: &Names) -> impl Strategy<Value = Action> + use<> {
    let plain: [fn(Name) -> Action; 12] = [
        |chan| Action::HandleRead { chan },
        |chan| Action::HandleWrite { chan },
        |chan| Action::CloseWhenDone { chan },
        |chan| Action::InitiateSend { chan },
        |chan| Action::RefillBuffer { chan },
        |chan| Action::GetTerminator { chan },
        |chan| Action::Readable { chan },
        |chan| Action::Writable { chan },
        |chan| Action::DiscardBuffers { chan },
        |chan| Action::Close { chan },
        |chan| Action::Connect { chan },
        |chan| Action::GetData { chan },
    ];
    let chan = || names.chan.clone();
    let item = prop_oneof![
        names.producer.clone().prop_map(|name| Item::Producer { name }),
        value().prop_map(|value| Item::Value { value }),
    ];
    prop_oneof![
        6 => (prop::sample::select(plain.to_vec()), chan()).prop_map(|(make, chan)| make(chan)),
        4 => (chan(), input()).prop_map(|(chan, input)| Action::Recv { chan, input }),
        2 => (chan(), value()).prop_map(|(chan, data)| Action::Push { chan, data }),
        2 => (chan(), value()).prop_map(|(chan, terminator)| Action::SetTerminator { chan, terminator }),
        2 => (chan(), item).prop_map(|(chan, producer)| Action::PushWithProducer { chan, producer }),
    ]
}

/// Any action.
fn action(names: &Names) -> BoxedStrategy<Action> {
    let fifo: [fn(Name) -> Action; 5] = [
        |fifo| Action::FifoPop { fifo },
        |fifo| Action::FifoFirst { fifo },
        |fifo| Action::FifoIsEmpty { fifo },
        |fifo| Action::FifoLen { fifo },
        |fifo| Action::FifoGiven { fifo },
    ];
    prop_oneof![
        12 => chat_action(names),
        1 => names.producer.clone().prop_map(|producer| Action::More { producer }),
        2 => (prop::sample::select(fifo.to_vec()), names.fifo.clone()).prop_map(|(make, fifo)| make(fifo)),
        1 => (names.fifo.clone(), value()).prop_map(|(fifo, item)| Action::FifoPush { fifo, item }),
        1 => (value(), value()).prop_map(|(haystack, needle)| Action::FindPrefixAtEnd { haystack, needle }),
    ]
    .boxed()
}

fn ending(exception: impl Strategy<Value = Exception> + 'static) -> impl Strategy<Value = Ending> {
    prop_oneof![
        3 => Just(Ending::Normal),
        1 => Just(Ending::Return),
        1 => exception.prop_map(|exception| Ending::Raise { exception }),
    ]
}

/// Any line of the set-up.
fn setup(names: &Names) -> impl Strategy<Value = Setup> + use<> {
    let on = prop_oneof![names.chan.clone(), names.producer.clone()];
    let actions = prop::collection::vec(action(names), 0..3);
    let items = prop::option::of(prop::collection::vec(value(), 0..4));
    prop_oneof![
        (names.chan.clone(), options()).prop_map(|(name, options)| Setup::Chat { name, options }),
        (names.producer.clone(), prop::collection::vec(value(), 0..4), any::<bool>())
            .prop_map(|(name, results, falsy)| Setup::Producer { name, results, falsy }),
        (names.producer.clone(), bytes(), size()).prop_map(|(name, data, buffer_size)| Setup::SimpleProducer {
            name,
            data,
            buffer_size
        }),
        (names.fifo.clone(), items).prop_map(|(name, items)| Setup::Fifo { name, items }),
        (names.chan.clone(), prop::collection::vec(outcome(), 0..4))
            .prop_map(|(chan, outcomes)| Setup::Sends { chan, outcomes }),
        (on, hook(), 1..=u32::MAX, actions, ending(exception()))
            .prop_map(|(on, hook, nth, actions, ending)| Setup::Reaction { on, hook, nth, actions, ending }),
    ]
}

/// Any scenario that can be written down, whether it makes sense or not.
pub(crate) fn scenario() -> impl Strategy<Value = Scenario> {
    let names = Names::any();
    let setup = prop::collection::vec(setup(&names), 0..6);
    (setup, prop::collection::vec(action(&names), 0..6)).prop_map(|(setup, steps)| Scenario { setup, steps })
}

/// A channel that makes sense: no negative terminator.
fn checked_chat(name: &'static str) -> impl Strategy<Value = Setup> {
    options().prop_map(move |mut options| {
        if let Some(Value::Int { value }) = &mut options.terminator {
            *value = value.checked_abs().unwrap_or(i64::MAX);
        }
        Setup::Chat { name: Name::of(name), options }
    })
}

/// Reactions that make sense: each to another call, of a hook that the thing has.
fn checked_reactions(names: &Names) -> impl Strategy<Value = Vec<Setup>> + use<> {
    let actions = prop::collection::vec(action(names), 0..3);
    let reaction = (any::<bool>(), hook(), 1_u32..4, actions, ending(raisable()));
    prop::collection::vec(reaction, 0..8).prop_map(|reactions| {
        let mut seen = std::collections::HashSet::new();
        let reactions = reactions.into_iter().map(|(second, hook, nth, actions, ending)| {
            let on = match (hook, second) {
                (Hook::More, false) => "p",
                (Hook::More, true) => "s",
                (_, false) => "c",
                (_, true) => "d",
            };
            Setup::Reaction { on: Name::of(on), hook, nth, actions, ending }
        });
        let fresh = |setup: &Setup| match setup {
            Setup::Reaction { on, hook, nth, .. } => seen.insert((*on, *hook, *nth)),
            _ => true,
        };
        reactions.filter(fresh).collect()
    })
}

/// Any scenario that passes its check, with Python's values everywhere.
pub(crate) fn checked() -> impl Strategy<Value = Scenario> {
    let names = Names::set_up();
    let result = prop_oneof![3 => bytes().prop_map(|hex| Value::Bytes { hex }), 1 => Just(Value::None)];
    let things = (
        (checked_chat("c"), checked_chat("d")),
        (prop::collection::vec(result, 0..4), any::<bool>(), bytes(), size()),
        prop::option::of(prop::collection::vec(value(), 0..3)),
        (prop::collection::vec(outcome(), 0..4), prop::collection::vec(outcome(), 0..2)),
    );
    let steps = prop::collection::vec(action(&names), 0..12);
    (things, checked_reactions(&names), steps).prop_map(|(things, reactions, steps)| {
        let ((c, d), (results, falsy, data, buffer_size), items, (first, second)) = things;
        let mut setup = vec![c, d];
        setup.push(Setup::Producer { name: Name::of("p"), results, falsy });
        setup.push(Setup::SimpleProducer { name: Name::of("s"), data, buffer_size });
        setup.push(Setup::Fifo { name: Name::of("f"), items });
        setup.push(Setup::Fifo { name: Name::of("g"), items: None });
        setup.push(Setup::Sends { chan: Name::of("c"), outcomes: first });
        setup.push(Setup::Sends { chan: Name::of("d"), outcomes: second });
        setup.extend(reactions);
        Scenario { setup, steps }
    })
}

fn flags() -> impl Strategy<Value = Flags> {
    any::<[bool; 3]>().prop_map(|[connected, accepting, connecting]| Flags { connected, accepting, connecting })
}

/// A call of a hook with an argument that such a hook has.
fn hook_called() -> impl Strategy<Value = What> {
    let given =
        value().prop_filter("a list in a callback's place is its flags", |value| !matches!(value, Value::List { .. }));
    let given = prop::option::of(given);
    (name(), hook(), given, exception(), prop::option::of(flags())).prop_map(|(on, hook, given, exception, flags)| {
        let arg = match hook {
            Hook::HandleError => Some(Arg::Exception { exception }),
            _ => given.map(|value| Arg::Value { value }),
        };
        What::Hook { on, hook, arg, flags: flags.filter(|_| hook.carries_flags()) }
    })
}

fn socket_called() -> impl Strategy<Value = What> {
    let reply = prop_oneof![
        value().prop_map(|value| Reply::Value { value }),
        exception().prop_map(|exception| Reply::Raised { exception }),
    ];
    (name(), prop::sample::select(SocketCall::ALL), prop::option::of(value()), reply)
        .prop_map(|(on, call, arg, reply)| What::Socket { on, call, arg, reply })
}

fn event() -> impl Strategy<Value = Event> {
    let what = prop_oneof![
        3 => hook_called(),
        2 => socket_called(),
        1 => value().prop_map(|value| What::Result { value }),
        1 => exception().prop_map(|exception| What::Raised { exception }),
    ];
    let depth = prop_oneof![4 => 0_u16..4, 1 => 0_u16..400];
    (depth, what).prop_map(|(depth, what)| Event { depth, what })
}

/// Any trace that can be written down.
pub(crate) fn trace() -> impl Strategy<Value = Trace> {
    prop::collection::vec(prop::collection::vec(event(), 0..5), 0..5).prop_map(|steps| Trace { steps })
}

/// Gives so many scenarios of a family, the same ones each time.
pub(crate) fn generated(family: Family, repertoire: &Repertoire, cases: usize) -> Vec<Scenario> {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = scenarios(family, repertoire.clone());
    let one = || strategy.new_tree(&mut runner).expect("every input gives a scenario").current();
    std::iter::repeat_with(one).take(cases).collect()
}

/// Every family with every profile under which it can be run.
pub(crate) fn families() -> impl Iterator<Item = (Family, Repertoire)> {
    Profile::ALL.iter().flat_map(|profile| {
        let repertoire = Repertoire::all(*profile);
        let families = Family::ALL.iter().filter(move |family| Repertoire::all(*profile).allows(**family));
        families.map(move |family| (*family, repertoire.clone()))
    })
}
