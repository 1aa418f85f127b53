//! `polls config show`: prints the settings.

use std::process::ExitCode;

use super::{Context, Failure};
use crate::settings::Shown;

/// The source that a setting has if no file, variable or flag sets it.
const DEFAULT: &str = "default";

#[derive(Debug, clap::Subcommand)]
pub enum ConfigCommand {
    /// Print every setting and its source; secrets are masked
    Show {
        /// Only those that are not the default (Django's `diffsettings`)
        #[arg(long)]
        changed: bool,
    },
}

pub fn run(context: &Context, command: &ConfigCommand) -> Result<ExitCode, Failure> {
    let ConfigCommand::Show { changed } = *command;
    let settings = context.settings()?;
    let shown: Vec<_> = settings.shown.iter().filter(|shown| !changed || shown.origin != DEFAULT).collect();
    let width = |text: fn(&Shown) -> usize| shown.iter().map(|shown| text(shown)).max().unwrap_or(0);
    let (keys, values) = (width(|shown| shown.key.len()), width(|shown| shown.value.len()).min(48));
    for shown in shown {
        println!("{:keys$}  {:values$}  {}", shown.key, shown.value, shown.origin);
    }
    for warning in &settings.warnings {
        println!("warning: {warning}");
    }
    Ok(ExitCode::SUCCESS)
}
