//! The bridges from FastCGI and CGI to the app, tried with whatever a web server or anybody else may send.

mod body_end;
mod cgi;
mod cgi_pages;
mod fastcgi;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [body_end::tests(), fastcgi::tests(), cgi::tests(), cgi_pages::tests()].into_iter().flatten().collect()
}
