//! How a `ModelAdmin` and an `InlineModelAdmin` become what the views know of them.

mod binding;
mod inline;
mod model;
mod rows;
mod session;

use std::marker::PhantomData;

/// A registered model or inline.
pub struct Registration<A>(PhantomData<fn() -> A>);

impl<A> Registration<A> {
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<A> Default for Registration<A> {
    fn default() -> Self {
        Self::new()
    }
}
