//! What is known of one request: the site, the client, the session, the viewer, the language, the messages.

pub mod ambient;
pub mod client;
pub mod extract;
pub mod facts;
pub mod installed;
pub mod messages;
pub mod session;
pub mod site;
pub mod staff;
pub mod viewer;
