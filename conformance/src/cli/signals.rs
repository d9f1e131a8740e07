//! Being interrupted: nothing is left behind, and whoever started the program learns what ended it.

/// Listens to the signals that end a program, from a thread of its own.
///
/// A hangup is left alone, for `nohup` has it ignored, and listening would undo that.
#[cfg(unix)]
pub(crate) fn listen() {
    use asyncore_conformance::belongings;
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            belongings::abandon();
            // Ends the program as the signal would have done by itself.
            let _ = emulate_default_handler(signal);
        }
    };
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
}

/// Elsewhere an interrupt reaches the subjects by itself.
#[cfg(not(unix))]
pub(crate) fn listen() {}
