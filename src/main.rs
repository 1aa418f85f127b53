//! Parses the command line and calls [`polls::cli`].

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    polls::cli::main()
}
