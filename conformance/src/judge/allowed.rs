//! What a subject may do in addition, because its deviations say so.

use asyncore_spec::trace::Event;

use super::{Sides, common};

impl Sides<'_> {
    /// Leaves out what may come in addition, with what happens inside it.
    pub(super) fn leave_out_allowed(&mut self) {
        let mut at = 0;
        loop {
            at += common(&self.expected[at..], &self.actual[at..]);
            let Some(extra) = self.actual.get(at).filter(|extra| self.is_allowed(at, &extra.event)) else { return };
            let (step, depth) = (extra.step, extra.event.depth);
            let is_inside = |item: &&super::Item| item.step == step && item.event.depth > depth;
            let inside = self.actual[at + 1..].iter().take_while(is_inside).count();
            self.actual.drain(at..=at + inside);
        }
    }

    fn is_allowed(&self, at: usize, extra: &Event) -> bool {
        let (after, until) = self.window(at);
        let step = self.actual.get(at).map(|item| item.step);
        let alike = self.prediction.allowed.iter().filter(|guard| guard.at <= until && guard.pattern.matches(extra));
        { alike }.any(|guard| guard.lasting || guard.at >= after && Some(guard.step) == step)
    }
}
