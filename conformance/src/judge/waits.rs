//! Waits that come to the same.

use asyncore_spec::model::Prediction;
use asyncore_spec::name::Name;
use asyncore_spec::trace::What;
use asyncore_spec::wait::{Conditions, Ready, Timeout, WaitCall};

use super::Item;

/// Puts the expected wait in the place of one that comes to the same.
pub(super) fn settle(prediction: &Prediction, expected: &[Item], actual: &mut [Item]) {
    let is_wait = |item: &Item| matches!(item.event.what, What::Wait { .. });
    let mut others = actual.iter_mut().filter(|item| is_wait(item)).peekable();
    for item in expected.iter().filter(|item| is_wait(item)) {
        while others.next_if(|other| other.step < item.step).is_some() {}
        let Some(other) = others.next_if(|other| other.step == item.step) else { continue };
        let free = prediction.events[item.number].wait.as_deref().map_or(&[][..], |why| &why.free);
        if settled(&item.event.what, free) == settled(&other.event.what, free) {
            other.event.what = item.event.what.clone();
        }
    }
}

/// Gives a wait without what is not judged of it.
///
/// Those are the exceptional conditions of the channels in `free`, by which call a wait for nothing waits, and which
/// negative number stands for ever.
pub(super) fn settled(what: &What, free: &[Name]) -> What {
    let What::Wait { call, timeout, asked, told } = what else { return what.clone() };
    let kept = |ready: &Ready| {
        let judged = if free.contains(&ready.name) {
            Conditions::READ.or(Conditions::WRITE).or(Conditions::UNASKED)
        } else {
            Conditions::ASKABLE.or(Conditions::UNASKED)
        };
        Ready { name: ready.name, conditions: ready.conditions.and(judged) }
    };
    let asked: Vec<Ready> = asked.iter().map(kept).filter(|ready| !ready.conditions.is_empty()).collect();
    let timeout = match timeout {
        Timeout::Micros { value } if *value < 0 => Timeout::Never,
        other => *other,
    };
    let call = if asked.is_empty() { WaitCall::Sleep } else { *call };
    What::Wait { call, timeout, asked, told: told.clone() }
}
