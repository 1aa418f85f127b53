//! The filters beside a list, each with its choices.

use diesel::QueryResult;

use crate::admin::list::query::{ListQuery, Params};
use crate::admin::registry::descriptors::FilterChoices;
use crate::admin::registry::registered::RegisteredModel;
use crate::db::Connection;
use crate::web::Reader;

pub struct FilterView {
    pub title: &'static str,
    pub choices: Vec<FilterChoice>,
}

pub struct FilterChoice {
    /// The message id of the choice; None for a name from the database.
    pub message: Option<&'static str>,
    pub name: String,
    pub query: String,
    pub chosen: bool,
    pub count: Option<i64>,
}

pub(super) fn filter_views(
    conn: &mut Connection,
    model: &dyn RegisteredModel,
    params: &Params,
    query: &ListQuery,
    reader: &Reader,
) -> QueryResult<Vec<FilterView>> {
    let facets = params.get("_facets").is_some();
    let mut views = Vec::new();
    for filter in model.list_filter() {
        let chosen = params.get(filter.key);
        let options: Vec<(String, Option<&'static str>, String)> = match filter.choices {
            FilterChoices::Fixed(choices) => {
                choices.iter().map(|(value, message)| ((*value).to_owned(), Some(*message), String::new())).collect()
            }
            FilterChoices::Options(read) => {
                let offered = read(conn, Some(reader))?.into_iter().map(|(id, name)| (id.to_string(), None, name));
                let mut options: Vec<_> = offered.collect();
                // The chosen value may not be among the offered choices, if there are many; then it is shown by its id.
                if let Some(value) = chosen.filter(|value| options.iter().all(|(option, _, _)| option != value)) {
                    options.push((value.to_owned(), None, value.to_owned()));
                }
                options
            }
        };
        let is_empty = filter.empty.filter(|key| params.get(key).is_some());
        let dates = params.date_keys(filter);
        // The query without the filter, or with another value of it.
        let asking = |asked: Option<(&'static str, &str)>| {
            let keys = std::iter::once(filter.key).chain(filter.empty).chain(dates.iter().copied());
            let value = |key| asked.filter(|(asked, _)| *asked == key).map(|(_, value)| value);
            params.with(&keys.map(|key| (key, value(key))).collect::<Vec<_>>())
        };
        let mut choices = vec![FilterChoice {
            message: Some("admin-filter-any"),
            name: String::new(),
            query: asking(None),
            chosen: chosen.is_none() && is_empty.is_none() && dates.is_empty(),
            count: None,
        }];
        let options = options.into_iter().map(|(value, message, name)| (filter.key, value, message, name));
        let empty = filter.empty.map(|key| (key, "True".to_owned(), Some("admin-filter-empty"), String::new()));
        for (key, value, message, name) in options.chain(empty) {
            let count = if facets {
                let mut narrowed = ListQuery { offset: 0, limit: None, ..query.clone() };
                narrowed.filters.retain(|(key, _)| *key != filter.key && Some(*key) != filter.empty);
                narrowed.filters.push((key, value.clone()));
                narrowed.bounds.retain(|(field, _)| *field != filter.key);
                Some(model.count(conn, &narrowed)?)
            } else {
                None
            };
            choices.push(FilterChoice {
                message,
                name,
                query: asking(Some((key, &value))),
                chosen: params.get(key) == Some(value.as_str()),
                count,
            });
        }
        views.push(FilterView { title: filter.title, choices });
    }
    Ok(views)
}
