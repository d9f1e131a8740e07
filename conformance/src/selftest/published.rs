//! The kill matrix as a page of the book, and for programs.

use std::fmt::Write;

use asyncore_spec::change::Fault;
use asyncore_spec::clause::clause;
use asyncore_spec::clause_id::ClauseId;
use serde::Serialize;

use super::judged::{Judged, JudgedCell, Standing};

const HEAD: &str = "\
<!-- Made by `asyncore-conformance selftest --markdown FILE`; not to be edited. -->

# Kill matrix

The model is run as a subject with one rule broken at a time, under every profile that the rule holds for.
What becomes of the events that a clause demands, or rules out:

| fault | |
|---|---|
| dropped | the event does not come, nor what happens inside it |
| doubled | it comes twice |
| early | it comes before what it should come after |
| late | it comes after what it should come before |
| altered | it comes with another value, result, exception, flag or time |
| extra | something comes that the clause rules out |

A mutant is killed if the suite finds it out and blames the clause first; where an event has changed its place, its neighbour's clause will do; where one comes that should not, the clause that rules it out there, or a law that it breaks.
Each field says under how many profiles the mutant was killed; a letter refers to the reason below why it need not be; nothing stands where there is no such mutant.

";

impl Judged {
    /// Gives the page.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut reasons: Vec<&str> = Vec::new();
        let figures = self.figures();
        let mut page = HEAD.to_owned();
        let all = format!(
            "{} mutants: {} killed, {} excused, {} neither.",
            figures.all, figures.killed, figures.excused, figures.wrong
        );
        let names = Fault::ALL.map(Fault::name).join(" | ");
        writeln!(page, "{all}\n\n| clause | level | {names} |\n|---|---|{}", "--:|".repeat(Fault::ALL.len()))
            .expect("text");
        for cells in self.cells().chunk_by(|one, other| one.mutation.clause == other.mutation.clause) {
            let id = cells[0].mutation.clause;
            let level = clause(id.as_str()).map_or("", |clause| clause.level.name());
            let fields = Fault::ALL.map(|fault| {
                let cells: Vec<_> = cells.iter().filter(|cell| cell.mutation.fault == fault).collect();
                field(&cells, &mut reasons)
            });
            writeln!(page, "| {id} | {level} | {} |", fields.join(" | ")).expect("text");
        }
        page.push('\n');
        for (number, reason) in reasons.iter().enumerate() {
            writeln!(page, "- **{}**: {reason}", letter(number)).expect("text");
        }
        page
    }

    /// Gives the matrix as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        let mutants = self.cells().iter().filter(|cell| cell.standing != Standing::None).map(Entry::of).collect();
        let report = Report { spec: env!("CARGO_PKG_VERSION"), mutants };
        serde_json::to_string_pretty(&report).expect("it is plain data") + "\n"
    }
}

fn field<'a>(cells: &[&'a JudgedCell], reasons: &mut Vec<&'a str>) -> String {
    let killed = cells.iter().filter(|cell| cell.standing == Standing::Killed).count();
    let wrong = cells.iter().any(|cell| matches!(cell.standing, Standing::Wrong(_)));
    let excused = cells.iter().find_map(|cell| match &cell.standing {
        Standing::Excused(why) => Some(why.as_str()),
        _ => None,
    });
    let mut field = if killed > 0 { killed.to_string() } else { String::new() };
    if let Some(why) = excused {
        let number = reasons.iter().position(|reason| *reason == why).unwrap_or_else(|| {
            reasons.push(why);
            reasons.len() - 1
        });
        field.push_str(&letter(number));
    }
    if wrong {
        field.push('!');
    }
    field
}

fn letter(number: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(number % 26).expect("it is less than 26"));
    String::from(letter).repeat(number / 26 + 1)
}

#[derive(Serialize)]
struct Report<'a> {
    spec: &'a str,
    mutants: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    clause: ClauseId,
    fault: &'static str,
    profile: &'static str,
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scenario: Option<String>,
}

impl<'a> Entry<'a> {
    fn of(cell: &'a JudgedCell) -> Self {
        let (fate, why) = match &cell.standing {
            Standing::Killed => ("killed", None),
            Standing::Excused(why) => ("excused", Some(why.as_str())),
            Standing::Wrong(why) => ("wrong", Some(why.as_str())),
            Standing::None => ("none", None),
        };
        let scenario = cell.scenario.as_ref().map(ToString::to_string);
        let (clause, fault) = (cell.mutation.clause, cell.mutation.fault.name());
        Self { clause, fault, profile: cell.profile.name(), fate, why, scenario }
    }
}
