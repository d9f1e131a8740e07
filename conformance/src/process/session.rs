//! A conversation with a child: each request is answered before the next is written.

use asyncore_spec::scenario::{Action, Scenario};
use asyncore_spec::trace::Event;

use super::ProcessSubject;
use super::failure::Failure;
use super::greeting::describe;
use crate::protocol::{Answer, Places, Request};
use crate::session::{Begun, Refusal, Session, Stepped};

/// Begins a conversation, on a new child if need be.
pub(super) fn begin<'a>(
    subject: &'a mut ProcessSubject,
    scenario: &Scenario,
    places: &Places,
) -> Result<Begun<'a>, Refusal> {
    let mut session = ProcessSession { subject, open: false, rest: Vec::new() };
    let (scenario, places) = (scenario.clone(), places.clone());
    match session.ask(|id| Request::Begin { id, scenario, places })? {
        Answer::Began { bound, .. } => {
            session.open = true;
            Ok(Begun { session: Box::new(session), bound })
        }
        other => Err(session.out_of_turn("`began`", &other)),
    }
}

struct ProcessSession<'a> {
    subject: &'a mut ProcessSubject,
    /// Whether the child has begun and has not been told to end.
    open: bool,
    /// What the answer to the end told.
    rest: Vec<Event>,
}

impl ProcessSession<'_> {
    /// Writes a request and waits for the answer to it.
    fn ask(&mut self, request: impl FnOnce(u64) -> Request) -> Result<Answer, Refusal> {
        let id = self.subject.next_id;
        self.subject.next_id += 1;
        let child = self.subject.living().map_err(|reason| Refusal::GivenUp { reason })?;
        child.send(&request(id));
        let answer = match child.answer() {
            Ok(answer) => answer,
            Err(failure) => return Err(self.failed(&failure)),
        };
        let refused = |reason, stderr| Err(Refusal::Error { reason, stderr });
        match answer {
            Answer::Unsupported { id: of, reason } if of == id => {
                self.subject.in_a_row = 0;
                Err(Refusal::Unsupported { reason })
            }
            Answer::Error { id: of, reason } if of == id => {
                let stderr = child.stderr();
                self.subject.in_a_row = 0;
                refused(reason, stderr)
            }
            Answer::Began { id: of, .. } | Answer::Stepped { id: of, .. } | Answer::Ended { id: of, .. }
                if of == id =>
            {
                self.subject.in_a_row = 0;
                Ok(answer)
            }
            other => Err(self.out_of_turn(&format!("the answer to request {id}"), &other)),
        }
    }

    fn stepped(&mut self, request: impl FnOnce(u64) -> Request) -> Result<Stepped, Refusal> {
        match self.ask(request)? {
            Answer::Stepped { events, bound, printed, .. } => Ok(Stepped { events, bound, printed }),
            other => Err(self.out_of_turn("`stepped`", &other)),
        }
    }

    fn out_of_turn(&mut self, due: &str, instead: &Answer) -> Refusal {
        self.failed(&Failure::OutOfTurn { due: due.to_owned(), instead: describe(instead) })
    }

    /// Ends a child of which nothing good is to be expected.
    fn failed(&mut self, failure: &Failure) -> Refusal {
        self.open = false;
        self.subject.late += u32::from(matches!(failure, Failure::Late { .. }));
        let reason = format!("it {failure}");
        let stderr = self.subject.kill(&reason);
        Refusal::Error { reason, stderr }
    }
}

impl Session for ProcessSession<'_> {
    fn step(&mut self, action: &Action) -> Result<Stepped, Refusal> {
        let action = action.clone();
        self.stepped(|id| Request::Step { id, action })
    }

    fn settle(&mut self) -> Result<Stepped, Refusal> {
        self.stepped(|id| Request::Settle { id })
    }

    fn end(&mut self) -> Result<(), Refusal> {
        if !std::mem::replace(&mut self.open, false) {
            return Ok(());
        }
        match self.ask(|id| Request::End { id })? {
            Answer::Ended { events, .. } => {
                self.rest = events;
                Ok(())
            }
            other => Err(self.out_of_turn("`ended`", &other)),
        }
    }

    fn rest(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.rest)
    }
}

impl Drop for ProcessSession<'_> {
    fn drop(&mut self) {
        // Who does not end in order is not asked again.
        if self.end().is_err() && self.subject.child.is_some() {
            self.subject.kill("it did not end a conversation");
        }
    }
}
