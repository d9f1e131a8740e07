//! The manual's example, event by event.

use std::rc::Rc;

use crate::support::Log;

#[path = "../../examples/http_request_handler.rs"]
mod example;

#[test]
fn events() {
    let log = Log::default();
    let sink = log.clone();
    example::serve(Rc::new(move |line| sink.add(line))).expect("a good request");
    insta::assert_snapshot!(log.take());
}
