//! What is said of each subject under the table.

use std::io::{self, Write};

use asyncore_conformance::judge::{Departure, Judgement};
use asyncore_conformance::outcome::Status;
use asyncore_conformance::report::layout::{count, plain, write_wrapped};
use asyncore_conformance::report::sentence::sentence;
use asyncore_conformance::report::style::{BAD, GOOD, NOTE, STRONG};
use asyncore_conformance::subject::Run;
use asyncore_spec::clause::clause;
use asyncore_spec::scenario::Scenario;

use super::Player;
use crate::cli::out::Out;

/// Writes the verdict on each player, and gives the worst.
pub(super) fn write(out: &mut Out, scenario: &Scenario, players: &[Player]) -> io::Result<Status> {
    let mut worst = Status::Held;
    for player in players {
        write!(out, "{STRONG}{}{STRONG:#}: ", player.name)?;
        worst = worst.max(write_one(out, scenario, player)?);
    }
    Ok(worst)
}

fn write_one(out: &mut Out, scenario: &Scenario, player: &Player) -> io::Result<Status> {
    match &player.run {
        Run::Unsupported { reason } | Run::GivenUp { reason } => {
            writeln!(out, "{NOTE}not run{NOTE:#}: {reason}")?;
            Ok(Status::NotDone)
        }
        Run::Error { reason, stderr } => {
            writeln!(out, "{BAD}failed{BAD:#}: {}", plain(reason))?;
            write_words(out, "Its standard error ends with", stderr)?;
            Ok(Status::Short)
        }
        Run::Trace { printed, .. } => {
            let status = write_judgement(out, scenario, player, &player.judgement.clone().unwrap_or_default())?;
            write_words(out, "It printed", printed)?;
            Ok(status)
        }
    }
}

fn write_judgement(out: &mut Out, scenario: &Scenario, player: &Player, judgement: &Judgement) -> io::Result<Status> {
    if judgement.departures.is_empty() {
        let mut held = judgement.held.clone();
        held.sort_unstable();
        held.dedup();
        let number = count(held.len(), "clause");
        writeln!(out, "{GOOD}agrees{GOOD:#} with the model under {}; {number} held", player.choice.profile)?;
        return Ok(Status::Held);
    }
    writeln!(out, "{BAD}departs{BAD:#} from the model under {}", player.choice.profile)?;
    let mut status = Status::Held;
    for departure in &judgement.departures {
        write_wrapped(out, &sentence(scenario, departure), "  ", Out::width())?;
        status = status.max(write_blame(out, player, departure)?);
    }
    Ok(status)
}

/// Names the broken clause. One that does not hold for the subject's release cannot be broken by it.
fn write_blame(out: &mut Out, player: &Player, departure: &Departure) -> io::Result<Status> {
    let Some(blamed) = clause(departure.clause.as_str()) else { return Ok(Status::Short) };
    let (id, level, title) = (blamed.id, blamed.level, &blamed.title);
    if blamed.applies(player.choice.profile, player.choice.follows) {
        write_wrapped(out, &format!("This breaks {id} · {level} — {title}"), "  ", Out::width())?;
        return Ok(Status::Short);
    }
    let follows = player.choice.follows;
    write_wrapped(
        out,
        &format!("It is the matter of {id} — {title} —, which does not hold for {follows}."),
        "  ",
        Out::width(),
    )?;
    Ok(Status::Held)
}

fn write_words(out: &mut Out, heading: &str, words: &str) -> io::Result<()> {
    let words = plain(words);
    if words.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {heading}:")?;
    words.lines().try_for_each(|line| writeln!(out, "    {line}"))
}
