//! How often one save reads the row that it is about.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// Statements of the process that read a shelf by its primary key.
static READS: AtomicUsize = AtomicUsize::new(0);

/// Counts from here on, on connections that are opened from here on.
pub fn count() {
    let counter: fn() -> Option<Box<dyn Instrumentation>> = || {
        Some(Box::new(|event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let statement = query.to_string();
                if statement.starts_with("SELECT") && statement.contains("WHERE (`library_shelf`.`id` = ") {
                    READS.fetch_add(1, Ordering::SeqCst);
                }
            }
        }))
    };
    set_default_instrumentation(counter).expect("nobody else counts");
}

/// How many there were since this was asked last.
pub fn taken() -> usize {
    READS.swap(0, Ordering::SeqCst)
}
