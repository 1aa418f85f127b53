//! Links of a poll by invitation as a page to print: a card with a QR code for each voter.

use actix_web::web;
use askama::Template;

use crate::admin::pages::request::AdminFrame;
use crate::polls::eligibility::invitation::InvitationToken;
use crate::polls::models::Question;
use crate::polls::paths;
use crate::web::pages::filters;
use crate::web::pages::qr::QrPicture;
use crate::web::{Error, Result};

#[derive(Template)]
#[template(path = "polls/invitation_sheet.html")]
pub struct InvitationSheet {
    frame: AdminFrame,
    question: Question,
    cards: Vec<InvitationCard>,
    /// How many cards there are.
    made: i64,
}

/// What one voter gets.
struct InvitationCard {
    label: String,
    address: String,
    /// The address as an SVG picture.
    qr: String,
}

impl InvitationSheet {
    /// Draws the QR codes, on another thread: one takes about 0.3 ms. `site` is the address before a link's path.
    ///
    /// # Errors
    /// `Internal` if an address is too long for a QR code.
    pub async fn draw(
        frame: AdminFrame,
        question: Question,
        site: String,
        labels: Vec<String>,
        tokens: Vec<InvitationToken>,
    ) -> Result<Self> {
        let id = question.id;
        let cards = web::block(move || {
            let card = |(label, token): (String, InvitationToken)| {
                let address = format!("{site}{}", paths::invitation(id, token.as_str()));
                let qr = QrPicture::of(&address).map_err(|error| Error::Internal(error.to_string().into()))?.svg();
                Ok(InvitationCard { label, address, qr })
            };
            labels.into_iter().zip(tokens).map(card).collect::<Result<Vec<_>>>()
        });
        let cards = cards.await.map_err(|error| Error::Internal(error.into()))??;
        Ok(Self { frame, question, made: i64::try_from(cards.len()).unwrap_or(i64::MAX), cards })
    }
}
