//! Subjects as the command line names them.

use std::str::FromStr;

use asyncore_conformance::process::{Command, ProcessSubject};
use asyncore_conformance::python::Python;
use asyncore_conformance::reference::ReferenceSubject;
use asyncore_conformance::subject::Subject;
use asyncore_conformance::suggest::nearest;
use asyncore_spec::profile::Profile;

use super::Trouble;
use super::arguments::Subjects;

/// Is a subject's name, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct SubjectName {
    /// The name as it was written.
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Reference,
    Python { interpreter: String },
    Command { words: Vec<String> },
}

const KINDS: &str = "a subject is `reference`, `python:INTERPRETER` or `cmd:COMMAND LINE`";

impl FromStr for SubjectName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let kind = match text.split_once(':') {
            None if text == "reference" => Kind::Reference,
            Some(("python", "")) => return Err("the interpreter is missing, as in `python:python3`".to_owned()),
            Some(("python", interpreter)) => Kind::Python { interpreter: interpreter.to_owned() },
            Some(("cmd", line)) => Kind::Command { words: split(line)? },
            _ => return Err(unknown(text)),
        };
        Ok(Self { text: text.to_owned(), kind })
    }
}

fn split(line: &str) -> Result<Vec<String>, String> {
    match shlex::split(line) {
        None => Err("a quote in the command line is not closed".to_owned()),
        Some(words) if words.is_empty() => Err("the command line is missing, as in `cmd:./adapter --flag`".to_owned()),
        Some(words) => Ok(words),
    }
}

fn unknown(text: &str) -> String {
    let (kind, rest) = text.split_once(':').map_or((text, None), |(kind, rest)| (kind, Some(rest)));
    let meant = match rest {
        Some(rest) => nearest(kind, ["python", "cmd"]).map(|kind| format!("{kind}:{rest}")),
        None if text.starts_with("python") || text.starts_with("pypy") => Some(format!("python:{text}")),
        None if text.contains('/') => Some(format!("cmd:{text}")),
        None => nearest(kind, ["reference"]).map(str::to_owned),
    };
    match meant {
        Some(meant) => format!("there is no subject `{text}`; did you mean `{meant}`?"),
        None => format!("there is no subject `{text}`; {KINDS}"),
    }
}

/// Is the module that a role is played by: `asyncore=NAME`.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    role: Role,
    name: String,
}

#[derive(Clone, Copy, Debug)]
enum Role {
    Asyncore,
    Asynchat,
}

impl FromStr for Module {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (role, name) = match text.split_once('=') {
            Some(("asyncore", name)) => (Role::Asyncore, name),
            Some(("asynchat", name)) => (Role::Asynchat, name),
            _ => return Err("a module is given as `asyncore=NAME` or `asynchat=NAME`".to_owned()),
        };
        if name.is_empty() {
            Err("the module's name is missing".to_owned())
        } else {
            Ok(Self { role, name: name.to_owned() })
        }
    }
}

/// Is a subject to be opened, and the profile it is to be judged under if that is known beforehand.
#[derive(Clone, Debug)]
pub(crate) struct Job<'a> {
    name: &'a SubjectName,
    options: &'a Subjects,
    pub(crate) profile: Option<Profile>,
}

/// Gives the subjects that the command line names; the reference comes once for each profile unless one is chosen.
pub(crate) fn jobs(options: &Subjects) -> Result<Vec<Job<'_>>, Trouble> {
    options.check()?;
    let mut jobs = Vec::new();
    for name in &options.names {
        let job = Job { name, options, profile: options.profile };
        match (&name.kind, options.profile) {
            (Kind::Reference, None) => {
                jobs.extend(Profile::ALL.iter().map(|profile| Job { profile: Some(*profile), ..job.clone() }));
            }
            _ => jobs.push(job),
        }
    }
    Ok(jobs)
}

impl Subjects {
    fn check(&self) -> Result<(), Trouble> {
        let is_python = |name: &SubjectName| matches!(name.kind, Kind::Python { .. });
        let only_python = [(!self.modules.is_empty(), "--module"), (self.adapter.is_some(), "--adapter")];
        let given = only_python.into_iter().find(|(given, _)| *given);
        if let Some((_, option)) = given.filter(|_| !self.names.iter().any(is_python)) {
            return Err(Trouble::new(format_args!(
                "`{option}` is for subjects in Python only; add `--subject python:INTERPRETER` or leave it out"
            )));
        }
        if let Some(missing) = self.adapter.as_deref().filter(|path| !path.is_file()) {
            return Err(Trouble::new(format_args!(
                "there is no adapter `{}`; name a file in Python",
                missing.display()
            )));
        }
        let processes = self.names.iter().filter(|name| !matches!(name.kind, Kind::Reference)).count();
        match (&self.transcript, processes) {
            (Some(_), 0) => {
                Err(Trouble::new("`--transcript` is for subjects in a process of their own; the reference has none"))
            }
            (Some(_), 2..) => {
                Err(Trouble::new("`--transcript` holds the words of one subject; name one subject at a time"))
            }
            _ => Ok(()),
        }
    }
}

impl Job<'_> {
    /// Gives the subject as it was named.
    pub(crate) fn text(&self) -> &str {
        &self.name.text
    }

    /// Says whether the subject is the reference, which follows whatever profile it is told.
    pub(crate) fn is_reference(&self) -> bool {
        matches!(self.name.kind, Kind::Reference)
    }

    /// Starts the subject.
    pub(crate) fn open(&self) -> Result<Box<dyn Subject>, Trouble> {
        match &self.name.kind {
            Kind::Reference => Ok(Box::new(ReferenceSubject::new(self.profile.unwrap_or(Profile::Py311)))),
            Kind::Python { interpreter } => Ok(Box::new(self.python(interpreter).start()?)),
            Kind::Command { words } => Ok(Box::new(ProcessSubject::start(self.command(words))?)),
        }
    }

    fn python(&self, interpreter: &str) -> Python {
        let mut python = Python::new(interpreter);
        for Module { role, name } in &self.options.modules {
            let slot = match role {
                Role::Asyncore => &mut python.asyncore,
                Role::Asynchat => &mut python.asynchat,
            };
            *slot = Some(name.clone());
        }
        python.adapter.clone_from(&self.options.adapter);
        python.timeout = self.options.timeout;
        python.transcript.clone_from(&self.options.transcript);
        python
    }

    fn command(&self, words: &[String]) -> Command {
        let (program, arguments) = words.split_first().expect("a command line has a word");
        let mut command = Command::new(self.text(), program);
        command.args = arguments.iter().map(Into::into).collect();
        command.timeout = self.options.timeout;
        command.transcript.clone_from(&self.options.transcript);
        command
    }

    /// Gives the options without which the name means another subject.
    pub(crate) fn further_options(&self) -> Vec<String> {
        let mut options = Vec::new();
        if let Kind::Python { .. } = self.name.kind {
            for Module { role, name } in &self.options.modules {
                let role = match role {
                    Role::Asyncore => "asyncore",
                    Role::Asynchat => "asynchat",
                };
                options.extend(["--module".to_owned(), format!("{role}={name}")]);
            }
            if let Some(adapter) = &self.options.adapter {
                options.extend(["--adapter".to_owned(), adapter.display().to_string()]);
            }
        }
        if !self.is_reference() && !self.options.has_usual_timeout() {
            options.extend(["--timeout".to_owned(), self.options.timeout.as_secs_f64().to_string()]);
        }
        options
    }
}
