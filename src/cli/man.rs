//! `polls man` and `polls completions`: what packages put beside the program.

use std::fs;
use std::io::stdout;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory as _;

use super::{Cli, Failure};

/// Print the manual page, or write those of all commands
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls man | man -l -
  polls man --directory /usr/local/share/man/man1")]
pub struct ManArguments {
    /// Write polls.1, polls-serve.1 and so on into this directory
    #[arg(long, value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
}

/// Print what a shell needs to complete this program's commands and flags
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  polls completions bash > /etc/bash_completion.d/polls")]
pub struct CompletionsArguments {
    shell: clap_complete::Shell,
}

pub fn run(arguments: ManArguments) -> Result<ExitCode, Failure> {
    match arguments.directory {
        Some(directory) => {
            fs::create_dir_all(&directory)?;
            clap_mangen::generate_to(Cli::command(), directory)?;
        }
        None => clap_mangen::Man::new(Cli::command()).render(&mut stdout())?,
    }
    Ok(ExitCode::SUCCESS)
}

pub fn complete(arguments: &CompletionsArguments) -> ExitCode {
    clap_complete::generate(arguments.shell, &mut Cli::command(), "polls", &mut stdout());
    ExitCode::SUCCESS
}
