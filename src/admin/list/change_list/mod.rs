//! The page with the list of a model's objects: columns, search, filters, dates, pages, actions.

mod date_hierarchy;
mod list_filter;

use actix_web::web::Data;
use actix_web::{Either, HttpRequest};
use askama::Template;
use diesel::QueryResult;

use super::actions::{self, OfferedAction};
use crate::admin::list::change_list::date_hierarchy::{DateView, date_view};
use crate::admin::list::change_list::list_filter::{FilterView, filter_views};
use crate::admin::list::query::{ListQuery, MAX_SHOW_ALL, PER_PAGE, Params};
use crate::admin::pages::request::{AdminFrame, ModelRequest};
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::field::{FieldKind, Value};
use crate::admin::registry::registered::{FieldMeta, Record, RegisteredModel};
use crate::clock;
use crate::db::{Connection, Database, ReadTurn};
use crate::web::context::messages::Message;
use crate::web::pages::filters;
use crate::web::pages::pagination::linked_numbers;
use crate::web::{Page, Reader, Result, SeeOther};

#[derive(Template)]
#[template(path = "admin/change_list.html")]
pub struct ChangeList {
    frame: AdminFrame,
    list: List,
    params: Params,
    list_path: String,
    /// The message id of the model's name.
    model_name: &'static str,
    has_search: bool,
    has_filters: bool,
    facets: bool,
    may_add: bool,
    /// The actions that the viewer may use.
    actions: Vec<OfferedAction>,
}

impl ChangeList {
    /// The message id of the label of what some action needs to be typed; None if none does.
    fn action_input(&self) -> Option<&'static str> {
        self.actions.iter().find_map(|action| action.input)
    }
}

/// What the page needs from the database.
struct List {
    columns: Vec<ListColumn>,
    records: Vec<Record>,
    /// How many objects match the query, and how many there are.
    matching: i64,
    all: i64,
    page: i64,
    pages: i64,
    showing_all: bool,
    filters: Vec<FilterView>,
    dates: Option<DateView>,
    /// The queries of the links that show all objects, and that show or hide the counts beside filters.
    show_all: String,
    toggle_facets: String,
}

/// A column's header.
pub struct ListColumn {
    pub name: &'static str,
    pub label: &'static str,
    /// The index of its field among the model's fields.
    pub field: usize,
    pub sortable: bool,
    /// Whether its values are times, which are shown in a time zone.
    pub is_time: bool,
    /// Its position in the sort order, from 1, and whether it is descending; None if the list is not sorted by it.
    pub sorted: Option<(usize, bool)>,
    /// The queries of the links that sort by it, and that remove it from the sort order.
    pub toggle: String,
    pub remove: String,
}

impl ListColumn {
    pub fn value<'a>(&self, record: &'a Record) -> &'a Value {
        &record.values[self.field]
    }
}

/// `GET …/`: the list.
///
/// # Errors
/// `PermissionDenied` without the permission to view, or the database's error.
pub async fn list(
    request: ModelRequest,
    http: HttpRequest,
    db: Data<Database>,
) -> Result<Either<SeeOther, Page<ChangeList>>> {
    request.demand(Permission::View)?;
    let model = request.model;
    let zone = &request.admin.ambient.site.settings.time_zone;
    let params = Params::of(model, http.query_string());
    let Some(query) = params.list_query(model, clock::now(), zone) else {
        // As in Django, a query with unknown keys or values redirects to the whole list, with `e=1`. Unlike Django, a
        // message says so.
        request.admin.say(Message::warning(request.admin.text("admin-unknown-filter")));
        return Ok(Either::Left(SeeOther(format!("{}?e=1", request.list_path()))));
    };
    let asked = params.clone();
    let reader = request.admin.ambient.reader();
    let person = request.admin.staff.viewer.id;
    let list = db
        .read_in_turn(ReadTurn::User(person), move |conn| List::load(conn, model, &asked, query.clone(), &reader))
        .await?;
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
        actions: actions::offered(&request),
        params,
    })))
}

impl List {
    fn load(
        conn: &mut Connection,
        model: &'static dyn RegisteredModel,
        params: &Params,
        mut query: ListQuery,
        reader: &Reader,
    ) -> QueryResult<Self> {
        let matching = model.count(conn, &query)?;
        let unfiltered = ListQuery { now: query.now, zone: query.zone.clone(), ..ListQuery::default() };
        let all = if params.is_empty() { matching } else { model.count(conn, &unfiltered)? };
        let showing_all = params.get("all").is_some() && matching <= MAX_SHOW_ALL;
        let pages = ((matching + PER_PAGE - 1) / PER_PAGE).max(1);
        // Pages are numbered from 1, as in Django. For a number that is too high or too low the nearest page is shown.
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

    /// How many of the filters are used; the first choice of each means "all".
    pub fn filters_chosen(&self) -> i64 {
        let chosen = self.filters.iter().filter(|filter| filter.choices.first().is_some_and(|all| !all.chosen));
        i64::try_from(chosen.count()).unwrap_or(i64::MAX)
    }

    /// Whether the list has a date hierarchy to show.
    pub fn has_dates(&self) -> bool {
        self.dates.as_ref().is_some_and(|dates| dates.back.is_some() || !dates.links.is_empty())
    }

    /// Whether the page shows times, so that it names the time zone.
    pub fn has_times(&self) -> bool {
        self.columns.iter().any(|column| column.is_time)
    }

    pub fn sorted_by_many(&self) -> bool {
        self.columns.iter().filter(|column| column.sorted.is_some()).count() > 1
    }
}

impl ChangeList {
    fn page_numbers(&self) -> Vec<i64> {
        linked_numbers(self.list.page, self.list.pages)
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

fn columns(model: &dyn RegisteredModel, fields: &[FieldMeta], params: &Params, query: &ListQuery) -> Vec<ListColumn> {
    let display = model.list_display();
    // The sort order in Django's notation: column numbers from 1.
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
            Some(ListColumn {
                name: fields[field].name,
                label: fields[field].label,
                field,
                sortable: fields[field].sortable,
                is_time: matches!(fields[field].kind, FieldKind::DateTime),
                sorted,
                toggle: notation(&toggled),
                remove: notation(&rest),
            })
        })
        .collect()
}
