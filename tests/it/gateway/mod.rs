//! The bridges from FastCGI and CGI to the app, tried with whatever a web server or anybody else may send.

mod cgi;
mod fastcgi;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [fastcgi::tests(), cgi::tests()].into_iter().flatten().collect()
}
