//! What came of a poll, in words.

use fluent_bundle::FluentArgs;

use super::PollOutcome;
use crate::polls::ballot::{BallotKind, EliminationRule};
use crate::polls::stage::Stage;
use crate::text::isolate;
use crate::web::Ambient;

/// How many names of choices a sentence has at most.
const MOST_NAMED: usize = 5;

impl PollOutcome {
    /// Who has won, who leads so far, or who is tied; None for an open poll without votes.
    pub fn summary(&self, ambient: &Ambient) -> Option<String> {
        if self.is_led_by_unshown() {
            return Some(ambient.text("polls-write-in-leads"));
        }
        let winners = &self.tally.winners;
        let message = match (winners.len(), self.stage == Stage::Closed) {
            (0, false) => return None,
            (0, true) => "polls-nobody",
            (1, false) => "polls-leads",
            (1, true) => "polls-won",
            (_, false) => "polls-tied-so-far",
            (_, true) => "polls-tied",
        };
        let mut args = FluentArgs::new();
        args.set("choices", self.names(winners));
        Some(ambient.text_with(message, &args))
    }

    /// Between which choices the lot decided; None if it did not, or the poll is open.
    pub fn lot(&self, ambient: &Ambient) -> Option<String> {
        let tied = &self.tally.before_lot;
        let mut args = FluentArgs::new();
        args.set("choices", self.names(tied));
        let message = if self.stage == Stage::Closed { "polls-won-by-lot" } else { "polls-leads-by-lot" };
        (!tied.is_empty() && !self.is_led_by_unshown()).then(|| ambient.text_with(message, &args))
    }

    /// How the rounds of a run-off went.
    pub fn rounds(&self, ambient: &Ambient) -> Vec<String> {
        let mut sentences = Vec::new();
        for (at, round) in self.tally.rounds.iter().enumerate() {
            let Some(out) = &round.elimination else { continue };
            let mut args = FluentArgs::new();
            args.set("round", at + 1);
            args.set("choices", self.names(&out.choices));
            let message = match out.rule {
                EliminationRule::NoVotes => "polls-out-without-votes",
                EliminationRule::FewestVotes => "polls-out",
                EliminationRule::EarlierRound(earlier) => {
                    args.set("earlier", earlier);
                    "polls-out-by-round"
                }
                EliminationRule::Lot => "polls-out-by-lot",
            };
            sentences.push(ambient.text_with(message, &args));
        }
        if let Some(run_off) = &self.tally.run_off {
            let [first, second] = run_off.finalists;
            let mut args = FluentArgs::new();
            args.set("first", self.names(&[first.choice]));
            args.set("for_first", first.preferred_by);
            args.set("second", self.names(&[second.choice]));
            args.set("for_second", second.preferred_by);
            args.set("neither", run_off.no_preference);
            sentences.push(ambient.text_with("polls-run-off", &args));
        }
        sentences
    }

    /// How many could vote and did, where that is known.
    pub fn turnout_of_those_asked(&self, ambient: &Ambient) -> Option<String> {
        let sentences = self.turnout?.sentences();
        Some(sentences.iter().map(|sentence| sentence.text(ambient)).collect::<Vec<_>>().join(" "))
    }

    /// The texts of choices.
    fn names(&self, choices: &[i64]) -> String {
        let names = self.lines.iter().filter(|line| choices.contains(&line.choice.id));
        let names: Vec<String> = names.map(|line| isolate(&line.choice.choice_text)).collect();
        let more = if names.len() > MOST_NAMED { ", …" } else { "" };
        names[..names.len().min(MOST_NAMED)].join(", ") + more
    }

    /// The text of a choice.
    pub fn name(&self, choice: i64) -> &str {
        self.lines.iter().find(|line| line.choice.id == choice).map_or("", |line| &line.choice.choice_text)
    }

    /// The message of a line's count.
    pub fn counted(&self) -> &'static str {
        if matches!(self.tally.kind, BallotKind::Score | BallotKind::Star) { "polls-points" } else { "polls-votes" }
    }

    /// The message of the number of ballots.
    pub fn turnout(&self) -> &'static str {
        if self.tally.kind == BallotKind::Single { "polls-total" } else { "polls-turnout" }
    }

    /// The message of what a ballot is and what the shares are of; None if that needs no words.
    pub fn method(&self) -> Option<&'static str> {
        match self.tally.kind {
            BallotKind::Single => None,
            BallotKind::Several => Some("polls-method-several"),
            BallotKind::Approval => Some("polls-method-approval"),
            BallotKind::Ranked => Some("polls-method-ranked"),
            BallotKind::Score => Some("polls-method-score"),
            BallotKind::Star => Some("polls-method-star"),
        }
    }
}
