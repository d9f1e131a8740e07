//! What the command line may say.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;
use std::time::Duration;

use asyncore_conformance::process;
use asyncore_spec::peer::Transport;
use asyncore_spec::profile::Profile;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

use super::files::Wanted;
use super::subjects::{Module, SubjectName};

/// Puts any implementation of asyncore and asynchat, in any language, under the executable specification.
///
/// Exit status: 0 when all that had to hold did, 1 when something fell short, 2 when the run could not be done.
#[derive(Debug, Parser)]
#[command(name = "asyncore-conformance", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge subjects and report, clause by clause, what held and what did not.
    Run(Run),
    /// List the clauses, one line each.
    List(List),
    /// Show a clause: its text, its examples, where it comes from and where it holds.
    Explain(Explain),
    /// Run one scenario and show what each subject did beside what the model predicts.
    Replay(Replay),
    /// Put the suite itself to the test: break every rule of the model in turn and see that it is found out.
    Selftest(Selftest),
    /// Pose as a subject that is of no use.
    #[command(hide = true)]
    Pose {
        /// What it does.
        kind: String,
    },
    /// Judge a recorded run again, without its subjects: `run --report record=FILE` records one.
    Recheck(Recheck),
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) subjects: Subjects,
    /// Judge only clauses whose names match this pattern, such as `INPUT-*`. May be given more than once.
    #[arg(long, value_name = "GLOB")]
    pub(crate) filter: Vec<String>,
    /// Do not judge clauses whose names match this pattern. May be given more than once.
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Excuse the deviations that this TOML file lists with their reasons. Listed clauses that hold fall short.
    #[arg(long, value_name = "FILE")]
    pub(crate) deviations: Option<PathBuf>,
    /// Let broken SHOULDs and QUIRKs count as falling short, too.
    #[arg(long)]
    pub(crate) strict: bool,
    /// How many scenarios to generate for each family, beside the clauses' examples.
    #[arg(long, value_name = "N", default_value = "2000", allow_negative_numbers = true, value_parser = cases)]
    pub(crate) cases: u32,
    /// The seed of the generated scenarios: a number, or `random`. The report says which seed it was.
    #[arg(long, value_name = "N|random", default_value = "0", allow_negative_numbers = true, value_parser = seed)]
    pub(crate) seed: u64,
    /// Stop at the first clause that falls short.
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Write a report for programs, too: `json=FILE`; or a recording, for `recheck`: `record=FILE`. May be given more
    /// than once.
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) report: Vec<Wanted>,
    /// Write to this folder which clauses were seen to hold, one file for each implementation and release.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["filter", "exclude", "fail_fast", "deviations"])]
    pub(crate) evidence: Option<PathBuf>,
    /// Write a deviations file that excuses everything that is broken, for the reasons to be filled in. The file must
    /// not be there yet.
    #[arg(long, value_name = "FILE")]
    pub(crate) write_deviations: Option<PathBuf>,
    /// Run every scenario of this folder, too: its `*.scn` files. May be given more than once.
    #[arg(long, value_name = "DIR")]
    pub(crate) scenarios: Vec<PathBuf>,
    /// Save the smallest scenario of every failing clause in this folder. No file is overwritten.
    #[arg(long, value_name = "DIR")]
    pub(crate) save: Option<PathBuf>,
    /// Write a bug report on the first failing clause to this file, which must not be there yet.
    #[arg(long, value_name = "FILE.md")]
    pub(crate) issue: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Recheck {
    /// The recording.
    pub(crate) file: PathBuf,
    /// Write a report for programs, too: `json=FILE`. May be given more than once.
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) report: Vec<Wanted>,
}

/// Says which subjects, and how they are reached.
#[derive(Debug, Args)]
pub(crate) struct Subjects {
    /// The subject: `reference`, `python:INTERPRETER`, or `cmd:COMMAND LINE`. May be given more than once.
    #[arg(long = "subject", value_name = "SUBJECT", default_value = "reference")]
    pub(crate) names: Vec<SubjectName>,
    /// The profile to judge under. Without it, the reference is judged under every profile, and any other subject
    /// under the one nearest to the release that it says it follows.
    #[arg(long, value_parser = profile())]
    pub(crate) profile: Option<Profile>,
    /// How long a subject may take for one answer, in seconds. 0 means for ever, for use with a debugger.
    #[arg(long, value_name = "SECONDS", default_value = "5", allow_negative_numbers = true, value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// Write every line to and from a subject's process to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) transcript: Option<PathBuf>,
    /// The module that a `python:` subject imports as asyncore or as asynchat: `asyncore=NAME` or `asynchat=NAME`.
    #[arg(long = "module", value_name = "ROLE=NAME")]
    pub(crate) modules: Vec<Module>,
    /// A program for a `python:` subject that replaces the adapter, which it can import as `asyncore_adapter`.
    #[arg(long, value_name = "FILE.py")]
    pub(crate) adapter: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Selftest {
    /// Break the rules of this profile only.
    #[arg(long, value_parser = profile())]
    pub(crate) profile: Option<Profile>,
    /// Show the mutants that are excused, too, with the reasons.
    #[arg(long)]
    pub(crate) all: bool,
    /// Write the kill matrix as a page.
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Write the kill matrix for programs.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// List only clauses that hold for this profile.
    #[arg(long, value_parser = profile())]
    pub(crate) profile: Option<Profile>,
    /// List only clauses of this area, such as INPUT.
    #[arg(long)]
    pub(crate) area: Option<String>,
    /// Say of each clause, too, what it needs, how much of a trace it speaks of and where it holds.
    #[arg(long)]
    pub(crate) long: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The clause, such as INPUT-7.
    pub(crate) clause: String,
    /// Print one line to be cited, and nothing else.
    #[arg(long)]
    pub(crate) cite: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The scenario, in the text form or as JSON; `-` reads standard input. One whose first line is
    /// `# over TRANSPORT…` is run over each of these.
    pub(crate) file: PathBuf,
    /// Run it on real sockets over this transport: one of those that its first line names, or any if it names none.
    #[arg(long, value_name = "TRANSPORT", value_parser = transport())]
    pub(crate) over: Option<Transport>,
    /// Judge by the model as this deviations file changes it.
    #[arg(long, value_name = "FILE", conflicts_with = "script")]
    pub(crate) deviations: Option<PathBuf>,
    /// Run nothing, but print the scenario as a program in Python that plays it on plain asyncore and asynchat and needs
    /// nothing of this project. It expects what `--profile` says; without it, Python 2 is held to py27 and 3 to py311.
    #[arg(long, conflicts_with_all = ["names", "modules", "adapter", "transcript", "timeout"])]
    pub(crate) script: bool,
    #[command(flatten)]
    pub(crate) subjects: Subjects,
}

fn profile() -> impl TypedValueParser<Value = Profile> {
    let names = PossibleValuesParser::new(Profile::ALL.iter().map(|profile| profile.name()));
    names.map(|name| Profile::by_name(&name).expect("only names of profiles are possible"))
}

fn transport() -> impl TypedValueParser<Value = Transport> {
    let names = PossibleValuesParser::new(Transport::ALL.iter().map(|transport| transport.name()));
    names.map(|name| Transport::by_name(&name).expect("only names of transports are possible"))
}

fn cases(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("it is a whole number up to {}", u32::MAX))
}

fn seed(text: &str) -> Result<u64, String> {
    if text == "random" {
        return Ok(RandomState::new().build_hasher().finish());
    }
    text.parse().map_err(|_| format!("a seed is a whole number up to {} or `random`", u64::MAX))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.parse::<f64>().ok().and_then(|number| Duration::try_from_secs_f64(number).ok());
    number.ok_or_else(|| "a time is a number of seconds, such as 10 or 0.5; 0 means for ever".to_owned())
}

impl Subjects {
    /// Says whether an answer may take as long as it may by default.
    pub(crate) fn has_usual_timeout(&self) -> bool {
        self.timeout == process::Command::TIMEOUT
    }
}
