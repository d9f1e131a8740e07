//! scratch
use asyncore_conformance::judge::judge;
use asyncore_conformance::protocol::{Answer, Request};
use asyncore_spec::generate::*;
use asyncore_spec::model::*;
use asyncore_spec::profile::Profile;
use asyncore_spec::scenario::Kind;
use asyncore_spec::text::*;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::io::{BufRead, Write};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let profile = Profile::by_name(&a[2]).unwrap();
    let n: usize = a[3].parse().unwrap();
    let mut rep = Repertoire::all(profile);
    if a.len() > 5 { for f in a[5].split(',') { rep.features.retain(|x| x.name() != f); } }
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut all = vec![];
    let t = std::time::Instant::now();
    for f in Family::ALL {
        if !rep.allows(*f) { continue; }
        let s = scenarios(*f, rep.clone());
        for _ in 0..n { all.push(s.new_tree(&mut runner).unwrap().current()); }
    }
    eprintln!("generated {} in {:?}", all.len(), t.elapsed());
    if a[1] == "gen" {
        let mut out = std::io::BufWriter::new(std::fs::File::create(&a[4]).unwrap());
        for (id, s) in all.iter().enumerate() {
            serde_json::to_writer(&mut out, &Request::Run { id: id as u64, scenario: s.clone() }).unwrap();
            out.write_all(b"\n").unwrap();
        }
        return;
    }
    let f = std::io::BufReader::new(std::fs::File::open(&a[4]).unwrap());
    let observed = Kind::ALL.iter().copied().collect();
    let mut by: std::collections::BTreeMap<String, (usize, String)> = Default::default();
    let mut settings = Settings::of(profile);
    if a.len() > 6 { let s: usize = a[6].parse().unwrap(); settings.ac_in_buffer_size = s; settings.ac_out_buffer_size = s; }
    let mut held: std::collections::BTreeMap<&str, usize> = Default::default();
    for line in f.lines() {
        let line = line.unwrap();
        match serde_json::from_str::<Answer>(&line).unwrap() {
            Answer::Ok { id, trace, .. } => {
                let s = &all[id as usize];
                let p = predict(s, &settings);
                let j = judge(&p, &trace, &observed);
                for h in j.held { *held.entry(h.as_str()).or_default() += 1; }
                for d in j.departures {
                    let text = format!("{s}--- expected\n{}--- actual\n{}{d:?}\n", print_trace_of(s, &p.trace()), print_trace_of(s, &trace));
                    let e = by.entry(format!("{} {:?}", d.clause, d.how)).or_insert((0, text.clone()));
                    e.0 += 1;
                    if text.len() < e.1.len() { e.1 = text; }
                }
            }
            Answer::Unsupported { reason, .. } | Answer::Error { reason, .. } => { by.entry(format!("!! {reason}")).or_insert((0, String::new())).0 += 1; }
            Answer::Hello(_) => {}
        }
    }
    for (k, (n, t)) in by { println!("=== {k}: {n}\n{t}"); }
    println!("{held:?}");
}
