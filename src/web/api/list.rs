//! Lists in parts, with the members of Django REST framework's `LimitOffsetPagination`.

use serde::Serialize;
use utoipa::ToSchema;

use crate::web::api::parameters::ApiParameters;
use crate::web::pages::pagination::{Start, Window};
use crate::web::{Ambient, paths};

/// How many objects a part has if the client does not say, and at most.
const PER_PART: i64 = 100;
const MOST_PER_PART: i64 = 1000;

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiList<T: ToSchema> {
    /// How many objects the whole list has.
    #[schema(minimum = 0)]
    count: i64,
    /// The address of the next part.
    #[schema(required)]
    next: Option<String>,
    /// The address of the part before.
    #[schema(required)]
    previous: Option<String>,
    results: Vec<T>,
}

/// Which part of a list is asked for.
#[derive(Debug, Clone)]
pub struct ApiWindow {
    limit: i64,
    offset: i64,
    /// The address of the list with the parameters that stay.
    base: String,
}

impl ApiWindow {
    /// Reads `limit` and `offset` for the list at a path of this site. A `limit` above 1000 is taken for 1000.
    pub fn read(parameters: &mut ApiParameters<'_>, ambient: &Ambient, path: &str) -> Self {
        let limit = parameters.integer("limit", 1..).unwrap_or(PER_PART).min(MOST_PER_PART);
        let offset = parameters.integer("offset", 0..).unwrap_or(0);
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in parameters.without(&["limit", "offset"]) {
            query.append_pair(name, value);
        }
        let (address, kept) = (absolute(ambient, path), query.finish());
        let separator = if kept.is_empty() { "" } else { "&" };
        Self { limit, offset, base: format!("{address}?{kept}{separator}") }
    }

    /// The rows to read.
    pub fn window(&self) -> Window {
        Window { start: Start::Offset(self.offset), limit: self.limit }
    }

    pub fn part<T: ToSchema>(&self, count: i64, results: Vec<T>) -> ApiList<T> {
        let Self { limit, offset, base } = self;
        let link = |offset: i64| match offset {
            0 => format!("{base}limit={limit}"),
            offset => format!("{base}limit={limit}&offset={offset}"),
        };
        let next = offset.checked_add(*limit).filter(|next| *next < count).map(link);
        let previous = (*offset > 0).then(|| link((offset - limit).max(0)));
        ApiList { count, next, previous, results }
    }
}

/// The address of a path of this site as other programs need it.
pub fn absolute(ambient: &Ambient, path: &str) -> String {
    format!("{}{}", ambient.origin(), ambient.site.url(path))
}

/// The addresses of the API, for [`paths::API`].
pub fn addresses<'a>(ambient: &Ambient, known: impl Iterator<Item = &'a String>) -> Vec<String> {
    let plain = known.filter(|path| !path.contains('{') && path.starts_with(paths::API));
    plain.map(|path| absolute(ambient, path)).collect()
}
