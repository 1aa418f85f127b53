//! `polls recount`: compares every total with its ballots, and corrects one if an option names it.

use std::process::ExitCode;

use super::{Context, Failure, connect, note};
use crate::db::{self, Chore, Create, migrate};
use crate::polls::recount::{self, Correction, Count, SecretExcess, TotalCheck};

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub struct RecountArguments {
    /// Set the total of this choice to opening balance + ballots
    #[arg(long, value_name = "CHOICE")]
    trust_ballots: Option<i64>,
    /// Keep the total of this choice, which Django wrote, and record the total minus its ballots as the opening balance
    #[arg(long, value_name = "CHOICE")]
    trust_total: Option<i64>,
}

pub fn run(context: &Context, arguments: &RecountArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    let url = settings.database.url;
    let mut conn = connect(&url, Create::Never)?;
    if !migrate::missing(&mut conn)?.is_empty() {
        return Err(format!("{url} lacks migrations; run `polls migrate` first").into());
    }
    let correction = match (arguments.trust_ballots, arguments.trust_total) {
        (Some(choice), _) => Some((choice, Correction::TrustBallots)),
        (None, Some(choice)) => Some((choice, Correction::TrustTotal)),
        (None, None) => None,
    };
    if let Some((choice, correction)) = correction {
        let before = recount::correct(&mut conn, choice, correction).map_err(|error| match error {
            diesel::result::Error::NotFound => Failure::from(format!("there is no choice {choice}")),
            other => other.into(),
        })?;
        if before.fits() {
            println!("Choice {choice} fits already; nothing was changed.");
        } else {
            println!("Corrected: {}", sentence(&before));
        }
    }
    let shared = db::is_shared(&mut conn, settings.django.shares)?;
    let counts = recount::counts(&mut conn)?;
    let (mut misfits, mut elsewhere) = (0, 0);
    for count in &counts {
        match count.check(shared) {
            TotalCheck::Fits => {}
            TotalCheck::CountedElsewhere(votes) => {
                elsewhere += votes;
                println!("{}; {votes} counted elsewhere", sentence(count));
            }
            TotalCheck::Wrong => {
                misfits += 1;
                println!(
                    "{}{}",
                    sentence(count),
                    if count.votes < 0 { "; a total below 0 counts nothing" } else { "" }
                );
            }
        }
    }
    if elsewhere > 0 {
        println!(
            "{elsewhere} votes were counted elsewhere: Django, which shares this database, counts without ballots. \
             A total that somebody raised, or ballots that somebody deleted, would look the same. `--trust-total \
             CHOICE` makes what Django has counted part of the opening balance."
        );
    }
    let left_behind = recount::left_behind(&mut conn)?;
    if left_behind > 0 {
        println!(
            "{left_behind} ballots name a choice that is not there. If it is gone for good: \
             DELETE FROM polls_ballot WHERE choice_id NOT IN (SELECT id FROM polls_choice)"
        );
    }
    let excesses = recount::secret_excesses(&mut conn)?;
    for SecretExcess { question, voters, ballots } in &excesses {
        println!("question {question} is secret and has {ballots} ballots, more than the {voters} people who voted");
    }
    let ballots: i64 = counts.iter().map(|count| count.ballots).sum();
    note(&mut conn, Chore::Recount);
    if misfits == 0 && left_behind == 0 && excesses.is_empty() {
        let all = if elsewhere > 0 { "no total holds less than its ballots" } else { "every total fits" };
        println!("{} choices, {ballots} ballots: {all}.", counts.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{misfits} of {} totals do not fit. Nothing is changed by itself: see `polls recount --help`.",
        counts.len()
    );
    Ok(ExitCode::FAILURE)
}

fn sentence(count: &Count) -> String {
    let Count { choice, question, choice_text, votes, ballots, strays, .. } = count;
    let opening = count.opening.map_or_else(|| "none".to_owned(), |opening| opening.to_string());
    let stray = if *strays > 0 { format!("; {strays} ballots name another question") } else { String::new() };
    format!(
        "choice {choice} of question {question} ({choice_text:?}): the total is {votes}, expected {} (opening balance {opening}, {ballots} ballots){stray}",
        count.expected()
    )
}
