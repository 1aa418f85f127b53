//! The rules of a poll that are neither dates nor numbers: who votes, who sees the results, in which order the choices
//! stand. The database, forms and exports have their names.

use super::ballot::BallotKind;

/// Who may vote, and how often.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WhoVotes {
    /// Anybody, any number of times.
    #[default]
    Open,
    /// Anybody, once from each browser.
    Browser,
    /// Each active account once.
    Account,
    /// Each invitation once.
    Invitation,
}

/// Who sees the results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ResultsRule {
    #[default]
    Always,
    /// Who has voted, and everybody after the close.
    Voted,
    /// Everybody after the close.
    Closed,
    /// Staff who may view the question.
    Staff,
}

impl ResultsRule {
    /// Why somebody does not see the results, as a message.
    pub fn why_hidden(self) -> &'static str {
        match self {
            Self::Voted => "polls-results-voted",
            Self::Always | Self::Closed => "polls-results-closed",
            Self::Staff => "polls-results-staff",
        }
    }
}

/// The order in which the choices are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChoiceOrder {
    #[default]
    Written,
    /// Another order for each reader.
    Shuffled,
}

/// What becomes of a tie for the first place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TieRule {
    /// All who share the place are shown as tied.
    #[default]
    Tie,
    /// The lot decides ([`super::ballot::lot_number`]).
    Lot,
}

/// A rule that the database stores by its name.
pub trait Rule: Copy + Default + PartialEq + 'static {
    /// In the order of the admin's form.
    const VALUES: &'static [Self];
    /// The name and the label's message id of each of `VALUES`.
    const CHOICES: &'static [(&'static str, &'static str)];

    fn name(self) -> &'static str {
        let named = Self::VALUES.iter().zip(Self::CHOICES);
        named.filter(|(value, _)| **value == self).map(|(_, (name, _))| *name).next().unwrap_or_default()
    }

    /// The rule with a name; the default for a name that this program does not write.
    fn named(name: &str) -> Self {
        let mut named = Self::VALUES.iter().zip(Self::CHOICES);
        named.find(|(_, (of_value, _))| *of_value == name).map_or_else(Self::default, |(value, _)| *value)
    }
}

impl Rule for BallotKind {
    const VALUES: &'static [Self] = &Self::ALL;
    const CHOICES: &'static [(&'static str, &'static str)] = &[
        ("single", "polls-kind-single"),
        ("several", "polls-kind-several"),
        ("approval", "polls-kind-approval"),
        ("ranked", "polls-kind-ranked"),
        ("score", "polls-kind-score"),
        ("star", "polls-kind-star"),
    ];
}

impl Rule for WhoVotes {
    const VALUES: &'static [Self] = &[Self::Browser, Self::Account, Self::Invitation, Self::Open];
    const CHOICES: &'static [(&'static str, &'static str)] = &[
        ("browser", "polls-voters-browser"),
        ("account", "polls-voters-account"),
        ("invitation", "polls-voters-invitation"),
        ("open", "polls-voters-open"),
    ];
}

impl Rule for ResultsRule {
    const VALUES: &'static [Self] = &[Self::Always, Self::Voted, Self::Closed, Self::Staff];
    const CHOICES: &'static [(&'static str, &'static str)] = &[
        ("always", "polls-shown-always"),
        ("voted", "polls-shown-voted"),
        ("closed", "polls-shown-closed"),
        ("staff", "polls-shown-staff"),
    ];
}

impl Rule for TieRule {
    const VALUES: &'static [Self] = &[Self::Tie, Self::Lot];
    const CHOICES: &'static [(&'static str, &'static str)] = &[("tie", "polls-ties-tie"), ("lot", "polls-ties-lot")];
}

impl Rule for ChoiceOrder {
    const VALUES: &'static [Self] = &[Self::Written, Self::Shuffled];
    const CHOICES: &'static [(&'static str, &'static str)] =
        &[("written", "polls-order-written"), ("shuffled", "polls-order-shuffled")];
}
