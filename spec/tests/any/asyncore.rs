//! Any lines about asyncore itself: dispatchers, sockets, files, maps, waits.

use asyncore_spec::dispatcher::{Attribute, CallReply, Class, DispatcherOptions, Family, Given, SocketType};
use asyncore_spec::name::Name;
use asyncore_spec::scenario::{Action, DispatchBy, Input, Method, Outcome, Setup, Tenths};
use asyncore_spec::trace::SocketCall;
use asyncore_spec::value::Bytes;
use asyncore_spec::wait::{Conditions, Ready, Report, Timeout};
use proptest::prelude::*;

use super::names::Names;
use super::value::{bytes, errno, some_bytes};

/// One of these, or none.
fn perhaps<T: std::fmt::Debug>(one: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.3, one)
}

pub(super) fn outcome() -> impl Strategy<Value = Outcome> {
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

/// Some conditions, at least one.
pub(super) fn conditions() -> impl Strategy<Value = Conditions> {
    (1_u8..64).prop_map(Conditions::of_bits)
}

/// Channels with conditions.
pub(super) fn ready(name: BoxedStrategy<Name>) -> impl Strategy<Value = Vec<Ready>> {
    let one = (name, conditions()).prop_map(|(name, conditions)| Ready { name, conditions });
    prop::collection::vec(one, 0..4)
}

/// Any time.
pub(super) fn timeout() -> impl Strategy<Value = Timeout> {
    let unit = prop::sample::select(&[1_i64, 1000, 1_000_000][..]);
    prop_oneof![
        1 => Just(Timeout::Never),
        3 => (-2_i64..40, unit).prop_map(|(value, unit)| Timeout::Micros { value: value * unit }),
        1 => any::<i64>().prop_map(|value| Timeout::Micros { value }),
    ]
}

fn report(names: &Names) -> impl Strategy<Value = Report> + use<> {
    prop_oneof![
        5 => ready(names.channel.clone()).prop_map(|ready| Report::Ready { ready }),
        1 => errno().prop_map(|errno| Report::Fail { errno }),
    ]
}

fn tenths() -> impl Strategy<Value = Tenths> {
    prop_oneof![3 => (-2_i32..5).prop_map(Tenths::whole), 1 => any::<i32>().prop_map(Tenths)]
}

fn given() -> impl Strategy<Value = Given> {
    prop_oneof![
        4 => Just(Given::Connected),
        2 => Just(Given::Nothing),
        1 => errno().prop_map(|errno| Given::Peerless { errno }),
    ]
}

fn class() -> impl Strategy<Value = Class> {
    prop::sample::select(&[Class::Dispatcher, Class::WithSend, Class::File][..])
}

/// What can be chosen of a dispatcher, on sockets and maps that may be spoken of.
pub(super) fn options(names: &Names) -> impl Strategy<Value = DispatcherOptions> + use<> {
    let socket = (given(), perhaps(names.socket.clone()), perhaps(any::<u16>()), perhaps(names.map.clone()));
    let reads = perhaps(prop_oneof![0_u32..9, any::<u32>()]);
    let truths = (perhaps(any::<bool>()), perhaps(any::<bool>()));
    (class(), socket, reads, truths, any::<[bool; 2]>()).prop_map(
        |(class, (given, on, fd, map), reads, (readable, writable), [later, object])| DispatcherOptions {
            class,
            given,
            on,
            map,
            fd,
            later,
            reads,
            readable,
            writable,
            object,
        },
    )
}

/// Any reply, whether the call can give it or not.
pub(super) fn reply(names: &Names) -> impl Strategy<Value = CallReply> + use<> {
    prop_oneof![
        Just(CallReply::Ok),
        errno().prop_map(|errno| CallReply::Fail { errno }),
        names.socket.clone().prop_map(|socket| CallReply::Gives { socket }),
        Just(CallReply::Nothing),
    ]
}

/// Any line of the set-up that asyncore itself has.
pub(super) fn setup(names: &Names) -> BoxedStrategy<Setup> {
    let replies = prop::collection::vec(reply(names), 0..4);
    prop_oneof![
        3 => (names.dispatcher.clone(), options(names)).prop_map(|(name, options)| Setup::Dispatcher { name, options }),
        1 => names.wrapper.clone().prop_map(|name| Setup::Wrapper { name }),
        1 => (names.socket.clone(), perhaps(any::<u16>()), perhaps(errno()))
            .prop_map(|(name, fd, peer)| Setup::Socket { name, fd, peer }),
        1 => names.map.clone().prop_map(|name| Setup::Map { name }),
        2 => (names.end.clone(), prop::sample::select(SocketCall::ALL), replies)
            .prop_map(|(on, call, replies)| Setup::Replies { on, call, replies }),
        2 => (names.end.clone(), prop::collection::vec(outcome(), 0..4))
            .prop_map(|(chan, outcomes)| Setup::Sends { chan, outcomes }),
    ]
    .boxed()
}

/// Any action that every channel has.
fn channel_action(names: &Names) -> BoxedStrategy<Action> {
    let plain: [fn(Name) -> Action; 7] = [
        |chan| Action::HandleRead { chan },
        |chan| Action::HandleWrite { chan },
        |chan| Action::InitiateSend { chan },
        |chan| Action::Readable { chan },
        |chan| Action::Writable { chan },
        |chan| Action::Connect { chan },
        |chan| Action::Repr { chan },
    ];
    let channel = || names.channel.clone();
    let text = any::<String>;
    prop_oneof![
        5 => (prop::sample::select(plain.to_vec()), channel()).prop_map(|(make, chan)| make(chan)),
        4 => (channel(), input()).prop_map(|(chan, input)| Action::Recv { chan, input }),
        3 => (channel(), prop::sample::select(Method::ALL)).prop_map(|(chan, method)| Action::Call { chan, method }),
        2 => (channel(), prop::sample::select(DispatchBy::ALL)).prop_map(|(chan, by)| Action::Dispatch { chan, by }),
        2 => (channel(), conditions()).prop_map(|(chan, conditions)| Action::Readwrite { chan, conditions }),
        1 => (channel(), text()).prop_map(|(chan, message)| Action::Log { chan, message }),
        1 => (channel(), text(), text()).prop_map(|(chan, message, kind)| Action::LogInfo { chan, message, kind }),
    ]
    .boxed()
}

/// Any action that only a dispatcher has.
fn dispatcher_action(names: &Names) -> BoxedStrategy<Action> {
    let plain: [fn(Name) -> Action; 3] =
        [|chan| Action::SetReuseAddr { chan }, |chan| Action::Bind { chan }, |chan| Action::Accept { chan }];
    let chan = || names.dispatcher.clone();
    let socket = || names.socket.clone();
    let (family, kind) = (perhaps(prop::sample::select(Family::ALL)), perhaps(prop::sample::select(SocketType::ALL)));
    prop_oneof![
        3 => (prop::sample::select(plain.to_vec()), chan()).prop_map(|(make, chan)| make(chan)),
        1 => (chan(), any::<u32>()).prop_map(|(chan, backlog)| Action::Listen { chan, backlog }),
        2 => (chan(), family, kind).prop_map(|(chan, family, kind)| Action::CreateSocket { chan, family, kind }),
        1 => (chan(), socket()).prop_map(|(chan, socket)| Action::SetSocket { chan, socket }),
        1 => (chan(), socket()).prop_map(|(chan, socket)| Action::HandleAccepted { chan, socket }),
        1 => (chan(), any::<bool>()).prop_map(|(chan, value)| Action::SetReadable { chan, value }),
        1 => (chan(), any::<bool>()).prop_map(|(chan, value)| Action::SetWritable { chan, value }),
        1 => names.later.clone().prop_map(|chan| Action::Construct { chan }),
    ]
    .boxed()
}

/// Any action on whatever sends and receives.
fn end_action(names: &Names) -> BoxedStrategy<Action> {
    let end = || names.end.clone();
    let worker = || names.worker.clone();
    let attribute = prop::sample::select(Attribute::ALL);
    prop_oneof![
        2 => (end(), input()).prop_map(|(chan, input)| Action::Arrive { chan, input }),
        2 => (worker(), bytes()).prop_map(|(chan, data): (_, Bytes)| Action::Send { chan, data }),
        2 => (worker(), 0_u32..20).prop_map(|(chan, size)| Action::Receive { chan, size }),
        2 => (worker(), attribute).prop_map(|(chan, attribute)| Action::Look { chan, attribute }),
        1 => end().prop_map(|chan| Action::Close { chan }),
    ]
    .boxed()
}

/// Any action about maps and waits.
fn map_action(names: &Names) -> BoxedStrategy<Action> {
    let map = || perhaps(names.map.clone());
    let channel = || names.channel.clone();
    let reports = prop::collection::vec(report(names), 0..4);
    prop_oneof![
        4 => (map(), any::<bool>(), perhaps(timeout()), report(names))
            .prop_map(|(map, use_poll, timeout, report)| Action::Poll { map, use_poll, timeout, report }),
        3 => (map(), any::<bool>(), perhaps(timeout()), prop::option::of(tenths()), reports).prop_map(
            |(map, use_poll, timeout, count, reports)| Action::Loop { map, use_poll, timeout, count, reports }
        ),
        1 => (map(), any::<bool>()).prop_map(|(map, ignore_all)| Action::CloseAll { map, ignore_all }),
        1 => (channel(), map()).prop_map(|(chan, map)| Action::AddChannel { chan, map }),
        1 => (channel(), map()).prop_map(|(chan, map)| Action::DelChannel { chan, map }),
        1 => map().prop_map(|map| Action::MapNames { map }),
        1 => any::<bool>().prop_map(|handling| Action::CompactTraceback { handling }),
        1 => prop_oneof![-1_i64..140, any::<i64>()].prop_map(|number| Action::Strerror { number }),
    ]
    .boxed()
}

/// Any action that asyncore itself has.
pub(super) fn action(names: &Names) -> BoxedStrategy<Action> {
    prop_oneof![
        5 => channel_action(names),
        3 => dispatcher_action(names),
        3 => end_action(names),
        4 => map_action(names),
    ]
    .boxed()
}
