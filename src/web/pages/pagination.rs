//! Pagination without counting all objects of a list.

use std::collections::BTreeSet;

use crate::web::{Error, Result};

/// Up to this page number a page is found by skipping the objects before it (`OFFSET`). Later pages are found by the id
/// of an object on the neighbouring page, so that each costs the same.
const LAST_COUNTED: i64 = 100;

/// The part of a list that a query reads.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub start: Start,
    /// The number of rows to read: one more than the page shows, to find out whether there is a next page.
    pub limit: i64,
}

/// The position of a page in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    Offset(i64),
    /// The page begins after the object of this id.
    After(i64),
    /// The page ends before the object of this id.
    Before(i64),
}

/// The page that a request asks for.
#[derive(Debug, Clone, Copy)]
pub struct PageQuery {
    number: i64,
    size: i64,
    start: Start,
}

/// One page of a list.
pub struct Paginated<T> {
    pub objects: Vec<T>,
    pub number: i64,
    pub has_next: bool,
    /// The ids of the first and the last object.
    ends: Option<(i64, i64)>,
    /// What the query strings of the other pages begin with.
    kept: String,
}

impl PageQuery {
    /// Reads `?page=`, from 1, and `after` or `before`.
    ///
    /// # Errors
    /// `NotFound` if a value is not a valid number, as in Django's `ListView`.
    pub fn read(query: &str, size: i64) -> Result<Self> {
        let number = page_number(query)?;
        let anchor = |key| if number > LAST_COUNTED { value(query, key, 0..=i64::MAX) } else { Ok(None) };
        let start = match (anchor("after")?, anchor("before")?) {
            (Some(id), _) => Start::After(id),
            (None, Some(id)) => Start::Before(id),
            (None, None) => Start::Offset((number - 1) * size),
        };
        Ok(Self { number, size, start })
    }

    pub fn window(&self) -> Window {
        // The object that follows is on the next page, so there is always one.
        let more = i64::from(!matches!(self.start, Start::Before(_)));
        Window { start: self.start, limit: self.size + more }
    }

    /// The same page, found by skipping the objects before it: for a list that is not in the order of its ids.
    #[must_use]
    pub fn counted(self) -> Self {
        Self { start: Start::Offset((self.number - 1) * self.size), ..self }
    }

    /// Whether the database has to skip many objects. No link leads to such an address; somebody typed the number.
    pub fn is_deep(&self) -> bool {
        self.number > LAST_COUNTED && matches!(self.start, Start::Offset(_))
    }
}

/// Reads `?page=`, from 1.
///
/// # Errors
/// `NotFound` if the value is not a valid number, as in Django's `ListView`.
pub fn page_number(query: &str) -> Result<i64> {
    Ok(value(query, "page", 1..=1_000_000_000)?.unwrap_or(1))
}

/// The page numbers to link: the first and last ones, and those around this page. 0 stands for a gap.
pub fn linked_numbers(page: i64, pages: i64) -> Vec<i64> {
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

fn value(query: &str, key: &str, known: std::ops::RangeInclusive<i64>) -> Result<Option<i64>> {
    match form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == key).last() {
        None => Ok(None),
        Some((_, text)) => text.parse().ok().filter(|number| known.contains(number)).map(Some).ok_or(Error::NotFound),
    }
}

impl<T> Paginated<T> {
    /// The page made of the rows of a window; None stands for a row that is not shown.
    ///
    /// # Errors
    /// `NotFound` if the page is after the last one.
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
        Ok(Self { objects, number, has_next, ends, kept: String::new() })
    }

    /// Keeps these parameters, such as `q=rust&`, in the links to the other pages.
    #[must_use]
    pub fn keeping(self, kept: String) -> Self {
        Self { kept, ..self }
    }

    pub fn has_other_pages(&self) -> bool {
        self.has_next || self.number > 1
    }

    /// The query string of the previous page.
    pub fn previous(&self) -> String {
        let (number, kept) = (self.number - 1, &self.kept);
        match self.ends {
            Some((first, _)) if number > LAST_COUNTED => format!("?{kept}page={number}&before={first}"),
            _ => format!("?{kept}page={number}"),
        }
    }

    /// The query string of the next page.
    pub fn next(&self) -> String {
        let (number, kept) = (self.number + 1, &self.kept);
        match self.ends {
            Some((_, last)) if number > LAST_COUNTED => format!("?{kept}page={number}&after={last}"),
            _ => format!("?{kept}page={number}"),
        }
    }
}
