//! Builds the SQL queries of a list from the model's columns and its description.

use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{ExpressionMethods as _, QueryResult};

use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::{ModelField, SortKey};
use crate::admin::registry::model_admin::{self, ColumnsOf, ModelAdmin, Query, TableOf};
use crate::admin::registry::registered::FieldMeta;
use crate::admin::registry::table::{ColumnsByName, OrderBy, TableRow};
use crate::db::{self, Connection};

/// The rows that a query finds, without an order.
pub(super) fn found<A: ModelAdmin>(query: &ListQuery) -> Query<'_, A> {
    let mut rows = A::queryset();
    if !query.words.is_empty() {
        rows = A::Columns::filter(rows, Box::new(db::in_time()));
    }
    for word in &query.words {
        rows = model_admin::search::<A>(rows, word);
    }
    for (key, value) in &query.filters {
        rows = A::filter(rows, key, value, query);
    }
    for (field, bound) in query.dates() {
        if let Some(condition) = ColumnsOf::<A>::within(field, bound) {
            rows = A::Columns::filter(rows, condition);
        }
    }
    match &query.ids {
        Some(pks) => A::Columns::with_pks(rows, pks),
        None => rows,
    }
}

/// The rows that a query finds, in the query's order.
pub(super) fn ordered<A: ModelAdmin>(query: &ListQuery) -> Query<'_, A> {
    let mut rows = found::<A>(query);
    for (name, descending) in &query.order {
        let field = A::fields().iter().find(|field| field.name == *name);
        for order in field.and_then(|field| order_by::<A>(field, *descending)).into_iter().flatten() {
            rows = A::Columns::then_order_by(rows, order);
        }
    }
    A::Columns::newest_first(rows)
}

/// The objects on the query's page.
pub(super) fn page<A: ModelAdmin>(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<A::Row>> {
    let rows = A::Columns::page(conn, ordered::<A>(query), query.offset, query.most())?;
    A::annotate(conn, rows)
}

pub(super) fn ids<A: ModelAdmin>(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
    A::Columns::pks(conn, ordered::<A>(query))
}

/// The column with a field's value: it has the field's name or, for a relation, that name with `_id`, as in Django.
fn column<A: ModelAdmin>(name: &str) -> Option<&'static str> {
    let of_relation = |column: &str| column.strip_suffix("_id") == Some(name);
    let columns = A::Columns::columns();
    let own = columns.iter().find(|column| **column == name);
    own.or_else(|| columns.iter().find(|column| of_relation(column))).copied()
}

/// The ORDER BY expressions for a field; None if a list cannot be sorted by it.
fn order_by<A: ModelAdmin>(field: &ModelField<A::Row>, descending: bool) -> Option<Vec<OrderBy<TableOf<A>>>> {
    let by_column = |column: &str| ColumnsOf::<A>::order_by(column, descending);
    Some(match field.sort_key {
        SortKey::Own => vec![by_column(column::<A>(field.name)?)?],
        SortKey::OwnEmptyLast => {
            let column = column::<A>(field.name)?;
            vec![ColumnsOf::<A>::empty_last(column, descending)?, by_column(column)?]
        }
        SortKey::Column(column) => vec![by_column(column)?],
        SortKey::Expression(expression) if descending => vec![Box::new(sql::<Text>(expression).desc())],
        SortKey::Expression(expression) => vec![Box::new(sql::<Text>(expression).asc())],
        SortKey::None => return None,
    })
}

pub(super) fn metas<A: ModelAdmin>(fields: &'static [ModelField<A::Row>]) -> Vec<FieldMeta> {
    let meta = |field: &ModelField<A::Row>| FieldMeta {
        name: field.name,
        label: field.label,
        help: field.help,
        autocomplete: field.autocomplete,
        kind: field.kind,
        related: field.related,
        required: field.required,
        editable: field.set.is_some(),
        restored: field.set.or(field.restore).is_some(),
        sortable: order_by::<A>(field, false).is_some(),
        is_column: column::<A>(field.name).is_some(),
    };
    fields.iter().map(meta).collect()
}

/// Contradictions between a model's description and the columns of its table.
pub(super) fn faults<A: ModelAdmin>() -> Vec<String> {
    let mut faults = Vec::new();
    for field in A::fields() {
        let has_column = column::<A>(field.name).is_some();
        if !matches!(field.sort_key, SortKey::Own | SortKey::None) && order_by::<A>(field, false).is_none() {
            faults.push(format!("{} is sorted by a column that the table does not have", field.name));
        }
        if field.is_searched && !has_column {
            faults.push(format!("{} is searched, and is no column of the table", field.name));
        }
    }
    if (A::may_be_added() || A::may_be_changed()) && !A::Columns::IS_WRITTEN {
        faults.push("it can be edited, and its rows can be neither locked nor written".to_owned());
    }
    if A::can_be_undone() {
        faults.extend(forgotten::<A>().map(|column| format!("it can be undone, and no field brings {column} back")));
    }
    faults
}

/// The columns that would be lost if an object were deleted and restored.
fn forgotten<A: ModelAdmin>() -> impl Iterator<Item = &'static str> {
    let is_kept = |field: &ModelField<A::Row>| field.set.or(field.restore).is_some() && field.kind.is_data();
    let kept: Vec<_> =
        A::fields().iter().filter(|field| is_kept(field)).filter_map(|field| column::<A>(field.name)).collect();
    let columns = A::Columns::columns().into_iter();
    columns.filter(move |column| *column != "id" && !kept.contains(column) && !A::RESTORED_APART.contains(column))
}
