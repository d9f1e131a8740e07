//! The command `replay`: one scenario, and what each subject does with it.

pub(crate) mod scene;
mod script;
mod verdict;

use std::io::Write;

use asyncore_conformance::deviations::Deviations;
use asyncore_conformance::judge::Judgement;
use asyncore_conformance::ordered::{ORDER, judge_scenario};
use asyncore_conformance::outcome::Status;
use asyncore_conformance::protocol::LoopKind;
use asyncore_conformance::real::{self, Patience, Performance, Realised};
use asyncore_conformance::report::columns::{Column, Table};
use asyncore_conformance::subject::{Identity, Run, Subject};
use asyncore_spec::model::{Prediction, Settings, predict};
use asyncore_spec::scenario::{Kind, Scenario};
use asyncore_spec::trace::Trace;
use asyncore_spec::view::observe;

use super::Trouble;
use super::arguments::Replay;
use super::out::Out;
use super::profiles::Choice;
use super::subjects::{Job, jobs};
use scene::Scene;

/// Runs the scenario on every subject, then shows those together that the model predicts the same of.
pub(crate) fn replay(arguments: &Replay, out: &mut Out) -> Result<Status, Trouble> {
    let scenes = Scene::read(&arguments.file, arguments.over)?;
    if arguments.script {
        return script::write(out, &scenes, arguments);
    }
    let jobs = jobs(&arguments.subjects)?;
    let mut status = Status::Held;
    for (at, scene) in scenes.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        status = status.max(replay_one(scene, &jobs, arguments, out)?);
    }
    Ok(status)
}

fn replay_one(scene: &Scene, jobs: &[Job<'_>], arguments: &Replay, out: &mut Out) -> Result<Status, Trouble> {
    let mut groups: Vec<Vec<Player>> = Vec::new();
    for job in jobs {
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
        show(out, scene, group)?;
        status = status.max(verdict::write(out, &group[0].scenario, group)?);
    }
    Ok(status)
}

/// Is a subject that has run the scenario.
struct Player {
    name: String,
    choice: Choice,
    identity: Identity,
    /// The scenario; on real sockets, what became of it.
    scenario: Scenario,
    prediction: Prediction,
    /// What is shown beside the trace.
    expected: Trace,
    run: Run,
    judgement: Option<Judgement>,
}

/// Is what came of running the scenario: the scenario that it became, its trace, and what is to be thought of it.
struct Played {
    scenario: Scenario,
    prediction: Prediction,
    /// What is shown beside the trace.
    expected: Trace,
    run: Run,
    judgement: Option<Judgement>,
}

impl Player {
    fn play(job: &Job<'_>, scenario: &Scenario, arguments: &Replay) -> Result<Self, Trouble> {
        let mut subject = job.open()?;
        let identity = subject.identity().clone();
        let choice = Choice::of(job, &identity, arguments.subjects.profile)?;
        let changes = arguments.deviations.as_deref().map(Deviations::load).transpose()?.unwrap_or_default().changes();
        let settings = Settings { changes, ..identity.settings(choice.profile) };
        let missing = scenario.needs().difference(&identity.features).copied().next();
        let played = match missing {
            Some(feature) => {
                let reason = format!("it does not have the feature `{feature}`");
                Played::refused(&identity, scenario, &settings, reason)
            }
            None if real::transport(scenario).is_some() => Played::really(subject.as_mut(), scenario, &settings),
            None if !identity.scripted => Played::lowered(subject.as_mut(), scenario, &settings),
            None => Played::scripted(subject.as_mut(), scenario, &settings),
        };
        let Played { scenario, prediction, expected, run, judgement } = played;
        Ok(Self { name: job.text().to_owned(), choice, identity, scenario, prediction, expected, run, judgement })
    }

    /// Says whether the model predicts the same of both, and both can observe the same.
    fn is_comparable(&self, other: &Self) -> bool {
        let settings = |player: &Self| player.identity.settings(player.choice.profile);
        settings(self) == settings(other)
            && self.identity.observes == other.identity.observes
            && (&self.scenario, &self.prediction) == (&other.scenario, &other.prediction)
            && self.expected == other.expected
    }
}

impl Played {
    fn refused(identity: &Identity, scenario: &Scenario, settings: &Settings, reason: String) -> Self {
        Self::without_trace(identity, scenario, settings, Run::Unsupported { reason })
    }

    /// A run without a trace; the model may still tell what it would have predicted, unless that depends on the trace.
    fn without_trace(identity: &Identity, scenario: &Scenario, settings: &Settings, run: Run) -> Self {
        let prediction = predict(scenario, settings);
        let expected = observe(&prediction.trace(), &identity.observes);
        Self { scenario: scenario.clone(), prediction, expected, run, judgement: None }
    }

    fn scripted(subject: &mut dyn Subject, scenario: &Scenario, settings: &Settings) -> Self {
        let silent = || Run::Error { reason: "it gave no answer".to_owned(), stderr: String::new() };
        let run = subject.run(std::slice::from_ref(scenario)).pop().unwrap_or_else(silent);
        let observed = &subject.identity().observes;
        let mut played = Self::without_trace(subject.identity(), scenario, settings, run);
        if let Run::Trace { trace, .. } = &mut played.run {
            let (prediction, judgement) = judge_scenario(scenario, settings, trace, observed);
            if judgement.departures.iter().any(|departure| departure.clause != ORDER) {
                played.expected = observe(&prediction.trace(), observed);
                played.prediction = prediction;
            }
            played.judgement = Some(judgement);
            *trace = observe(trace, observed);
        }
        played
    }

    fn really(subject: &mut dyn Subject, scenario: &Scenario, settings: &Settings) -> Self {
        let performance = real::perform(subject, scenario, &Patience::default());
        let identity = subject.identity();
        match performance {
            Performance::Realised(realised) => Self::realised(identity, realised, settings),
            other => Self::without_trace(identity, scenario, settings, told(other)),
        }
    }

    /// Shows what the subject observes, and what the peer read.
    fn realised(identity: &Identity, realised: Realised, settings: &Settings) -> Self {
        let (prediction, judgement) = real::judge_realised(&realised, settings, &identity.observes);
        let Realised { scenario, trace, printed, .. } = realised;
        let expected = real::shown_beside(&prediction, &trace, &identity.observes);
        let observed = identity.observes.clone().with(Kind::Peer);
        let run = Run::Trace { trace: observe(&trace, &observed), printed };
        Self { scenario, prediction, expected, run, judgement: Some(judgement) }
    }

    /// Runs a scripted scenario on a subject that has nothing but real sockets.
    fn lowered(subject: &mut dyn Subject, scenario: &Scenario, settings: &Settings) -> Self {
        let Some(lowered) = real::lower_for(subject.identity(), scenario, settings) else {
            let reason = why_not_lowered(subject.identity()).to_owned();
            return Self::refused(subject.identity(), scenario, settings, reason);
        };
        let seen = real::perform_lowered(subject, &lowered, &Patience::default());
        let observed = &subject.identity().observes;
        match seen {
            Ok(sighting) => {
                let judgement = Some(lowered.judge(&sighting, observed));
                let (expected, trace) = (lowered.expected_trace(observed), lowered.trace(&sighting, observed));
                let run = Run::Trace { trace, printed: sighting.printed };
                Self { scenario: lowered.scenario, prediction: lowered.prediction, expected, run, judgement }
            }
            Err(other) => Self::without_trace(subject.identity(), scenario, settings, told(other)),
        }
    }
}

fn why_not_lowered(identity: &Identity) -> &'static str {
    match identity.loops {
        LoopKind::Free => {
            "it has no scripted sockets, and what the scenario is about cannot be seen from outside, or depends on when a \
             loop that runs by itself has its turn"
        }
        LoopKind::Pass | LoopKind::Settle => {
            "it has no scripted sockets, and what the scenario is about cannot be seen from outside"
        }
    }
}

/// Tells of a performance that gave no trace.
fn told(performance: Performance) -> Run {
    match performance {
        Performance::Realised(Realised { trace, printed, .. }) => Run::Trace { trace, printed },
        Performance::Absent { reason } | Performance::Unsupported { reason } => Run::Unsupported { reason },
        Performance::Error { reason, stderr } => Run::Error { reason, stderr },
        Performance::GivenUp { reason } => Run::GivenUp { reason },
    }
}

fn show(out: &mut Out, scene: &Scene, group: &[Player]) -> Result<(), Trouble> {
    let first = &group[0];
    let model = Column::new(format!("model, {}", first.choice.profile), &first.expected);
    let mut columns = vec![model.clone()];
    for player in group {
        let Run::Trace { trace, .. } = &player.run else { continue };
        let column = Column::new(&player.name, trace);
        let judgement = player.judgement.clone().unwrap_or_default();
        columns.push(match judgement.departures.first() {
            Some(departure) => column.marked(departure, &model),
            None => column,
        });
    }
    first.scenario.setup.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
    writeln!(out)?;
    Table { scenario: &first.scenario, columns: &columns, width: Out::width() }.write(out)?;
    writeln!(out)?;
    if let Some((_, why)) = first.prediction.unspecified {
        writeln!(out, "The spec speaks no further: {why}.")?;
    }
    Ok(scene.write_agreement(out, &first.prediction, first.choice.profile)?)
}
