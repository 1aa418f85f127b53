//! How the program starts, listens, logs and stops.

mod development;
mod error_mails;
mod files;
mod listening;
mod logs;
mod memory;
mod production;
mod service_manager;
mod signals;
mod slow_reads;
mod units;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    let modules = [
        development::tests(),
        production::tests(),
        service_manager::tests(),
        listening::tests(),
        logs::tests(),
        error_mails::tests(),
        signals::tests(),
        files::tests(),
        memory::tests(),
        slow_reads::tests(),
        units::tests(),
    ];
    modules.into_iter().flatten().collect()
}
