//! The work of mails that users put into the queue.

use crate::outbound::queue::Errand;

/// Sends one mail, or looks for whom one is to be sent; the object is a row of `auth_mail`.
pub const MAIL: Errand = Errand { kind: "mail", app: "auth", model: "mail" };
