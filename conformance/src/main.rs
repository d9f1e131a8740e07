//! The command line of the conformance suite.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
