//! Counts how often one save reads the row that it changes.

use std::sync::atomic::{AtomicUsize, Ordering};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// Statements of the process that read a shelf by its primary key.
static READS: AtomicUsize = AtomicUsize::new(0);

/// Starts counting, on connections that are opened after this call.
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

/// The number of reads since the last call.
pub fn taken() -> usize {
    READS.swap(0, Ordering::SeqCst)
}
