//! Scenarios about files: `file_wrapper` on its own.

use super::{Draft, Record};
use crate::dispatcher::{Attribute, CallReply};
use crate::exception::Errno;
use crate::feature::Feature;
use crate::name::Name;
use crate::profile::Profile;
use crate::scenario::{Action, Setup};
use crate::trace::SocketCall;
use crate::value::Bytes;

impl Draft<'_> {
    /// Makes a scenario about one `file_wrapper`.
    pub(super) fn files(&mut self, records: &[Record]) {
        let chan = Name::of("w");
        self.setup(Setup::Wrapper { name: chan });
        if self.head[0].is_multiple_of(3) && self.has(Feature::Errors) {
            let errno = if self.head[1].is_multiple_of(2) { Errno::EIO } else { Errno::EBADF };
            self.setup(Setup::Replies { on: chan, call: SocketCall::Close, replies: vec![CallReply::Fail { errno }] });
        }
        for [kind, more, number, _] in records {
            match kind % 8 {
                0 | 1 => self.step_arrive(chan, *more, *number),
                2 | 3 => self.step(Action::Receive { chan, size: 1 + u32::from(more % 8) }),
                4 => {
                    let data = Bytes(self.text(more % 64));
                    self.step(Action::Send { chan, data });
                }
                5 => {
                    let outcome = self.outcome(*more, *number);
                    self.setup(Setup::Sends { chan, outcomes: vec![outcome] });
                }
                6 => self.step(Action::Close { chan }),
                _ if self.repertoire.profile == Profile::Py25 || !self.has(Feature::Python) => {
                    self.step(Action::Close { chan });
                }
                _ => {
                    let attribute = if more % 2 == 0 { Attribute::Error } else { Attribute::Option };
                    self.step(Action::Look { chan, attribute });
                }
            }
        }
    }
}
