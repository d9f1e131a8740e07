//! The map of channels: who takes part in a loop.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use crate::asking::Asking;
use crate::channel::Channel;
use crate::native::NativeSystem;
use crate::profile::{Policy, Profile};
use crate::system::{Ready, System};
use crate::table::Table;

type Channels = Table<Rc<dyn Channel>>;

/// Channels by descriptor, in the order in which they were added (asyncore's `socket_map`).
///
/// A clone is the same map. The map keeps its channels alive, and nothing else does but the
/// program: a channel that is not in a map and that nobody holds is dropped, and its socket with
/// it, which closes the descriptor. A channel does not keep its map alive: when the last clone is
/// dropped, so are the channels in it. Dropping calls no handler and no `close`.
///
/// A map belongs to the thread that made it; each thread may run loops over maps of its own.
#[derive(Clone)]
pub struct Map(Rc<State>);

struct State {
    profile: Profile,
    /// Shared by a pass while it asks the predicates, so that a change then is made to a copy.
    channels: RefCell<Rc<Channels>>,
    system: OnceCell<Rc<dyn System>>,
    /// What the last pass has asked.
    asking: Cell<Option<Asking>>,
    ready: Cell<Vec<Ready>>,
}

impl Map {
    /// Creates an empty map whose loop follows a release and waits on the operating system.
    pub fn new(profile: Profile) -> Self {
        Self(Rc::new(State {
            profile,
            channels: RefCell::default(),
            system: OnceCell::new(),
            asking: Cell::default(),
            ready: Cell::default(),
        }))
    }

    /// Creates an empty map whose loop waits on `system`.
    pub fn with_system(profile: Profile, system: Rc<dyn System>) -> Self {
        let map = Self::new(profile);
        let _ = map.0.system.set(system);
        map
    }

    /// Returns the release that a loop over this map follows.
    pub fn profile(&self) -> Profile {
        self.0.profile
    }

    /// Returns how many channels there are.
    pub fn len(&self) -> usize {
        self.0.channels.borrow().len()
    }

    /// Tells whether there is no channel.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the channel that stands under a descriptor.
    #[inline]
    pub fn get(&self, fd: i32) -> Option<Rc<dyn Channel>> {
        self.0.channels.borrow().get(fd).cloned()
    }

    /// Puts a channel under a descriptor and returns the one that was there, whose place it takes.
    pub fn insert(&self, fd: i32, channel: Rc<dyn Channel>) -> Option<Rc<dyn Channel>> {
        self.change(|channels| channels.insert(fd, channel))
    }

    /// Removes the channel that stands under a descriptor and returns it.
    pub fn remove(&self, fd: i32) -> Option<Rc<dyn Channel>> {
        self.change(|channels| channels.remove(fd))
    }

    /// Removes all channels; they are not closed, but dropped if nobody else holds them.
    pub fn clear(&self) {
        drop(self.change(Table::clear));
    }

    /// Returns the descriptors in their order.
    pub fn descriptors(&self) -> Vec<i32> {
        self.0.channels.borrow().iter().map(|slot| slot.fd).collect()
    }

    /// Returns the channels in their order.
    pub fn channels(&self) -> Vec<Rc<dyn Channel>> {
        self.0.channels.borrow().iter().map(|slot| Rc::clone(slot.value)).collect()
    }

    fn change<R>(&self, change: impl FnOnce(&mut Channels) -> R) -> R {
        change(Rc::make_mut(&mut *self.0.channels.borrow_mut()))
    }

    /// Returns the channels as they are now; they stay so, whatever happens to the map.
    pub(crate) fn snapshot(&self) -> Rc<Channels> {
        Rc::clone(&self.0.channels.borrow())
    }

    pub(crate) fn policy(&self) -> &'static Policy {
        self.0.profile.policy()
    }

    /// Returns what the loop waits on, which is made when it is first needed.
    pub fn system(&self) -> &dyn System {
        &**self.0.system.get_or_init(|| Rc::new(NativeSystem::new(self.0.profile)))
    }

    /// Lends what the last pass has asked; a pass within that begins with nothing.
    pub(crate) fn take_asking(&self) -> Asking {
        self.0.asking.take().unwrap_or_default()
    }

    pub(crate) fn give_asking(&self, asking: Asking) {
        self.0.asking.set(Some(asking));
    }

    /// Lends a list for what a wait reports; a wait within that gets a new one.
    pub(crate) fn take_ready(&self) -> Vec<Ready> {
        self.0.ready.take()
    }

    pub(crate) fn give_ready(&self, mut ready: Vec<Ready>) {
        ready.clear();
        self.0.ready.set(ready);
    }
}

/// Shows the descriptors.
impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Map").field(&self.descriptors()).finish()
    }
}

impl PartialEq for Map {
    /// Tells whether both are the same map.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Map {}

/// A channel's way to its map.
pub(crate) enum WeakMap {
    Default(Profile),
    Given(WeakState),
}

/// A given map, which its channels do not keep alive.
pub(crate) struct WeakState(Weak<State>);

impl WeakMap {
    pub(crate) fn upgrade(&self) -> Option<Map> {
        match self {
            Self::Default(profile) => DEFAULTS.try_with(|maps| default_of(maps, *profile)).ok(),
            Self::Given(state) => state.0.upgrade().map(Map),
        }
    }
}

impl From<&Map> for WeakMap {
    fn from(map: &Map) -> Self {
        Self::Given(WeakState(Rc::downgrade(&map.0)))
    }
}

thread_local! {
    static DEFAULTS: [OnceCell<Map>; Profile::ALL.len()] = const { [const { OnceCell::new() }; Profile::ALL.len()] };
}

/// Returns the map that a channel of that release is in if it is not given another.
///
/// There is one for each release in each thread, where asyncore has one for each process. It lives
/// as long as the thread, and so do the channels in it.
pub fn socket_map(profile: Profile) -> Map {
    DEFAULTS.with(|maps| default_of(maps, profile))
}

fn default_of(maps: &[OnceCell<Map>], profile: Profile) -> Map {
    maps[profile as usize].get_or_init(|| Map::new(profile)).clone()
}
