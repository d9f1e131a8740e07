//! What the suite does not say of a spoiled asyncore as it should.

/// The name of the spoiling, what is found, and why. Each entry is a debt of the suite; one that has been paid must leave
/// the list.
pub(crate) const KNOWN_GAPS: &[(&str, &str, &str)] = &[
    ("a failed connection resets connecting", "not blamed", "the event that follows is missed first"),
    ("the default handle_connect sets connected", "not blamed", "a clause nearby shows it in as short a scenario"),
    (
        "poll: a hang-up asks the socket for its error",
        "not caught",
        "the judge passes over a look at the pending error that nobody expects",
    ),
    (
        "select: the default map is used whatever is given",
        "POLL-1 is blamed first",
        "a channel that is not asked is missed before the map that it is not in",
    ),
    (
        "loop: at least one pass is run without a count",
        "not caught",
        "a pass on an empty map does nothing, so that it cannot be seen",
    ),
    (
        "a channel without a map is in none",
        "POLL-1 is blamed first",
        "a channel that is not asked is missed before the map that it is not in",
    ),
    (
        "del_channel forgets the descriptor only when it was there",
        "not blamed",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "del_channel leaves another channel with the descriptor alone",
        "not blamed",
        "a second handle_close is taken for a second close of the socket",
    ),
    (
        "set_socket forgets the map that is given",
        "POLL-1 is blamed first",
        "a channel that is not asked is missed before the map that it is not in",
    ),
    (
        "a socket that was reset is broken",
        "ERROR-4 is blamed first",
        "the exception that the fault lets out is blamed, and not what should have come in its place",
    ),
    ("send: a closed channel says nothing", "IO-23 is blamed first", "a clause nearby shows it in as short a scenario"),
    (
        "send: an unconnected channel sends nothing",
        "IO-1 is blamed first",
        "the result of a send is asked of the clause on what was taken",
    ),
    ("file: descriptor 0 is none", "not caught", "no scenario gives a file the descriptor 0"),
    (
        "B07: with use_poll the default map is not looked at",
        "not blamed",
        "a pass of a counted loop that is not run is asked of the loop without a count",
    ),
    (
        "B20: a connection made at once raises",
        "not blamed",
        "the exception that the fault lets out is blamed, and not what should have come in its place",
    ),
    (
        "B71: EINVAL is an error of the look for a peer",
        "ERROR-4 is blamed first",
        "the exception that the fault lets out is blamed, and not what should have come in its place",
    ),
    (
        "B85: an error of the system without a number leaves the loop",
        "not caught",
        "a scenario cannot raise an error of the system without a number",
    ),
    (
        "loop: the default map is used whatever is given",
        "LOOP-2 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    ("loop: the map is not passed on", "LOOP-2 is blamed first", "a clause nearby shows it in as short a scenario"),
    ("send: nothing closes", "IO-7 is blamed first", "a clause nearby shows it in as short a scenario"),
    (
        "file: a second close closes the number again",
        "FILE-3 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    ("B75: a file is closed twice", "FILE-3 is blamed first", "a clause nearby shows it in as short a scenario"),
    ("file: the duplicate is thrown away", "FILE-3 is blamed first", "a clause nearby shows it in as short a scenario"),
    (
        "a read event reads before it connects",
        "not blamed",
        "another clause is broken before the right one has its turn",
    ),
    ("the default handle_read reads", "IO-6 is blamed first", "a clause nearby shows it in as short a scenario"),
    (
        "what the handle_close of a hang-up raises leaves the loop",
        "ERROR-10 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    ("select: an empty map is slept on", "ERROR-4 is blamed first", "a clause nearby shows it in as short a scenario"),
    (
        "poll: a channel that has closed itself gets no further event",
        "CLOSE-2 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "poll: another channel with the descriptor is left alone",
        "POLL-2 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "poll: what a predicate raises is given to handle_error",
        "ERROR-6 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    ("a channel infers that it accepts", "POLL-4 is blamed first", "a clause nearby shows it in as short a scenario"),
    ("accept: a TypeError is raised", "ACCEPT-13 is blamed first", "a clause nearby shows it in as short a scenario"),
    (
        "connect: a failure takes the channel out of the map",
        "POLL-2 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "connect: the address is set whatever happens",
        "LOG-5 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    ("send: the rest is tried again", "IO-14 is blamed first", "a clause nearby shows it in as short a scenario"),
    ("send: the socket is called twice", "IO-14 is blamed first", "a clause nearby shows it in as short a scenario"),
    ("with_send: close empties the buffer", "IO-18 is blamed first", "a clause nearby shows it in as short a scenario"),
    ("close forgets the socket", "IO-23 is blamed first", "a clause nearby shows it in as short a scenario"),
    (
        "close takes the channel out of every map that it was added to",
        "CLOSE-14 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    ("file: an object is not taken", "FILE-8 is blamed first", "a clause nearby shows it in as short a scenario"),
    (
        "B65: an accept that gives nothing is an error",
        "ACCEPT-13 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "B67: EPIPE and EBADF are no lost connection",
        "FILE-13 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "recv: the end of the stream closes once",
        "CONNECT-3 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    ("accept: the address is left out", "ACCEPT-12 is blamed first", "a clause nearby shows it in as short a scenario"),
    (
        "with_send: a lost connection empties the buffer",
        "IO-14 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
    (
        "accept: that nothing waits is an error",
        "ACCEPT-13 is blamed first",
        "a clause nearby shows it in as short a scenario",
    ),
];
