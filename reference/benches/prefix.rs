//! `find_prefix_at_end` against trying every candidate.

mod support;

use asyncore_reference::find_prefix_at_end;
use divan::{Bencher, black_box};
use support::{SEARCHES, Search, text};

fn main() {
    divan::main();
}

fn names() -> impl Iterator<Item = &'static str> {
    SEARCHES.iter().map(|search| search.name)
}

fn inputs(name: &str) -> (Vec<u8>, Vec<u8>) {
    let search: &Search = SEARCHES.iter().find(|search| search.name == name).expect("a name");
    (text(search.haystack), text(search.needle))
}

#[divan::bench(args = names(), max_time = 0.2)]
fn this_crate(bencher: Bencher<'_, '_>, name: &str) {
    let (haystack, needle) = inputs(name);
    bencher.bench(|| find_prefix_at_end(black_box(&haystack), black_box(&needle)));
}

#[divan::bench(args = names(), max_time = 0.2)]
fn every_candidate(bencher: Bencher<'_, '_>, name: &str) {
    let (haystack, needle) = inputs(name);
    bencher.bench(|| {
        let (haystack, needle) = (black_box(&haystack), black_box(&needle));
        (1..needle.len()).rev().find(|&n| haystack.ends_with(&needle[..n])).unwrap_or(0)
    });
}
