//! `polls config show`: prints the settings.

use std::process::ExitCode;

use super::{Context, Failure};

#[derive(Debug, clap::Subcommand)]
pub enum ConfigCommand {
    /// Print every setting with where it came from; secrets are masked
    Show,
}

pub fn run(context: &Context, command: &ConfigCommand) -> Result<ExitCode, Failure> {
    let ConfigCommand::Show = command;
    let settings = context.settings()?;
    let width = |text: fn(&crate::settings::Shown) -> usize| settings.shown.iter().map(text).max().unwrap_or(0);
    let (keys, values) = (width(|shown| shown.key.len()), width(|shown| shown.value.len()).min(48));
    for shown in &settings.shown {
        println!("{:keys$}  {:values$}  {}", shown.key, shown.value, shown.origin);
    }
    for warning in &settings.warnings {
        println!("warning: {warning}");
    }
    Ok(ExitCode::SUCCESS)
}
