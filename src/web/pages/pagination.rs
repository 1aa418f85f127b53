//! Lists a page at a time, without counting what is not shown.

use crate::web::{Error, Result};

/// The last page that is found by counting the objects before it. The pages behind it are found by an object on the
/// page that leads there, so that each costs the same.
const LAST_COUNTED: i64 = 100;

/// The part of a list that a query fetches.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub start: Start,
    /// One more than is shown, to learn whether there is a next page.
    pub limit: i64,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    Offset(i64),
    /// Behind the object of this id.
    After(i64),
    /// So that it ends before the object of this id.
    Before(i64),
}

/// A page that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct PageQuery {
    number: i64,
    size: i64,
    start: Start,
}

/// A page of a list.
pub struct Paginated<T> {
    pub objects: Vec<T>,
    pub number: i64,
    pub has_next: bool,
    /// The ids of the first and the last object.
    ends: Option<(i64, i64)>,
}

impl PageQuery {
    /// The page asked for by `?page=`, from 1.
    ///
    /// # Errors
    /// `NotFound` for what is no page number, as Django's `ListView` answers.
    pub fn read(query: &str, size: i64) -> Result<Self> {
        let number = value(query, "page", 1..=1_000_000_000)?.unwrap_or(1);
        let anchor = |key| if number > LAST_COUNTED { value(query, key, 0..=i64::MAX) } else { Ok(None) };
        let start = match (anchor("after")?, anchor("before")?) {
            (Some(id), _) => Start::After(id),
            (None, Some(id)) => Start::Before(id),
            (None, None) => Start::Offset((number - 1) * size),
        };
        Ok(Self { number, size, start })
    }

    pub fn window(&self) -> Window {
        // Before an object there is always a next page.
        let more = i64::from(!matches!(self.start, Start::Before(_)));
        Window { start: self.start, limit: self.size + more }
    }

    /// Whether many objects have to be counted for it: somebody has written its number into the address.
    pub fn is_deep(&self) -> bool {
        self.number > LAST_COUNTED && matches!(self.start, Start::Offset(_))
    }
}

fn value(query: &str, key: &str, known: std::ops::RangeInclusive<i64>) -> Result<Option<i64>> {
    match form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == key).last() {
        None => Ok(None),
        Some((_, text)) => text.parse().ok().filter(|number| known.contains(number)).map(Some).ok_or(Error::NotFound),
    }
}

impl<T> Paginated<T> {
    /// Of what a window has, where None is not shown.
    ///
    /// # Errors
    /// `NotFound` for a page behind the last one.
    pub fn new(mut objects: Vec<Option<T>>, asked: PageQuery, id: impl Fn(&T) -> i64) -> Result<Self> {
        let PageQuery { number, size, start } = asked;
        if objects.is_empty() && number > 1 {
            return Err(Error::NotFound);
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let has_next = objects.len() > size || matches!(start, Start::Before(_));
        objects.truncate(size);
        let objects: Vec<T> = objects.into_iter().flatten().collect();
        let ends = objects.first().map(&id).zip(objects.last().map(&id));
        Ok(Self { objects, number, has_next, ends })
    }

    pub fn has_other_pages(&self) -> bool {
        self.has_next || self.number > 1
    }

    /// The query of the page before.
    pub fn previous(&self) -> String {
        let number = self.number - 1;
        match self.ends {
            Some((first, _)) if number > LAST_COUNTED => format!("?page={number}&before={first}"),
            _ => format!("?page={number}"),
        }
    }

    /// The query of the next page.
    pub fn next(&self) -> String {
        let number = self.number + 1;
        match self.ends {
            Some((_, last)) if number > LAST_COUNTED => format!("?page={number}&after={last}"),
            _ => format!("?page={number}"),
        }
    }
}
