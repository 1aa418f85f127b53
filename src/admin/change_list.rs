//! The list of a model's objects: columns, search, filters, dates, pages, actions.

use std::collections::BTreeSet;

use actix_web::web::Data;
use actix_web::{Either, HttpRequest};
use askama::Template;
use chrono::{Datelike as _, NaiveDate, TimeZone as _};
use diesel::QueryResult;

use super::erased::{AdminModel, FieldMeta, Record};
use super::field::Value;
use super::model::{Choices, Permission};
use super::query::{Bound, DatePart, ListQuery, MAX_SHOW_ALL, PER_PAGE, Params, midnight};
use super::request::{Frame, ModelRequest};
use super::sentence::Sentence;
use crate::clock;
use crate::db::{Connection, Database};
use crate::web::messages::Message;
use crate::web::{Page, Reader, Result, SeeOther, filters};

/// The most years that are linked, of those with objects the last.
const MOST_YEARS: usize = 200;

#[derive(Template)]
#[template(path = "admin/change_list.html")]
pub struct ChangeList {
    frame: Frame,
    list: List,
    params: Params,
    list_path: String,
    /// The message of what one object is called.
    model_name: &'static str,
    has_search: bool,
    has_filters: bool,
    facets: bool,
    may_add: bool,
    /// Actions the viewer may take: name and message.
    actions: Vec<(&'static str, &'static str)>,
}

/// What a list shows, as the database gives it.
struct List {
    columns: Vec<Column>,
    records: Vec<Record>,
    /// How many match, and how many there are.
    matching: i64,
    all: i64,
    page: i64,
    pages: i64,
    showing_all: bool,
    filters: Vec<FilterView>,
    dates: Option<DateView>,
    /// Queries that show all, and that show or hide the counts beside filters.
    show_all: String,
    toggle_facets: String,
}

/// A column's head.
pub struct Column {
    pub name: &'static str,
    pub label: &'static str,
    /// The position among the fields.
    pub field: usize,
    pub sortable: bool,
    /// The place in the order, from 1, and whether descending.
    pub sorted: Option<(usize, bool)>,
    /// Queries that sort by it, and that leave it out of the order.
    pub toggle: String,
    pub remove: String,
}

impl Column {
    pub fn value<'a>(&self, record: &'a Record) -> &'a Value {
        &record.values[self.field]
    }
}

pub struct FilterView {
    pub title: &'static str,
    pub choices: Vec<FilterChoice>,
}

pub struct FilterChoice {
    /// A message, or a name out of the database.
    pub message: Option<&'static str>,
    pub name: String,
    pub query: String,
    pub chosen: bool,
    pub count: Option<i64>,
}

/// The way through years, months and days.
pub struct DateView {
    /// Back to the wider span; without a name to all dates.
    pub back: Option<(Option<Sentence>, String)>,
    pub links: Vec<(Sentence, String)>,
    pub here: Option<Sentence>,
}

/// `GET …/`
///
/// # Errors
/// `PermissionDenied`, or what the database says.
pub async fn list(
    request: ModelRequest,
    http: HttpRequest,
    db: Data<Database>,
) -> Result<Either<SeeOther, Page<ChangeList>>> {
    request.demand(Permission::View)?;
    let (model, zone) = (request.model, request.admin.ambient.site.settings.time_zone);
    let params = Params::of(model, http.query_string());
    let Some(query) = params.list_query(model, clock::now(), zone) else {
        // As Django: what cannot be asked leads to the list with a mark that nothing was narrowed; and says so.
        request.admin.say(Message::warning(request.admin.text("admin-unknown-filter")));
        return Ok(Either::Left(SeeOther(format!("{}?e=1", request.list_path()))));
    };
    let asked = params.clone();
    let reader = request.admin.ambient.reader();
    let list = db.read_aside(move |conn| List::load(conn, model, &asked, query.clone(), &reader)).await?;
    let title = if request.may(Permission::Change) { "admin-title-select" } else { "admin-title-select-view" };
    let frame = request.frame(request.admin.text_about(title, request.meta(), ""), Vec::new());
    Ok(Either::Right(Page::new(ChangeList {
        frame,
        has_filters: params.narrow(),
        facets: params.get("_facets").is_some(),
        list,
        list_path: request.list_path(),
        model_name: request.meta().verbose_name,
        has_search: model.has_search(),
        may_add: request.may(Permission::Add),
        actions: super::actions::offered(&request),
        params,
    })))
}

impl List {
    fn load(
        conn: &mut Connection,
        model: &'static dyn AdminModel,
        params: &Params,
        mut query: ListQuery,
        reader: &Reader,
    ) -> QueryResult<Self> {
        let matching = model.count(conn, &query)?;
        let unfiltered = ListQuery { now: query.now, zone: query.zone, ..ListQuery::default() };
        let all = if params.is_empty() { matching } else { model.count(conn, &unfiltered)? };
        let showing_all = params.get("all").is_some() && matching <= MAX_SHOW_ALL;
        let pages = ((matching + PER_PAGE - 1) / PER_PAGE).max(1);
        // Django's pages are numbered from 1; one that is not there is the nearest that is.
        let page = params.get("p").and_then(|page| page.parse::<i64>().ok()).unwrap_or(1).clamp(1, pages);
        if !showing_all {
            query.offset = (page - 1) * PER_PAGE;
            query.limit = Some(PER_PAGE);
        }
        let fields = model.fields();
        Ok(Self {
            columns: columns(model, &fields, params, &query),
            records: model.records(conn, &query)?,
            filters: filter_views(conn, model, params, &query, reader)?,
            dates: date_view(conn, model, params, &query)?,
            show_all: params.with(&[("all", Some(""))]),
            toggle_facets: params.with(&[("_facets", params.get("_facets").is_none().then_some("True"))]),
            matching,
            all,
            page,
            pages,
            showing_all,
        })
    }

    pub fn on_page(&self) -> i64 {
        i64::try_from(self.records.len()).unwrap_or(i64::MAX)
    }

    pub fn can_show_all(&self) -> bool {
        !self.showing_all && self.pages > 1 && self.matching <= MAX_SHOW_ALL
    }

    /// How many of the filters narrow the list; the first choice of each is all.
    pub fn filters_chosen(&self) -> i64 {
        let chosen = self.filters.iter().filter(|filter| filter.choices.first().is_some_and(|all| !all.chosen));
        i64::try_from(chosen.count()).unwrap_or(i64::MAX)
    }

    pub fn sorted_by_many(&self) -> bool {
        self.columns.iter().filter(|column| column.sorted.is_some()).count() > 1
    }
}

impl ChangeList {
    /// The page numbers that are linked: the ends, those around this one, and 0 for a gap.
    fn page_numbers(&self) -> Vec<i64> {
        let (page, pages) = (self.list.page, self.list.pages);
        let linked = [1, 2, pages - 1, pages].into_iter().chain(page - 2..=page + 2);
        let linked: BTreeSet<i64> = linked.filter(|number| (1..=pages).contains(number)).collect();
        let mut numbers = Vec::new();
        for number in linked {
            if numbers.last().is_some_and(|last| *last < number - 1) {
                numbers.push(0);
            }
            numbers.push(number);
        }
        numbers
    }

    fn object_path(&self, pk: i64) -> String {
        let filters = self.params.encode();
        if filters.is_empty() {
            format!("{}{pk}/change/", self.list_path)
        } else {
            format!("{}{pk}/change/?_changelist_filters={}", self.list_path, self.params.as_value())
        }
    }

    fn page_query(&self, page: i64) -> String {
        self.params.with(&[("p", Some(&page.to_string()))])
    }
}

fn columns(model: &dyn AdminModel, fields: &[FieldMeta], params: &Params, query: &ListQuery) -> Vec<Column> {
    let display = model.list_display();
    // The order in Django's notation, by column numbers from 1.
    let number = |name: &str| display.iter().position(|other| *other == name).map_or(0, |index| index + 1);
    let notation = |order: &[(usize, bool)]| {
        let parts: Vec<_> = order
            .iter()
            .map(|(column, descending)| format!("{}{column}", if *descending { "-" } else { "" }))
            .collect();
        params.with(&[("o", (!parts.is_empty()).then(|| parts.join(".")).as_deref())])
    };
    let order: Vec<(usize, bool)> = query.order.iter().map(|(name, descending)| (number(name), *descending)).collect();
    display
        .iter()
        .enumerate()
        .filter_map(|(index, name)| {
            let field = fields.iter().position(|field| field.name == *name)?;
            let place = order.iter().position(|(column, _)| *column == index + 1);
            let sorted = place.map(|place| (place + 1, order[place].1));
            let rest: Vec<_> = order.iter().copied().filter(|(column, _)| *column != index + 1).collect();
            let mut toggled = vec![(index + 1, sorted.is_some_and(|(_, descending)| !descending))];
            toggled.extend(&rest);
            Some(Column {
                name: fields[field].name,
                label: fields[field].label,
                field,
                sortable: model.sortable().contains(name),
                sorted,
                toggle: notation(&toggled),
                remove: notation(&rest),
            })
        })
        .collect()
}

fn filter_views(
    conn: &mut Connection,
    model: &dyn AdminModel,
    params: &Params,
    query: &ListQuery,
    reader: &Reader,
) -> QueryResult<Vec<FilterView>> {
    let facets = params.get("_facets").is_some();
    let mut views = Vec::new();
    for filter in model.list_filter() {
        let chosen = params.get(filter.key);
        let options: Vec<(String, Option<&'static str>, String)> = match filter.choices {
            Choices::Fixed(choices) => {
                choices.iter().map(|(value, message)| ((*value).to_owned(), Some(*message), String::new())).collect()
            }
            Choices::Options(read) => {
                read(conn, Some(reader))?.into_iter().map(|(id, name)| (id.to_string(), None, name)).collect()
            }
        };
        let is_empty = filter.empty.filter(|key| params.get(key).is_some());
        let dates = params.date_keys(filter);
        // Without the filter, or with another value of it.
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

/// Years that have objects, then the months of one, then its days.
fn date_view(
    conn: &mut Connection,
    model: &dyn AdminModel,
    params: &Params,
    query: &ListQuery,
) -> QueryResult<Option<DateView>> {
    let Some(name) = model.date_hierarchy() else {
        return Ok(None);
    };
    let part = params.date_part(model).flatten().map(|(_, part)| part);
    let key = |unit: &str| format!("{name}__{unit}");
    let (year, month, day) = (key("year"), key("month"), key("day"));
    let link = |part: Option<DatePart>| {
        let text = |number: Option<u32>| number.map(|number| number.to_string());
        let (y, m, d) = (
            part.map(|part| part.year.to_string()),
            text(part.and_then(|part| part.month)),
            text(part.and_then(|part| part.day)),
        );
        params.with(&[(&year, y.as_deref()), (&month, m.as_deref()), (&day, d.as_deref())])
    };
    let whole = ListQuery { span: Vec::new(), offset: 0, limit: None, ..query.clone() };
    let candidates: Vec<DatePart> = match part {
        None => years(conn, model, name, &whole)?,
        Some(DatePart { year, month: None, .. }) => {
            (1..=12).map(|month| DatePart { year, month: Some(month), day: None }).collect()
        }
        Some(DatePart { year, month, day: None }) => {
            (1..=31).map(|day| DatePart { year, month, day: Some(day) }).collect()
        }
        Some(_) => Vec::new(),
    };
    let mut links = Vec::new();
    for candidate in candidates {
        let Some(span) = candidate.bounds(name, query.zone) else { continue };
        if part.is_none() || model.count(conn, &ListQuery { span: span.to_vec(), ..whole.clone() })? > 0 {
            links.push((candidate.within_month(), link(Some(candidate))));
        }
    }
    let back = part.map(|part| match part {
        DatePart { month: None, .. } => (None, link(None)),
        DatePart { day: None, year, .. } => {
            let wider = DatePart { year, month: None, day: None };
            (Some(wider.label()), link(Some(wider)))
        }
        DatePart { year, month, .. } => {
            let wider = DatePart { year, month, day: None };
            (Some(wider.label()), link(Some(wider)))
        }
    });
    Ok(Some(DateView { back, links, here: part.map(DatePart::within_month) }))
}

/// The years that have objects, in order: from each to the last object before it, so that years without any cost
/// nothing.
fn years(
    conn: &mut Connection,
    model: &dyn AdminModel,
    name: &'static str,
    query: &ListQuery,
) -> QueryResult<Vec<DatePart>> {
    let index = model.fields().iter().position(|field| field.name == name).unwrap_or(0);
    let mut last = ListQuery { order: vec![(name, true)], limit: Some(1), ..query.clone() };
    let mut years = Vec::new();
    while years.len() < MOST_YEARS {
        let Some(record) = model.records(conn, &last)?.pop() else { break };
        let Value::DateTime(utc) = record.values[index] else { break };
        let year = query.zone.from_utc_datetime(&utc).year();
        let Some(first_day) = NaiveDate::from_ymd_opt(year, 1, 1) else { break };
        years.push(DatePart { year, month: None, day: None });
        last.span = vec![(name, Bound::Before(midnight(query.zone, first_day)))];
    }
    years.reverse();
    Ok(years)
}
