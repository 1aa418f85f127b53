//! Unicode texts as people see them: which are equal, which are blank, and how a right-to-left text is put into a
//! sentence.

mod fold;
mod isolate;
pub mod paragraphs;
mod visible;

pub use fold::{Fold, fold, nfc};
pub use isolate::isolate;
pub use visible::{appearance, is_blank};
