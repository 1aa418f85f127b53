//! Texts as people read them: which are the same, which show nothing, and how one of another direction is put into a
//! sentence.

mod fold;
mod isolate;
mod visible;

pub use fold::{Fold, fold, nfc};
pub use isolate::isolate;
pub use visible::{appearance, is_blank};
