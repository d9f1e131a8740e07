//! The controls of the suite itself: useless subjects must not pass, and unusual ones must.

use std::path::Path;

use asyncore_conformance::selftest::controls;
use asyncore_spec::profile::Profile;
use rstest::rstest;

#[rstest]
fn every_control_is_as_it_should_be(#[values(Profile::Py25, Profile::Py27, Profile::Py311)] profile: Profile) {
    let controls = controls::all(&[profile], Path::new(env!("CARGO_BIN_EXE_asyncore-conformance")));
    let wrong: Vec<_> = controls.iter().filter(|control| control.complaint.is_some()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let useless = controls.iter().filter(|control| control.useless).count();
    assert!(useless >= 15 && controls.len() - useless >= 15, "{useless} of {}", controls.len());
}
