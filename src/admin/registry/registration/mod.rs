//! Implements the traits that the views use ([`super::registered`]) for every `ModelAdmin` and `InlineModelAdmin`.

mod binding;
mod inline;
mod model;
mod rows;
mod session;

use std::marker::PhantomData;

/// A registered model or inline. It has no data; `A` is the feature's implementation.
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
