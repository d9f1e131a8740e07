//! The example subjects as programs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// Those that tests start.
const ALL: &[&str] = &["fake_sockets", "fake_subject", "line_server"];

/// Finds a program that `cargo test` builds beside this one, and has it built where cargo was asked for less than all.
pub(crate) fn example(name: &str) -> PathBuf {
    static EXAMPLES: LazyLock<PathBuf> = LazyLock::new(|| {
        let test = std::env::current_exe().expect("the test has a path");
        let profile = test.parent().and_then(Path::parent).expect("the test is in PROFILE/deps");
        let examples = profile.join("examples");
        if !ALL.iter().all(|name| program(&examples, name).exists()) {
            build(profile);
        }
        examples
    });
    assert!(ALL.contains(&name), "there is no example `{name}` for tests");
    program(&EXAMPLES, name)
}

fn program(examples: &Path, name: &str) -> PathBuf {
    examples.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn build(profile: &Path) {
    let name = profile.file_name().and_then(|name| name.to_str()).expect("the directory is named after the profile");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--examples", "--profile", if name == "debug" { "dev" } else { name }]);
    cargo.arg("--target-dir").arg(profile.parent().expect("the profile is in the target directory"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    assert!(cargo.status().is_ok_and(|status| status.success()), "run this first: cargo build --examples");
}
