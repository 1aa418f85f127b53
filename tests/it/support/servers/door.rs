//! The site as its visitors reach it: through a server, below a path.

use crate::support::client::{Request, Visitor};

#[derive(Debug, Clone)]
pub struct Door {
    pub visitor: Visitor,
    /// `http://127.0.0.1:8080`, without the path.
    pub origin: String,
    /// Where the site lives, with both slashes: `/` or `/vote/`.
    pub mount: &'static str,
}

impl Door {
    /// A server at a loopback port.
    pub fn at(port: u16, mount: &'static str) -> Self {
        let address = format!("127.0.0.1:{port}");
        let visitor = Visitor::at(address.parse().expect("an address"));
        Self { visitor, origin: format!("http://{address}"), mount }
    }

    /// A path of the site, which starts with a slash as it does at `/`, with the mount before it.
    pub fn path(&self, path: &str) -> String {
        format!("{}{}", self.mount, path.strip_prefix('/').expect("a path starts with a slash"))
    }

    pub fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    pub fn post(&self, path: &str) -> Request {
        self.request("POST", path)
    }

    pub fn request(&self, method: &str, path: &str) -> Request {
        self.visitor.request(method, &self.path(path))
    }
}
