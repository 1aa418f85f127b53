//! Commands for the administrator, and the settings.

mod apache_config;
mod backup;
mod bookmark;
mod bookmark_files;
mod bookmark_links;
mod bookmark_pages;
mod check;
mod collectstatic;
mod config;
mod databases;
mod debian;
mod fixtures;
mod import_django;
mod mistakes;
mod operations;
mod outbound;
mod packaging;
mod purge;
mod query;
mod question;
mod sendtestemail;
mod setup;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [
        mistakes::tests(),
        config::tests(),
        databases::tests(),
        debian::tests(),
        fixtures::tests(),
        import_django::tests(),
        collectstatic::tests(),
        apache_config::tests(),
        backup::tests(),
        bookmark::tests(),
        bookmark_files::tests(),
        bookmark_links::tests(),
        bookmark_pages::tests(),
        check::tests(),
        operations::tests(),
        outbound::tests(),
        packaging::tests(),
        purge::tests(),
        query::tests(),
        question::tests(),
        sendtestemail::tests(),
        setup::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
