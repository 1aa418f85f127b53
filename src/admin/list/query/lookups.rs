//! Reads the filters of a list from its query string, in Django's notation: `question__id__exact=3`,
//! `pub_date__gte=2026-03-01`, `id__in=1,2`.

use super::dates::DateBound;
use super::params::Params;
use crate::admin::list::query::dates::LOOKUPS;
use crate::admin::registry::descriptors::{Filter, FilterChoices};
use crate::admin::registry::field::FieldKind;
use crate::admin::registry::registered::RegisteredModel;
use crate::clock::TimeZone;

/// Django's own keys, which are not lookups.
const OWN: [&str; 9] = ["e", "q", "o", "p", "all", "_facets", "_changelist_filters", "_popup", "_to_field"];

#[derive(Default)]
pub(super) struct Lookups {
    pub filters: Vec<(&'static str, String)>,
    pub bounds: Vec<(&'static str, DateBound)>,
    pub ids: Option<Vec<i64>>,
}

impl Lookups {
    /// None if a key is not one of the model's, or a value is not valid.
    pub fn read(params: &Params, model: &dyn RegisteredModel, zone: &TimeZone) -> Option<Self> {
        let hierarchy = model.date_hierarchy();
        let mut lookups = Self::default();
        for (name, value) in params.iter() {
            let part = hierarchy.and_then(|field| name.strip_prefix(field));
            if OWN.contains(&name) || matches!(part, Some("__year" | "__month" | "__day")) {
                continue;
            }
            let known = |filter: &&Filter| filter.key == name || filter.empty == Some(name);
            match model.list_filter().iter().find(known) {
                Some(filter) => lookups.filters.push(read_filter(filter, name, value)?),
                None => lookups.read_field(model, name, value, zone)?,
            }
        }
        Some(lookups)
    }

    /// Reads a lookup on a field of the model. Of Django's lookups it knows those on dates and those on the id.
    fn read_field(&mut self, model: &dyn RegisteredModel, name: &str, value: &str, zone: &TimeZone) -> Option<()> {
        let (field, lookup) = name.split_once("__").unwrap_or((name, "exact"));
        match (field, lookup) {
            ("id" | "pk", "exact") => self.narrow_ids(vec![value.parse().ok()?]),
            ("id" | "pk", "in") => {
                self.narrow_ids(value.split(',').map(|id| id.trim().parse().ok()).collect::<Option<_>>()?);
            }
            _ => {
                let field = date_field(model, field).filter(|_| LOOKUPS.contains(&lookup))?;
                self.bounds.extend(DateBound::read(lookup, value, zone)?.into_iter().map(|bound| (field, bound)));
            }
        }
        Some(())
    }

    fn narrow_ids(&mut self, mut ids: Vec<i64>) {
        if let Some(known) = &self.ids {
            ids.retain(|id| known.contains(id));
        }
        self.ids = Some(ids);
    }
}

fn read_filter(filter: &Filter, name: &str, value: &str) -> Option<(&'static str, String)> {
    let (key, known) = match (filter.empty.filter(|key| *key == name), filter.choices) {
        (Some(key), _) => (key, value == "True"),
        (None, FilterChoices::Fixed(choices)) => (filter.key, choices.iter().any(|(known, _)| *known == value)),
        (None, FilterChoices::Options(_)) => (filter.key, value.parse::<i64>().is_ok()),
    };
    known.then(|| (key, value.to_owned()))
}

fn date_field(model: &dyn RegisteredModel, name: &str) -> Option<&'static str> {
    let fields = model.fields().into_iter();
    fields
        .filter(|field| field.is_column && matches!(field.kind, FieldKind::DateTime))
        .map(|field| field.name)
        .find(|field| *field == name)
}

impl Params {
    /// The query string of a model's list. Django accepts several spellings of one filter (`question`,
    /// `question__exact`, `question__id`); they are all renamed to the one that the list's own links use.
    pub fn of(model: &dyn RegisteredModel, query: &str) -> Self {
        let known = |name: &str| {
            let filters = model.list_filter().iter();
            filters.map(|filter| filter.key).find(|key| *key != stem(key) && stem(key) == stem(name))
        };
        Self::parse(query).rename(known)
    }

    /// The keys with which Django's date filter limits a filter's field to a period.
    pub fn date_keys(&self, filter: &Filter) -> Vec<&str> {
        let is_lookup = |name: &&str| {
            let lookup = name.strip_prefix(filter.key).and_then(|rest| rest.strip_prefix("__"));
            lookup.is_some_and(|lookup| LOOKUPS.contains(&lookup))
        };
        self.iter().map(|(name, _)| name).filter(is_lookup).collect()
    }
}

fn stem(key: &str) -> &str {
    let key = key.strip_suffix("__exact").unwrap_or(key);
    key.strip_suffix("__id").or_else(|| key.strip_suffix("__pk")).unwrap_or(key)
}
