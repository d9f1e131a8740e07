//! The files of the project, as far as they are not made by a program.

use std::path::{Path, PathBuf};

/// Is one file with its text.
pub(crate) struct Source {
    /// Where it is, from the root of the project.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }
}

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is a folder of the project").to_owned()
}

/// Every file that is text and is not ignored, in order of its path.
pub(crate) fn sources() -> Vec<Source> {
    let root = root();
    let ignored = std::fs::read_to_string(root.join(".gitignore")).expect("the project says what it ignores");
    let ignored: Vec<&str> = ignored.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mut found = Vec::new();
    walk(&root, "", &ignored, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.iter().any(|source| source.path == "Cargo.toml") && found.len() > 50, "the project is found");
    found
}

/// Says whether a pattern of `.gitignore` is about a path: `/from/the/root`, `folder/` anywhere, or `*.ending`.
fn is_ignored(path: &str, patterns: &[&str]) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == ".git"
        || patterns.iter().any(|pattern| match (pattern.strip_prefix('/'), pattern.strip_prefix('*')) {
            (Some(rooted), _) => path == rooted.trim_end_matches('/'),
            (_, Some(ending)) => name.ends_with(ending),
            _ => name == pattern.trim_end_matches('/'),
        })
}

fn walk(root: &Path, folder: &str, ignored: &[&str], found: &mut Vec<Source>) {
    let entries = std::fs::read_dir(root.join(folder)).expect("the project can be read");
    for entry in entries {
        let entry = entry.expect("the project can be read");
        let name = entry.file_name().into_string().expect("files have plain names");
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if is_ignored(&path, ignored) {
            continue;
        }
        if entry.file_type().expect("the project can be read").is_dir() {
            walk(root, &path, ignored, found);
        } else if let Ok(text) = std::fs::read_to_string(entry.path()) {
            found.push(Source { path, text });
        }
    }
}
