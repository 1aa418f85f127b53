//! What holds for every address: hosts, headers, caches, other sites, proxies, hostile clients.

mod caching;
mod clients;
mod compression;
mod hostile;
mod hosts;
mod metrics;
mod mount;
mod origins;
mod page_cache;
mod prometheus;
mod proxies;
mod security;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    let modules = [
        caching::tests(),
        compression::tests(),
        page_cache::tests(),
        security::tests(),
        hosts::tests(),
        origins::tests(),
        proxies::tests(),
        metrics::tests(),
        prometheus::tests(),
        mount::tests(),
        hostile::tests(),
        clients::tests(),
    ];
    modules.into_iter().flatten().collect()
}
