//! Ways to be no subject for real sockets, each named by an argument.

use std::io::{self, Write};
use std::process::exit;

use asyncore_conformance::protocol::{Answer, Hello, Request};
use asyncore_spec::feature::Feature;

/// Does something else than to answer, if the fault is of that kind.
pub(crate) fn instead(fault: &str, request: &Request) -> Option<Answer> {
    match (fault, request) {
        ("claims the Unix domain" | "claims IPv6", Request::Begin { id, .. }) => {
            Some(Answer::Unsupported { id: *id, reason: "there is nothing but IPv4".to_owned() })
        }
        ("dies in the middle", Request::Step { .. } | Request::Settle { .. } | Request::End { .. }) => exit(7),
        ("stalls in the middle of a line", Request::Step { .. } | Request::Settle { .. } | Request::End { .. }) => {
            print!("{{\"type\":\"step");
            let _ = io::stdout().flush();
            loop {
                std::thread::park();
            }
        }
        _ => None,
    }
}

/// Claims what it does not have, if the fault is of that kind.
pub(crate) fn claiming(fault: &str, mut hello: Hello) -> Hello {
    let claimed = match fault {
        "claims the Unix domain" => Feature::UnixSockets,
        "claims IPv6" => Feature::Tcp6,
        _ => return hello,
    };
    hello.features.retain(|feature| *feature != Feature::Tcp4);
    hello.features.push(claimed);
    hello
}
