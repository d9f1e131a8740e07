//! Which interpreters there are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Is an interpreter that has been asked what it is.
#[derive(Clone, Debug)]
pub(crate) struct Interpreter {
    pub(crate) path: PathBuf,
    /// The release, as it says itself.
    pub(crate) version: (u32, u32, u32),
    /// Where its asyncore and asynchat are, if it has them at all.
    pub(crate) modules: Option<Modules>,
}

/// Says by what names the modules can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Modules {
    /// As `asyncore` and `asynchat`.
    Public,
    /// As the copies that later releases keep for their own tests.
    Private,
}

const NAMES: &[&str] = &[
    "python2.7",
    "python3.6",
    "python3.7",
    "python3.8",
    "python3.9",
    "python3.10",
    "python3.11",
    "python3.12",
    "python3.13",
    "python3",
    "python",
];

const QUESTION: &str = "
import sys, os
sys.stderr = open(os.devnull, 'w')
def has(names):
    try:
        for name in names:
            __import__(name)
    except ImportError:
        return False
    return True
found = 'none'
if has(['asyncore', 'asynchat']):
    found = 'public'
elif has(['test.support.asyncore', 'test.support.asynchat']):
    found = 'private'
print('%s %s %d %d %d' % ((found, os.path.realpath(sys.executable)) + sys.version_info[:3]))
";

/// Gives every interpreter that was found or named, each once, oldest release first.
pub(crate) fn all() -> &'static [Interpreter] {
    static FOUND: OnceLock<Vec<Interpreter>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let named = std::env::var("ASYNCORE_PYTHONS").ok();
        let named = named.as_deref().map(str::trim).filter(|named| !named.is_empty());
        let mut found: Vec<Interpreter> = Vec::new();
        for candidate in named.map_or_else(candidates, |named| named.split_whitespace().map(PathBuf::from).collect()) {
            match ask(&candidate) {
                Some(known) if found.iter().any(|other| other.path == known.path) => {}
                Some(interpreter) => found.push(interpreter),
                None => {
                    assert!(named.is_none(), "ASYNCORE_PYTHONS names `{}`, which does not run", candidate.display());
                }
            }
        }
        found.sort_by_key(|interpreter| interpreter.version);
        for Interpreter { path, version: (major, minor, micro), modules } in &found {
            eprintln!("interpreter {major}.{minor}.{micro}, {modules:?}: {}", path.display());
        }
        found
    })
}

/// Gives the interpreters whose modules can be imported under these names. There must be one that has public ones.
pub(crate) fn having(modules: Modules) -> Vec<&'static Interpreter> {
    let found: Vec<_> = all().iter().filter(|interpreter| interpreter.modules == Some(modules)).collect();
    assert!(
        modules == Modules::Private || !found.is_empty(),
        "no Python interpreter with asyncore was found; put python2.7 or one of python3.6 to python3.11 on PATH, or name \
         it in ASYNCORE_PYTHONS"
    );
    found
}

/// Gives the newest interpreter of Python 2 or 3 that has public modules.
pub(crate) fn newest(major: u32) -> Option<&'static Interpreter> {
    having(Modules::Public).into_iter().rfind(|interpreter| interpreter.version.0 == major)
}

/// Gives the newest interpreters of Python 2 and of Python 3 that have public modules; at least one of them is there.
pub(crate) fn newest_of_each() -> Vec<&'static Interpreter> {
    [2, 3].into_iter().filter_map(newest).collect()
}

fn candidates() -> Vec<PathBuf> {
    let mut candidates: Vec<PathBuf> = Vec::new();
    let folders = std::env::var_os("PATH").unwrap_or_default();
    for folder in std::env::split_paths(&folders) {
        candidates.extend(NAMES.iter().map(|name| folder.join(name)).filter(|path| path.is_file()));
    }
    if let Some(root) = output(Command::new("pyenv").arg("root")) {
        let versions = std::fs::read_dir(Path::new(root.trim()).join("versions"));
        let folders: BTreeSet<_> = versions.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        candidates.extend(folders.into_iter().map(|folder| folder.join("bin/python")).filter(|path| path.is_file()));
    }
    candidates
}

fn ask(candidate: &Path) -> Option<Interpreter> {
    let said = output(Command::new(candidate).args(["-c", QUESTION]))?;
    let mut words = said.split_whitespace();
    let modules = match words.next()? {
        "public" => Some(Modules::Public),
        "private" => Some(Modules::Private),
        _ => None,
    };
    let path = PathBuf::from(words.next()?);
    let mut number = || words.next()?.parse().ok();
    let version = (number()?, number()?, number()?);
    Some(Interpreter { path, version, modules })
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(std::process::Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
