//! Folders of scenarios that a run takes in, beside the suite's own.

use std::io;
use std::path::{Path, PathBuf};

use asyncore_conformance::report::json::Unreadable;
use asyncore_conformance::runner::FromFile;

use super::Trouble;
use super::replay::scene::Scene;

/// Is what the folders hold.
#[derive(Debug, Default)]
pub(crate) struct Cases {
    pub(crate) found: Vec<FromFile>,
    /// The files that are no scenarios.
    pub(crate) unreadable: Vec<Unreadable>,
}

impl Cases {
    /// Reads every `*.scn` file of the folders, sorted by name. One that is no scenario is told of, and the others are
    /// read all the same.
    pub(crate) fn read(folders: &[PathBuf]) -> Result<Self, Trouble> {
        let mut cases = Self::default();
        for folder in folders {
            for path in files(folder)? {
                let file = path.display().to_string();
                match Scene::read(&path, None) {
                    Ok(scenes) => cases.found.extend(
                        scenes.into_iter().map(|scene| FromFile { file: file.clone(), scenario: scene.scenario }),
                    ),
                    Err(trouble) => {
                        trouble.tell();
                        cases.unreadable.push(Unreadable { file, reason: trouble.to_string() });
                    }
                }
            }
        }
        Ok(cases)
    }
}

/// Lists the scenarios of a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let list = || -> io::Result<Vec<PathBuf>> { std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect() };
    let title = folder.display();
    let mut files = list().map_err(|error| {
        Trouble::new(format_args!(
            "the scenarios in `{title}` cannot be read: {error}; name a folder with `*.scn` files, as `run --save` makes it"
        ))
    })?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "scn"));
    files.sort();
    if files.is_empty() {
        return Err(Trouble::new(format_args!(
            "there is no scenario in `{title}`: no name of a file in it ends in `.scn`; name another folder, or leave \
             `--scenarios` out"
        )));
    }
    Ok(files)
}
