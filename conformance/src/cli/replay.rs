//! The command `replay`: one scenario, and what each subject does with it.

mod scene;
mod verdict;

use std::io::Write;

use asyncore_conformance::judge::{Judgement, judge};
use asyncore_conformance::outcome::Status;
use asyncore_conformance::report::columns::{Column, Table};
use asyncore_conformance::subject::{Identity, Run};
use asyncore_spec::model::{Prediction, predict};
use asyncore_spec::scenario::Scenario;
use asyncore_spec::view::observe;

use super::Trouble;
use super::arguments::Replay;
use super::out::Out;
use super::profiles::Choice;
use super::subjects::{Job, jobs};
use scene::Scene;

/// Runs the scenario on every subject, then shows those together that the model predicts the same of.
pub(crate) fn replay(arguments: &Replay, out: &mut Out) -> Result<Status, Trouble> {
    let scene = Scene::read(&arguments.file)?;
    let jobs = jobs(&arguments.subjects)?;
    let mut groups: Vec<Vec<Player>> = Vec::new();
    for job in &jobs {
        let player = Player::play(job, &scene.scenario, arguments)?;
        match groups.iter_mut().find(|group| group[0].is_comparable(&player)) {
            Some(group) => group.push(player),
            None => groups.push(vec![player]),
        }
    }
    let mut status = Status::Held;
    for (at, group) in groups.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        show(out, &scene, group)?;
        status = status.max(verdict::write(out, &scene.scenario, group)?);
    }
    Ok(status)
}

/// Is a subject that has run the scenario.
struct Player {
    name: String,
    choice: Choice,
    identity: Identity,
    prediction: Prediction,
    run: Run,
}

impl Player {
    fn play(job: &Job<'_>, scenario: &Scenario, arguments: &Replay) -> Result<Self, Trouble> {
        let mut subject = job.open()?;
        let identity = subject.identity().clone();
        let choice = Choice::of(job, &identity, arguments.subjects.profile)?;
        let prediction = predict(scenario, &identity.settings(choice.profile));
        let missing = scenario.needs().difference(&identity.features).copied().next();
        let run = match missing {
            Some(feature) => Run::Unsupported { reason: format!("it does not have the feature `{feature}`") },
            None => subject
                .run(std::slice::from_ref(scenario))
                .pop()
                .unwrap_or_else(|| Run::Error { reason: "it gave no answer".to_owned(), stderr: String::new() }),
        };
        Ok(Self { name: job.text().to_owned(), choice, identity, prediction, run })
    }

    /// Says whether the model predicts the same of both, and both can observe the same.
    fn is_comparable(&self, other: &Self) -> bool {
        let settings = |player: &Self| player.identity.settings(player.choice.profile);
        settings(self) == settings(other) && self.identity.observes == other.identity.observes
    }

    /// Judges the trace, if there is one.
    fn judgement(&self) -> Option<Judgement> {
        match &self.run {
            Run::Trace { trace, .. } => Some(judge(&self.prediction, trace, &self.identity.observes)),
            Run::Unsupported { .. } | Run::Error { .. } | Run::GivenUp { .. } => None,
        }
    }
}

fn show(out: &mut Out, scene: &Scene, group: &[Player]) -> Result<(), Trouble> {
    let first = &group[0];
    let observed = &first.identity.observes;
    let model = Column::new(format!("model, {}", first.choice.profile), &observe(&first.prediction.trace(), observed));
    let mut columns = vec![model.clone()];
    for player in group {
        let Run::Trace { trace, .. } = &player.run else { continue };
        let column = Column::new(&player.name, &observe(trace, observed));
        let judgement = player.judgement().unwrap_or_default();
        columns.push(match judgement.departures.first() {
            Some(departure) => column.marked(departure, &model),
            None => column,
        });
    }
    scene.scenario.setup.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
    writeln!(out)?;
    Table { scenario: &scene.scenario, columns: &columns, width: Out::width() }.write(out)?;
    writeln!(out)?;
    if let Some((_, why)) = first.prediction.unspecified {
        writeln!(out, "The spec speaks no further: {why}.")?;
    }
    Ok(scene.write_agreement(out, &first.prediction, first.choice.profile)?)
}
