//! The kill matrix: every rule of the model broken in every way, and the clause that is blamed for it.

use asyncore_conformance::selftest::{Judged, Matrix};
use asyncore_spec::profile::Profile;

#[test]
#[ignore = "takes minutes unless it is optimised; `.ci/run selftest` holds the same, and `.ci/mutants` runs this"]
fn the_kill_matrix_is_that_of_the_book() {
    let judged = Judged::new(Matrix::of(Profile::ALL), true);
    assert_eq!(judged.complaints(), [""; 0]);
    assert_eq!(judged.markdown(), include_str!("../../docs/src/kill-matrix.md"));
}
