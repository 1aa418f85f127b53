//! Lists a page at a time, without counting what is not shown.

use super::{Error, Result};

/// The part of a list that a query fetches.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub offset: i64,
    /// One more than is shown, to learn whether there is a next page.
    pub limit: i64,
}

/// A page of a list.
pub struct Paginated<T> {
    pub objects: Vec<T>,
    pub number: i64,
    pub has_next: bool,
}

/// The page asked for by `?page=`, from 1.
///
/// # Errors
/// `NotFound` for what is no page number, as Django's `ListView` answers.
pub fn number(query: &str) -> Result<i64> {
    match form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "page").last() {
        None => Ok(1),
        Some((_, text)) => {
            text.parse().ok().filter(|number| (1..=1_000_000_000).contains(number)).ok_or(Error::NotFound)
        }
    }
}

impl Window {
    pub fn of_page(number: i64, size: i64) -> Self {
        Self { offset: (number - 1) * size, limit: size + 1 }
    }
}

impl<T> Paginated<T> {
    /// Of what a window has, where None is not shown.
    ///
    /// # Errors
    /// `NotFound` for a page behind the last one.
    pub fn new(mut objects: Vec<Option<T>>, number: i64, size: i64) -> Result<Self> {
        if objects.is_empty() && number > 1 {
            return Err(Error::NotFound);
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let has_next = objects.len() > size;
        objects.truncate(size);
        Ok(Self { objects: objects.into_iter().flatten().collect(), number, has_next })
    }

    pub fn has_other_pages(&self) -> bool {
        self.has_next || self.number > 1
    }
}
