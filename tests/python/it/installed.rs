//! Packages that pip installs for a test: once, into a folder of the build.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::interpreters::Interpreter;

/// Is a release of a package.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// The environment variable that may name a folder into which it is installed.
    pub(crate) variable: &'static str,
    /// A file that is there once it is.
    pub(crate) file: &'static str,
}

/// Finds the folder of a package, installing it if need be; none if it is to be left out.
pub(crate) fn folder(interpreter: &Interpreter, package: &Package) -> Option<PathBuf> {
    let Package { name, version, variable, file } = package;
    if let Some(folder) = std::env::var_os(variable).filter(|folder| !folder.is_empty()) {
        return Some(folder.into());
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{version}"));
    if folder.join(file).is_file() {
        return Some(folder);
    }
    if std::env::var_os("ASYNCORE_OFFLINE").is_some_and(|set| set == "1") {
        println!("{name} {version}: not run, as ASYNCORE_OFFLINE is set");
        return None;
    }
    let mut pip = Command::new(&interpreter.path);
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"]).arg(&folder);
    let output = pip.arg(format!("{name}=={version}")).output().expect("the interpreter runs");
    assert!(
        output.status.success(),
        "{name} {version} is needed and could not be installed: let {variable} name the folder that it is in, or set \
         ASYNCORE_OFFLINE=1 to leave this test out\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(folder)
}
