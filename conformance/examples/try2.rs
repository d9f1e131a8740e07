//! scratch
use asyncore_conformance::{reference::ReferenceSubject, runner::*, select::Selection, outcome::*};
use asyncore_spec::profile::Profile;
fn main() {
    for profile in Profile::ALL {
        let mut s = ReferenceSubject::new(*profile);
        let plan = Plan { subject: "reference".into(), profile: *profile, follows: profile.release(), chosen: String::new(), selected: Selection::new(&[], &[]).unwrap(), cases: 3000, seed: 0, fail_fast: false };
        let o = run(&mut s, &plan, &mut Silent);
        println!("{profile} {:?} {} scenarios {:?}", o.totals(), o.scenarios, o.elapsed);
        for c in &o.clauses { if !matches!(c.verdict, Verdict::Pass | Verdict::NotApplicable{..}) { println!("{} {:?} {} {}", c.clause.id, c.verdict, c.checks, c.broken);
            if let Some(f) = &c.failure { println!("{}--- expected\n{}--- actual\n{}{:?}\n", f.scenario, asyncore_spec::text::print_trace_of(&f.scenario, &f.expected), asyncore_spec::text::print_trace_of(&f.scenario, &f.actual), f.departure); } } }
    }
}
