//! Scenarios as programs of their own do on plain asyncore and asynchat what the model predicts, and tell when these do
//! otherwise.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use asyncore_conformance::script::script;
use asyncore_spec::clause::{clause, clauses};
use asyncore_spec::generate::{Family, Repertoire, from_bytes};
use asyncore_spec::profile::{Profile, Release};
use asyncore_spec::scenario::Scenario;
use rstest::rstest;

use crate::interpreters::{Interpreter, Modules, having, newest_of_each};

/// Plays programs, each in a process of its own, and prints how each ended. What each prints goes to a file beside it.
const PLAYER: &str = r#"
import collections, copy, errno, os, re, select, socket, sys, threading, time, traceback, types, warnings
def play(path):
    with open(path + ".out", "w") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    try:
        with open(path) as source:
            exec(compile(source.read(), path, "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        return end.code
    except BaseException:
        traceback.print_exc()
    return 99
for path in sys.stdin.read().split():
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = play(path)
        sys.stdout.flush()
        os._exit(status)
    status = os.waitpid(child, 0)[1]
    print("%d %s" % (98 if status & 255 else status >> 8, path))
"#;

/// Is a folder that goes when the test does.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, interpreter: &Interpreter) -> Self {
        let (major, minor, micro) = interpreter.version;
        let name = format!("asyncore-scripts-{name}-{major}.{minor}.{micro}-{}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(&folder.0).expect("there is room");
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Plays programs; gives for each that did not end with `expected` how it ended and what it printed.
fn play(
    interpreter: &Interpreter,
    folder: &Folder,
    programs: &BTreeMap<String, String>,
    expected: &str,
) -> Vec<String> {
    assert!(!programs.is_empty());
    let path = |name: &str| folder.0.join(format!("{name}.py"));
    for (name, text) in programs {
        fs::write(path(name), text).expect("there is room");
    }
    let mut player = Command::new(&interpreter.path);
    let mut player =
        player.args(["-c", PLAYER]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let paths: Vec<_> = programs.keys().map(|name| path(name).display().to_string()).collect();
    let mut input = player.stdin.take().expect("it is piped");
    input.write_all(paths.join("\n").as_bytes()).expect("it reads");
    drop(input);
    let output = player.wait_with_output().expect("it ends");
    let ended = String::from_utf8(output.stdout).expect("it is text");
    assert_eq!(ended.lines().count(), programs.len(), "{}", interpreter.path.display());
    ended.lines().filter(|line| line.split(' ').next() != Some(expected)).map(told).collect()
}

/// Tells how a program ended, and what it printed.
fn told(line: &str) -> String {
    let file = line.split_once(' ').map_or(line, |(_, path)| path);
    format!("{line}\n{}", fs::read_to_string(Path::new(&format!("{file}.out"))).unwrap_or_default())
}

fn release(interpreter: &Interpreter) -> Release {
    let (major, minor, micro) = interpreter.version;
    Release([major, minor, micro].map(|part| u16::try_from(part).expect("it is a small number")))
}

/// The examples that hold for an interpreter, by name.
fn examples(interpreter: &Interpreter) -> Vec<(String, &'static Scenario)> {
    let release = release(interpreter);
    let profile = Profile::nearest(release);
    let mut examples = Vec::new();
    for clause in clauses().iter().filter(|clause| clause.applies(profile, release)) {
        for (at, example) in clause.examples_of(profile).enumerate() {
            examples.push((format!("{}.{}", clause.id, at + 1), &example.scenario));
        }
    }
    examples
}

#[test]
fn every_example_is_a_program_that_sees_what_is_expected() {
    for interpreter in having(Modules::Public) {
        let profile = Profile::nearest(release(interpreter));
        let examples = examples(interpreter);
        let written =
            examples.iter().filter_map(|(name, scenario)| Some((name.clone(), script(scenario, &[profile]).ok()?)));
        let programs: BTreeMap<_, _> = written.collect();
        println!("{}: {} of {} examples", interpreter.path.display(), programs.len(), examples.len());
        assert!(programs.len() * 100 >= examples.len() * 99, "{} of {}", programs.len(), examples.len());
        let bad = play(interpreter, &Folder::new("examples", interpreter), &programs, "0");
        assert!(bad.is_empty(), "{}: {}", interpreter.path.display(), bad.join("\n"));
    }
}

/// How many scenarios are generated.
const GENERATED: u64 = 300;

/// Gives bytes that look random and are the same every time.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..120).map(|_| next()).collect()
}

#[test]
fn generated_scenarios_are_programs_that_see_what_is_expected() {
    for interpreter in newest_of_each() {
        let profile = Profile::nearest(release(interpreter));
        let repertoire = Repertoire::all(profile);
        let scripted = |family: &Family| repertoire.allows(*family) && *family != Family::Sockets;
        let families: Vec<_> = Family::ALL.iter().copied().filter(scripted).collect();
        let generated = (1..=GENERATED).map(|seed| (seed, from_bytes(&repertoire, &families, &noise(seed))));
        let sensible = generated.filter(|(_, scenario)| !scenario.steps.is_empty() && scenario.check().is_ok());
        let written =
            sensible.filter_map(|(seed, scenario)| Some((format!("s{seed}"), script(&scenario, &[profile]).ok()?)));
        let programs: BTreeMap<_, _> = written.collect();
        assert!(programs.len() as u64 * 10 >= GENERATED * 9, "{}", programs.len());
        let bad = play(interpreter, &Folder::new("generated", interpreter), &programs, "0");
        assert!(bad.is_empty(), "{}: {}", interpreter.path.display(), bad.join("\n"));
    }
}

/// One line spoils one of the two modules, and the program of an example sees it.
#[rstest]
#[case::framing("INPUT-3", "asynchat.find_prefix_at_end = lambda haystack, needle: 0")]
#[case::output("OUTPUT-1", "asynchat.async_chat.push = lambda self, data: None")]
#[case::producers("OUTPUT-5", "asynchat.async_chat.push_with_producer = lambda self, producer: None")]
#[case::closing("CLOSE-10", "asyncore.dispatcher.handle_close = lambda self: None")]
#[case::errors("ERROR-1", "asyncore.dispatcher.handle_error = lambda self: None")]
#[case::dispatch("EVENT-1", "asyncore.dispatcher.handle_read_event = lambda self: None")]
#[case::maps("MAP-1", "asyncore.dispatcher.add_channel = lambda self, map=None: None")]
#[case::passes("POLL-13", "asyncore.read = lambda channel: None")]
#[case::loops("LOOP-1", "asyncore.loop = lambda *given, **named: None")]
#[case::accepting("ACCEPT-6", "asyncore.dispatcher.accept = lambda self: None")]
#[case::connecting("CONNECT-1", "asyncore.dispatcher.connect = lambda self, address: None")]
#[case::sending("IO-13", "asyncore.dispatcher_with_send.send = lambda self, data: 0")]
#[case::files("FILE-3", "asyncore.file_wrapper.recv = lambda self, *size: b''")]
#[case::log("LOG-1", "asyncore.dispatcher.log = lambda self, message: None")]
fn a_spoiled_module_is_seen(#[case] id: &str, #[case] line: &str) {
    for interpreter in newest_of_each() {
        let profile = Profile::nearest(release(interpreter));
        let clause = clause(id).expect("there is such a clause");
        let programs: BTreeMap<_, _> = clause
            .examples
            .iter()
            .enumerate()
            .map(|(at, example)| {
                let text = script(&example.scenario, &[profile]).expect("it can be written");
                (format!("{id}.{at}"), format!("import asyncore, asynchat; {line}\n{text}"))
            })
            .collect();
        let other = play(interpreter, &Folder::new(id, interpreter), &programs, "1");
        assert!(other.len() < programs.len(), "{}: {}", interpreter.path.display(), other.join("\n"));
        assert!(!other.iter().any(|told| told.starts_with("99 ")), "{}", other.join("\n"));
    }
}

#[test]
fn a_python_without_the_modules_is_told_what_to_install() {
    let scenario: Scenario = "chat c\nrecv c \"a\"\n".parse().expect("it is right");
    let programs =
        BTreeMap::from([("alone".to_owned(), script(&scenario, &[Profile::Py311]).expect("it can be written"))]);
    for interpreter in having(Modules::Private) {
        let folder = Folder::new("alone", interpreter);
        let other = play(interpreter, &folder, &programs, "2");
        assert!(other.is_empty(), "{}", other.join("\n"));
        let said = fs::read_to_string(folder.0.join("alone.py.out")).expect("it is there");
        assert!(said.contains("pip install pyasyncore pyasynchat"), "{said}");
    }
}
