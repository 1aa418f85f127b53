//! Generic views: a page that lists and a page that shows one, as Django's `ListView` and `DetailView`.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use crate::clock;
use crate::db::{self, Connection, Database};
use crate::web::pages::pagination::{PageQuery, Paginated, Window};
use crate::web::{Error, Id, Page, Result};

/// In whose turn all readers ask for pages far behind: no user has this number.
const READERS: i32 = 0;

/// A page that lists objects, newest first.
pub trait ListView: Template + 'static {
    type Object: Send + 'static;
    const PAGINATE_BY: i64 = 10;

    /// The objects that are public at a time; None in the place of one that cannot be read.
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

    /// The object, if it is public at a time.
    ///
    /// # Errors
    /// `NotFound`, or if the database does not answer.
    fn object(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Self::Object>;

    fn new(object: Self::Object) -> Self;
}

/// # Errors
/// `NotFound` for a page there is not.
pub async fn list<V: ListView>(db: Data<Database>, request: HttpRequest) -> Result<Page<V>> {
    let asked = PageQuery::read(request.query_string(), V::PAGINATE_BY)?;
    let (now, window) = (clock::now(), asked.window());
    let objects = move |conn: &mut Connection| V::objects(conn, now, window);
    let objects = if asked.is_deep() {
        db.read_in_turn(READERS, objects).await.map_err(|error| match error {
            db::DatabaseError::OneAtATime => Error::Unavailable("pages far behind are read one at a time".into()),
            error => error.into(),
        })?
    } else {
        db.read(objects).await?
    };
    Ok(Page::new(V::new(Paginated::new(objects, asked, V::id)?)))
}

/// # Errors
/// `NotFound` for an object there is not.
pub async fn detail<V: DetailView>(db: Data<Database>, id: Id) -> Result<Page<V>> {
    let now = clock::now();
    let object = db.read(move |conn| V::object(conn, now, id.0)).await?;
    Ok(Page::new(V::new(object)))
}
