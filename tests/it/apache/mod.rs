//! The site behind a real Apache, with the files of `deploy/apache` as they are shipped: every way in,
//! at `/` and below a path. And behind nginx, and with the clients that people have.

mod balancer;
mod bounds;
mod broken_off;
mod cached;
mod checked;
mod clients;
mod connection;
mod crowd;
mod identical;
mod nginx;
mod own_answers;
mod restarts;
mod site_file;
mod static_files;
mod stopping;
mod tls;
mod trust;
mod visit;

use crate::support::servers::{Front, Site, Way};
use crate::support::*;

/// Each visit for each way and mount, as a test of its own.
macro_rules! ways {
    ($($name:ident = $way:ident at $mount:literal: $visits:ident;)*) => {
        $(mod $name {
            use super::*;

            fn visit(setup: Setup, visit: fn(&Front<'_>)) {
                let site = Site::new(setup, $mount);
                let front = site.open_by(Way::$way);
                visit(&front);
                assert_eq!(front.apache.errors(), [""; 0]);
            }

            $visits!();
        })*

        fn in_every_way() -> Vec<Test> {
            [$($name::tests()),*].into_iter().flatten().map(|test| test.needing(Need::Apache)).collect()
        }
    };
}

/// The functions of one module of [`ways`].
macro_rules! functions {
    ($($subject:ident: $($name:ident)*;)*) => {
        $($(fn $name(setup: Setup) {
            visit(setup, $subject::$name);
        })*)*

        pub fn tests() -> Vec<Test> {
            vec![$($(on_sqlite($name)),*),*]
        }
    };
}

macro_rules! all_visits {
    () => {
        functions! {
            visit: a_visitor_votes no_address_leaves_the_mount a_known_page_is_not_sent_again
                a_session_gets_pages_as_they_are;
            static_files: static_files_are_apaches_own;
            bounds: a_mebibyte_is_counted_and_a_byte_more_refused odd_targets_reach_the_site_as_they_are
                errors_are_pages_or_json a_query_is_no_command_line;
            own_answers: what_apache_answers_itself_has_the_sites_look;
            trust: other_sites_and_other_hosts_are_refused apache_names_the_request
                the_secret_of_an_invitation_is_in_no_log
                forwarded_headers_of_a_client_are_not_believed apache_says_little;
            crowd: fifty_voters_on_one_choice_are_all_counted;
        }
    };
}

ways! {
    embedded_unix = EmbeddedUnix at "/": all_visits;
    embedded_unix_below_a_path = EmbeddedUnix at "/vote/": all_visits;
    embedded_tcp = EmbeddedTcp at "/": all_visits;
    embedded_tcp_below_a_path = EmbeddedTcp at "/vote/": all_visits;
    proxy_fcgi_unix = FastcgiUnix at "/": all_visits;
    proxy_fcgi_unix_below_a_path = FastcgiUnix at "/vote/": all_visits;
    proxy_fcgi_tcp = FastcgiTcp at "/": all_visits;
    proxy_fcgi_tcp_below_a_path = FastcgiTcp at "/vote/": all_visits;
    fcgid = Fcgid at "/": all_visits;
    fcgid_below_a_path = Fcgid at "/vote/": all_visits;
    cgi = Cgi at "/": all_visits;
    cgi_below_a_path = Cgi at "/vote/": all_visits;
}

pub fn tests() -> Vec<Test> {
    let others = [
        balancer::tests(),
        broken_off::tests(),
        cached::tests(),
        checked::tests(),
        connection::tests(),
        identical::tests(),
        own_answers::tests(),
        restarts::tests(),
        site_file::tests(),
        stopping::tests(),
        tls::tests(),
        nginx::tests(),
        clients::tests(),
    ];
    in_every_way().into_iter().chain(others.into_iter().flatten()).collect()
}
