//! The hidden command `pose`: the program plays a subject that is of no use, for `selftest`.

use std::io::{self, BufRead, StdinLock, Write};

use asyncore_conformance::outcome::Status;
use asyncore_conformance::protocol::{Answer, Hello, LoopKind, PROTOCOL, Request};
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::subject::{Run, Subject};
use asyncore_spec::profile::Profile;
use asyncore_spec::trace::Trace;
use serde::Deserialize;

use super::Trouble;

/// How many scenarios a subject does well that dies later.
const BEFORE_IT_DIES: u64 = 20;

pub(crate) fn pose(kind: &str) -> Result<Status, Trouble> {
    let lines = || io::stdin().lock().lines();
    let mut out = io::stdout().lock();
    match kind {
        "ends" => {}
        "closes" => {
            drop(out);
            lines().for_each(drop);
        }
        "hangs" => lines().for_each(drop),
        "echoes" => lines().map_while(Result::ok).try_for_each(|line| say(&mut out, &line))?,
        "says-ok" => lines().map_while(Result::ok).try_for_each(|_| say(&mut out, r#"{"ok":true}"#))?,
        "floods" => while writeln!(out, "ok").is_ok() {},
        "greets-and-ends" => answer_all(lines(), &mut out, |_| None)?,
        "greets-and-hangs" => {
            answer_all(lines(), &mut out, |_| None)?;
            lines().for_each(drop);
        }
        "greets-and-agrees" => answer_all(lines(), &mut out, agreed)?,
        "works-and-dies" => answer_all(lines(), &mut out, worked)?,
        other => return Err(Trouble::new(format_args!("there is no pose `{other}`"))),
    }
    Ok(Status::Held)
}

fn say(out: &mut impl Write, line: &str) -> io::Result<()> {
    writeln!(out, "{line}").and_then(|()| out.flush())
}

/// Greets as the reference does, says that it lacks what it does not know, and answers all the rest until there is no
/// answer.
fn answer_all(
    lines: io::Lines<StdinLock<'_>>,
    out: &mut impl Write,
    answer: impl Fn(Request) -> Option<Answer>,
) -> io::Result<()> {
    for line in lines {
        let line = line?;
        let answer = match serde_json::from_str(&line) {
            Ok(Request::Hello { nonce, .. }) => Some(Answer::Hello(hello(nonce))),
            Ok(other) => answer(other),
            Err(problem) => {
                let Numbered { id } = serde_json::from_str(&line)?;
                Some(Answer::Unsupported { id, reason: problem.to_string() })
            }
        };
        let Some(answer) = answer else { break };
        say(out, &serde_json::to_string(&answer)?)?;
    }
    Ok(())
}

/// Is any request, of which the number alone is read.
#[derive(Deserialize)]
struct Numbered {
    id: u64,
}

fn hello(nonce: String) -> Hello {
    let identity = ReferenceSubject::new(Profile::Py311).identity().clone();
    let size = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    Hello {
        protocol: PROTOCOL,
        nonce,
        name: identity.name,
        version: identity.version,
        language: identity.language,
        follows: identity.follows,
        because: identity.because,
        // On real sockets a subject that does nothing is waited for, again and again.
        features: identity.features.into_iter().filter(|feature| !feature.is_of_real_sockets()).collect(),
        observes: identity.observes.kinds().collect(),
        missing: Vec::new(),
        ac_in_buffer_size: size(identity.ac_in_buffer_size),
        ac_out_buffer_size: size(identity.ac_out_buffer_size),
        batch: 1,
        loops: LoopKind::Pass,
        scripted: true,
    }
}

/// Says of a scenario that it was run, and of nothing that anything was to be seen.
fn agreed(request: Request) -> Option<Answer> {
    let Request::Run { id, scenario } = request else { return None };
    let trace = Trace { steps: vec![Vec::new(); scenario.steps.len()] };
    Some(Answer::Ok { id, trace, printed: String::new() })
}

/// Does what the reference does, but not for long.
fn worked(request: Request) -> Option<Answer> {
    let Request::Run { id, scenario } = request else { return None };
    let run = ReferenceSubject::new(Profile::Py311).run(&[scenario]).pop();
    match run {
        Some(Run::Trace { trace, printed }) if id <= BEFORE_IT_DIES => Some(Answer::Ok { id, trace, printed }),
        _ => None,
    }
}
