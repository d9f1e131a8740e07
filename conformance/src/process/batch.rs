//! Runs many scenarios on a child that may fail at any of them, and finds out at which.
//!
//! Several requests are under way at once. When the child fails, the ones under way are run again one by one on a new
//! child, so that the one that makes it fail is known for sure, also if the adapter keeps answers back. If none does
//! then, the failure is put down to the first that was unanswered: a failure is never forgotten.

use asyncore_spec::scenario::Scenario;

use super::ProcessSubject;
use super::failure::Failure;
use super::greeting::describe;
use crate::protocol::{Answer, Request};
use crate::subject::Run;

/// The greatest number of requests under way, whatever the subject allows.
const MOST_UNDER_WAY: u32 = 1024;

/// Runs scenarios; gives one result for each.
pub(super) fn run(subject: &mut ProcessSubject, scenarios: &[Scenario]) -> Vec<Run> {
    let first_id = subject.next_id;
    subject.next_id += scenarios.len() as u64;
    let runs = Vec::with_capacity(scenarios.len());
    Batch { subject, scenarios, first_id, runs, sent: 0, one_by_one: 0, suspect: None }.run()
}

struct Batch<'a> {
    subject: &'a mut ProcessSubject,
    scenarios: &'a [Scenario],
    /// The number of the first scenario's request.
    first_id: u64,
    /// The results so far; the next answer is for the scenario after them.
    runs: Vec<Run>,
    /// How many scenarios the child has been sent or has answered.
    sent: usize,
    /// Scenarios before this one are sent only when nothing else is under way.
    one_by_one: usize,
    /// A failure with several requests under way, and the first of them, until the one to blame is found.
    suspect: Option<(usize, Run)>,
}

impl Batch<'_> {
    fn run(mut self) -> Vec<Run> {
        while self.runs.len() < self.scenarios.len() {
            if let Err(reason) = self.send() {
                self.give_up(&reason);
                break;
            }
            match self.answer() {
                Ok(run) => self.answered(run),
                Err(failure) => self.failed(&failure),
            }
        }
        self.settle();
        self.runs
    }

    /// Sends as many requests as may be under way. Waits with that until half of them are answered.
    fn send(&mut self) -> Result<(), String> {
        let due = self.runs.len();
        let window = if due < self.one_by_one { 1 } else { self.subject.hello.batch.clamp(1, MOST_UNDER_WAY) as usize };
        let under_way = self.sent - due;
        let child = self.subject.living()?;
        if under_way > window / 2 {
            return Ok(());
        }
        let until = (due + window).min(self.scenarios.len());
        for (index, scenario) in self.scenarios.iter().enumerate().take(until).skip(self.sent) {
            child.send(&Request::Run { id: self.first_id + index as u64, scenario: scenario.clone() });
        }
        self.sent = until;
        Ok(())
    }

    /// Waits for the answer to the first request under way.
    fn answer(&mut self) -> Result<Run, Failure> {
        let due = self.runs.len();
        let due_id = self.first_id + due as u64;
        let child = self.subject.child.as_mut().expect("requests are sent to a child");
        match child.answer()? {
            Answer::Ok { id, trace, printed } if id == due_id => {
                let (reported, given) = (trace.steps.len(), self.scenarios[due].steps.len());
                if reported > given {
                    return Err(Failure::TooManySteps { reported, given });
                }
                Ok(Run::Trace { trace, printed })
            }
            Answer::Unsupported { id, reason } if id == due_id => Ok(Run::Unsupported { reason }),
            Answer::Error { id, reason } if id == due_id => Ok(Run::Error { reason, stderr: child.stderr() }),
            Answer::Ok { id, .. } | Answer::Unsupported { id, .. } | Answer::Error { id, .. }
                if (self.first_id..due_id).contains(&id) =>
            {
                Err(Failure::Twice { id })
            }
            other => {
                let due = format!("the answer to request {due_id}");
                Err(Failure::OutOfTurn { due, instead: describe(&other) })
            }
        }
    }

    fn answered(&mut self, run: Run) {
        self.subject.in_a_row = 0;
        self.runs.push(run);
        if self.runs.len() == self.one_by_one {
            self.settle();
        }
    }

    fn failed(&mut self, failure: &Failure) {
        let due = self.runs.len();
        self.subject.late += u32::from(matches!(failure, Failure::Late { .. }));
        let reason = format!("it {failure}");
        let stderr = self.subject.kill(&reason);
        let error = Run::Error { reason, stderr };
        let alone = self.sent - due == 1;
        match failure {
            Failure::Twice { id } => self.runs[(id - self.first_id) as usize] = error,
            Failure::TooManySteps { .. } => self.runs.push(error),
            _ if alone => {
                self.runs.push(error);
                self.suspect = None;
            }
            _ => {
                self.one_by_one = self.sent;
                self.suspect = Some((due, error));
            }
        }
        if self.runs.len() == self.one_by_one {
            self.settle();
        }
        self.sent = self.runs.len();
    }

    /// Puts a failure that did not happen again down to the first scenario that it can have happened in.
    fn settle(&mut self) {
        let Some((index, Run::Error { reason, stderr })) = self.suspect.take() else { return };
        if let Some(run) = self.runs.get_mut(index) {
            let reason =
                format!("{reason} while several scenarios were under way, and not when they were run one by one");
            *run = Run::Error { reason, stderr };
        }
    }

    fn give_up(&mut self, reason: &str) {
        self.runs.resize(self.scenarios.len(), Run::GivenUp { reason: reason.to_owned() });
    }
}
