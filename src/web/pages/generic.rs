//! Generic views: a page that lists objects and a page that shows one, as Django's `ListView` and `DetailView`.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use crate::clock;
use crate::db::{self, Connection, Database};
use crate::web::pages::pagination::{PageQuery, Paginated, Window};
use crate::web::{Error, Id, Page, Result};

/// The user number under which all readers share one turn for what takes long ([`Database::read_in_turn`]). No user has
/// this number.
const READERS: i32 = 0;

/// A page that lists objects, newest first.
pub trait ListView: Template + 'static {
    type Object: Send + 'static;
    const PAGINATE_BY: i64 = 10;

    /// The objects that are public at `now`, within the window; None in place of a row that cannot be read.
    ///
    /// # Errors
    /// If the database does not answer.
    fn objects(conn: &mut Connection, now: NaiveDateTime, window: Window) -> QueryResult<Vec<Option<Self::Object>>>;

    fn id(object: &Self::Object) -> i64;

    fn new(page: Paginated<Self::Object>) -> Self;
}

/// A page that shows one object.
pub trait DetailView: Template + 'static {
    type Object: Send + 'static;

    /// The object, if it is public at `now`.
    ///
    /// # Errors
    /// `NotFound` if there is no such public object; another error if the database does not answer.
    fn object(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Self::Object>;

    fn new(object: Self::Object) -> Self;
}

/// # Errors
/// `NotFound` if there is no such page; `Unavailable` if the database does not answer or another page far behind is
/// being read.
pub async fn list<V: ListView>(db: Data<Database>, request: HttpRequest) -> Result<Page<V>> {
    let asked = PageQuery::read(request.query_string(), V::PAGINATE_BY)?;
    let (now, window) = (clock::now(), asked.window());
    let objects = move |conn: &mut Connection| V::objects(conn, now, window);
    let objects = if asked.is_deep() { read_for_readers(&db, objects).await? } else { db.read(objects).await? };
    Ok(Page::new(V::new(Paginated::new(objects, asked, V::id)?)))
}

/// # Errors
/// `NotFound` if there is no such public object; another error if the database does not answer.
pub async fn detail<V: DetailView>(db: Data<Database>, id: Id) -> Result<Page<V>> {
    let now = clock::now();
    let object = db.read(move |conn| V::object(conn, now, id.0)).await?;
    Ok(Page::new(V::new(object)))
}

/// Reads what takes long, such as a search or a page far behind. All readers together have one such read at a time.
///
/// # Errors
/// `Unavailable` if the database does not answer or the turn does not come; `TooSlow` if the read takes too long.
pub async fn read_for_readers<T, F>(db: &Database, query: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
{
    db.read_in_turn(READERS, query).await.map_err(|error| match error {
        db::DatabaseError::OneAtATime => Error::Unavailable("what takes long is read one at a time".into()),
        error => error.into(),
    })
}
