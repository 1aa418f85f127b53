//! Parses the command line and calls [`polls::cli`].

#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Gives memory back that is no longer needed. glibc keeps what was freed: after 60 logins at once the process would
/// stay at 240 MB instead of 30 (`tests/it/running/memory.rs`).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    polls::cli::main()
}
