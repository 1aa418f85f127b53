//! `polls listurls`: lists the addresses.

use std::process::ExitCode;

use super::{Context, Failure};
use crate::app::routes::{Route, routes};

/// List every address that the site answers, with its methods
///
/// `{name}` stands for a part of a path, `{name:…}` for what the regular expression matches. The paths begin with
/// `script_name` of the settings, where that is set.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls listurls
  polls listurls --format json | jq -r '.[].path'")]
pub struct ListurlsArguments {
    #[arg(long, value_enum, default_value_t = UrlFormat::Text)]
    format: UrlFormat,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum UrlFormat {
    /// A line for each: the path, a tab, the methods
    Text,
    /// An array of objects
    Json,
}

pub fn run(context: &Context, arguments: &ListurlsArguments) -> Result<ExitCode, Failure> {
    let routes = routes(&context.settings()?);
    match arguments.format {
        UrlFormat::Text => {
            for Route { path, methods } in &routes {
                println!("{path}\t{}", methods.join(","));
            }
        }
        UrlFormat::Json => println!("{}", serde_json::to_string_pretty(&routes)?),
    }
    Ok(ExitCode::SUCCESS)
}
