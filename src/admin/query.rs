//! What a list is asked for: search, filters, dates, order, page. Keys are checked against the model, so
//! that a feature only ever sees keys of its own.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use diesel::QueryResult;

use super::erased::{AdminModel, Record};
use super::model::{Choices, Filter};
use super::sentence::{Part, Sentence};
use crate::db::Connection;

/// Rows of a page, Django's `list_per_page`.
pub const PER_PAGE: i64 = 100;
/// How many objects are read at once, where all are wanted.
const PART: i64 = 1000;
/// The longest list that "Show all" shows.
pub const MAX_SHOW_ALL: i64 = 200;

/// A list as a feature answers it.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Every word must be found.
    pub words: Vec<String>,
    /// Field and whether descending.
    pub order: Vec<(&'static str, bool)>,
    /// Filter and value.
    pub filters: Vec<(&'static str, String)>,
    /// The date hierarchy's span, in UTC: from, and before.
    pub span: Option<(NaiveDateTime, NaiveDateTime)>,
    /// These objects only.
    pub ids: Option<Vec<i64>>,
    pub offset: i64,
    pub limit: Option<i64>,
    /// When it is asked, in UTC, and the site's zone, for filters such as "today".
    pub now: NaiveDateTime,
    pub zone: Tz,
}

impl ListQuery {
    /// The most rows that are wanted. Always a number: SQLite and MySQL know no offset without a limit.
    pub fn most(&self) -> i64 {
        self.limit.unwrap_or(i64::MAX)
    }
}

/// Every object that a query finds, whatever its page. Read in parts: databases bound how many ids a query may name.
///
/// # Errors
/// If the database does not answer.
pub fn all_records(conn: &mut Connection, model: &dyn AdminModel, query: &ListQuery) -> QueryResult<Vec<Record>> {
    let mut records = Vec::new();
    loop {
        let offset = i64::try_from(records.len()).unwrap_or(i64::MAX);
        let part = model.records(conn, &ListQuery { offset, limit: Some(PART), ..query.clone() })?;
        let is_last = part.len() < usize::try_from(PART).unwrap_or(usize::MAX);
        records.extend(part);
        if is_last {
            return Ok(records);
        }
    }
}

/// The query of a list's address, as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

/// Keys that are Django's own and no filters.
const OWN: [&str; 8] = ["e", "q", "o", "p", "all", "_facets", "_changelist_filters", "_popup"];

/// A part of the date hierarchy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatePart {
    pub year: i32,
    pub month: Option<u32>,
    pub day: Option<u32>,
}

impl Params {
    pub fn parse(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The same query with some keys replaced, or removed where the value is None. The page starts anew.
    pub fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let kept = self.0.iter().filter(|(name, _)| name != "p" && !changes.iter().any(|(key, _)| key == name));
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in kept {
            query.append_pair(name, value);
        }
        for (key, value) in changes {
            if let Some(value) = value {
                query.append_pair(key, value);
            }
        }
        format!("?{}", query.finish())
    }

    /// As one value, to come back to this list after an edit.
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// Whether something is searched for.
    pub fn is_search(&self) -> bool {
        self.get("q").is_some_and(|q| !q.is_empty())
    }

    /// Everything but one key, for a form that replaces it.
    pub fn others(&self, key: &str) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| name != key && name != "p").cloned().collect()
    }

    /// The same, to stand as the value of a key.
    pub fn as_value(&self) -> String {
        form_urlencoded::byte_serialize(self.encode().as_bytes()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anything but the order and the page is asked for.
    pub fn narrow(&self) -> bool {
        self.0.iter().any(|(name, _)| !["p", "o", "all", "e", "_facets"].contains(&name.as_str()))
    }

    /// The list that is asked for; None if a key or value is none of the model's.
    pub fn list_query(&self, model: &dyn AdminModel, now: NaiveDateTime, zone: Tz) -> Option<ListQuery> {
        let filters = self.filters(model)?;
        let order = match self.get("o") {
            None | Some("") => model.ordering().to_vec(),
            Some(order) => parse_order(order, model)?,
        };
        let words = if model.has_search() { words(self.get("q").unwrap_or_default()) } else { Vec::new() };
        let span = match self.date_part(model)? {
            Some(part) => Some(part.span(zone)?),
            None => None,
        };
        Some(ListQuery { words, order, filters, span, ids: None, offset: 0, limit: None, now, zone })
    }

    fn filters(&self, model: &dyn AdminModel) -> Option<Vec<(&'static str, String)>> {
        let hierarchy = model.date_hierarchy();
        let mut filters = Vec::new();
        for (name, value) in &self.0 {
            let part = hierarchy.and_then(|date| name.strip_prefix(date));
            if OWN.contains(&name.as_str()) || matches!(part, Some("__year" | "__month" | "__day")) {
                continue;
            }
            let known = |filter: &&Filter| filter.key == name || filter.empty == Some(name);
            let filter = model.list_filter().iter().find(known)?;
            if let Some(key) = filter.empty.filter(|key| key == name) {
                (value == "True").then(|| filters.push((key, value.clone())))?;
                continue;
            }
            let is_choice = match filter.choices {
                Choices::Fixed(choices) => choices.iter().any(|(known, _)| known == value),
                Choices::Options(_) => value.parse::<i64>().is_ok(),
            };
            if !is_choice {
                return None;
            }
            filters.push((filter.key, value.clone()));
        }
        Some(filters)
    }

    /// The part of the date hierarchy; the outer None is a date that is none.
    pub fn date_part(&self, model: &dyn AdminModel) -> Option<Option<DatePart>> {
        let Some(date) = model.date_hierarchy() else {
            return Some(None);
        };
        let number = |part: &str| match self.get(&format!("{date}__{part}")) {
            None => Ok(None),
            Some(text) => text.parse::<u32>().map(Some),
        };
        let (Ok(year), Ok(month), Ok(day)) = (number("year"), number("month"), number("day")) else {
            return None;
        };
        match year {
            None => Some(None),
            Some(year) => Some(Some(DatePart { year: i32::try_from(year).ok()?, month, day })),
        }
    }
}

impl DatePart {
    /// From when to before when, in UTC.
    pub fn span(&self, zone: Tz) -> Option<(NaiveDateTime, NaiveDateTime)> {
        if !(1000..9999).contains(&self.year) {
            return None;
        }
        let from = NaiveDate::from_ymd_opt(
            self.year,
            self.month.unwrap_or(1),
            self.day.filter(|_| self.month.is_some()).unwrap_or(1),
        )?;
        let until = match (self.month, self.day) {
            (None, _) => from.checked_add_months(Months::new(12))?,
            (Some(_), None) => from.checked_add_months(Months::new(1))?,
            (Some(_), Some(_)) => from.checked_add_days(Days::new(1))?,
        };
        Some((midnight(zone, from), midnight(zone, until)))
    }

    /// What people call it, with its year.
    pub fn label(self) -> Sentence {
        let message = match (self.month, self.day) {
            (Some(_), Some(_)) => "date",
            (Some(_), None) => "admin-date-month",
            (None, _) => "admin-date-year",
        };
        self.sentence(message)
    }

    /// The same, and a day without its year.
    pub fn within_month(self) -> Sentence {
        if self.day.is_some() { self.sentence("admin-date-day") } else { self.label() }
    }

    fn sentence(self, message: &'static str) -> Sentence {
        // Texts, as a number would be grouped; the month's name is chosen by its number.
        Sentence::new(message)
            .with("year", Part::Text(self.year.to_string()))
            .with("month", Part::Number(i64::from(self.month.unwrap_or_default())))
            .with("day", Part::Text(self.day.unwrap_or_default().to_string()))
    }

    pub fn of(date: NaiveDate) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }
}

/// The beginning of a day in a zone, in UTC; where the clocks skip midnight, the first moment after it.
pub fn midnight(zone: Tz, date: NaiveDate) -> NaiveDateTime {
    let begin = date.and_hms_opt(0, 0, 0).unwrap_or_default();
    zone.from_local_datetime(&begin)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(begin + chrono::TimeDelta::hours(1))).earliest())
        .map_or(begin, |moment| moment.naive_utc())
}

/// Words, and phrases in quotes, as Django's search splits them.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let end = quote.and_then(|quote| rest[1..].find(quote).map(|end| end + 1));
        let (word, after) = match end {
            Some(end) => (&rest[1..end], &rest[end + 1..]),
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        if !word.is_empty() && !word.contains('\0') {
            words.push(word.to_owned());
        }
        rest = after.trim_start();
    }
    words.truncate(32);
    words
}

/// `o=2.-1`: columns by their numbers, descending with a minus. None if one of them cannot be sorted by.
fn parse_order(order: &str, model: &dyn AdminModel) -> Option<Vec<(&'static str, bool)>> {
    let mut unique: Vec<(&'static str, bool)> = Vec::new();
    for part in order.split('.') {
        let (number, descending) = part.strip_prefix('-').map_or((part, false), |number| (number, true));
        let column = number.parse::<usize>().ok()?.checked_sub(1)?;
        let name = *model.list_display().get(column).filter(|name| model.sortable().contains(name))?;
        if !unique.iter().any(|(known, _)| *known == name) {
            unique.push((name, descending));
        }
    }
    Some(unique)
}

/// A word as a `LIKE` pattern, its own wildcards escaped with a backslash. The database is to lower its letters,
/// as it does those of the column: not every one knows lower-case letters beyond ASCII.
pub fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_words_and_quoted_phrases() {
        assert_eq!(words("  rust  'hello world' \"a b\" it's "), ["rust", "hello world", "a b", "it's"]);
        assert_eq!(words("\"open"), ["\"open"]);
        assert!(words("  ").is_empty());
    }

    #[test]
    fn a_day_is_the_zones_day() {
        let (from, until) = DatePart { year: 2026, month: Some(3), day: Some(1) }.span(chrono_tz::Asia::Seoul).unwrap();
        assert_eq!(
            (from.to_string(), until.to_string()),
            ("2026-02-28 15:00:00".to_owned(), "2026-03-01 15:00:00".to_owned())
        );
        assert!(DatePart { year: 2026, month: Some(13), day: None }.span(Tz::UTC).is_none());
    }

    #[test]
    fn wildcards_in_a_word_are_letters() {
        assert_eq!(pattern("50%_\\A"), "%50\\%\\_\\\\A%");
    }
}
