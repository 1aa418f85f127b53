//! The head of a page: its title, description and preview picture.

use std::io::{self, Read};

use html5gum::{StartTag, Token};
use url::Url;

use super::tokens::{attribute, text, tokens};
use crate::bookmark::address::LONGEST_TITLE;
use crate::outbound::joined;
use crate::text::is_blank;

/// The longest description in characters; it is one for lists, and no page.
const LONGEST_DESCRIPTION: usize = 500;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageHead {
    pub title: Option<String>,
    pub description: Option<String>,
    /// The picture that the page wants to be shown with.
    pub picture: Option<Url>,
}

/// What is found in each place, of which the first counts.
#[derive(Default)]
struct FoundInHead {
    titles: [Option<String>; 3],
    descriptions: [Option<String>; 3],
    pictures: [Option<String>; 3],
    base: Option<String>,
}

/// Reads the text of the page at `address` to the end of its head, and returns what it says with the error if it broke
/// off before.
pub fn page_head(page: impl Read, address: &Url) -> (PageHead, Option<io::Error>) {
    let mut found = FoundInHead::default();
    let broken = read(page, &mut found).err();
    let base = found.base.as_deref().and_then(|base| joined(address, base).ok());
    let picture = found.pictures.into_iter().flatten().next();
    let head = PageHead {
        title: found.titles.iter().flatten().find_map(|text| tidy(text, LONGEST_TITLE)),
        description: found.descriptions.iter().flatten().find_map(|text| tidy(text, LONGEST_DESCRIPTION)),
        picture: picture.and_then(|picture| joined(base.as_ref().unwrap_or(address), &picture).ok()),
    };
    (head, broken)
}

fn read(page: impl Read, found: &mut FoundInHead) -> io::Result<()> {
    let (mut title, mut drawings) = (None::<String>, 0_usize);
    for token in tokens(page) {
        match token? {
            Token::StartTag(tag) => match tag.name.as_slice() {
                b"title" if drawings == 0 && found.titles[0].is_none() => title = Some(String::new()),
                b"meta" => found.meta(&tag),
                b"base" => keep(&mut found.base, attribute(&tag, "href").as_deref()),
                b"link" if attribute(&tag, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("image_src")) => {
                    keep(&mut found.pictures[2], attribute(&tag, "href").as_deref());
                }
                b"svg" if !tag.self_closing => drawings += 1,
                b"body" => return Ok(()),
                _ => {}
            },
            Token::String(string) => {
                if let Some(title) = &mut title {
                    title.push_str(&text(&string));
                }
            }
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"title" => keep(&mut found.titles[0], title.take().as_deref()),
                b"svg" => drawings = drawings.saturating_sub(1),
                b"head" => return Ok(()),
                _ => {}
            },
            _ => {}
        }
    }
    // A page that ends within its title.
    keep(&mut found.titles[0], title.as_deref());
    Ok(())
}

impl FoundInHead {
    fn meta(&mut self, tag: &StartTag<()>) {
        let Some(name) = attribute(tag, "property").or_else(|| attribute(tag, "name")) else { return };
        let place = match name.trim().to_ascii_lowercase().as_str() {
            "og:title" => &mut self.titles[1],
            "twitter:title" => &mut self.titles[2],
            "description" => &mut self.descriptions[0],
            "og:description" => &mut self.descriptions[1],
            "twitter:description" => &mut self.descriptions[2],
            "og:image" | "og:image:url" | "og:image:secure_url" => &mut self.pictures[0],
            "twitter:image" | "twitter:image:src" => &mut self.pictures[1],
            _ => return,
        };
        keep(place, attribute(tag, "content").as_deref());
    }
}

/// Keeps a text that is not blank, if there is none yet.
fn keep(place: &mut Option<String>, text: Option<&str>) {
    if place.is_none() {
        *place = text.filter(|text| !is_blank(text)).map(str::to_owned);
    }
}

/// The text in one line, without control characters, and cut if it is too long; None if nothing is left.
fn tidy(text: &str, longest: usize) -> Option<String> {
    let text: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if is_blank(&text) {
        return None;
    }
    if text.chars().count() <= longest {
        return Some(text);
    }
    let cut: String = text.chars().take(longest - 1).collect();
    Some(format!("{}…", cut.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(page: &str) -> PageHead {
        let (head, broken) = page_head(page.as_bytes(), &Url::parse("https://example.com/a/b").unwrap());
        assert!(broken.is_none(), "{broken:?}");
        head
    }

    fn title(page: &str) -> Option<String> {
        head(page).title
    }

    #[test]
    fn the_title_is_the_first_one() {
        for (page, expected) in [
            ("<title>Rust</title>", "Rust"),
            ("<TITLE lang=en>\n  Rust &amp;\n\t C </TITLE>", "Rust & C"),
            ("<title>One</title><title>Two</title>", "One"),
            ("<title> </title><title>Two</title>", "Two"),
            ("<title>a<b>c</b></title>", "a<b>c</b>"),
            ("<title>&#54620;&#xad6d;</title>", "한국"),
            ("<title>never closed", "never closed"),
            ("<svg><title>Icon</title></svg><title>Page</title>", "Page"),
            ("<script>'<title>x</title>'</script><title>Page</title>", "Page"),
            ("<!-- <title>x</title> --><title>Page</title>", "Page"),
            ("<meta property=og:title content='Open Graph'>", "Open Graph"),
            ("<meta property=og:title content=Other><title>Own</title>", "Own"),
            ("<meta name=twitter:title content=T><title>\u{200b}</title>", "T"),
            ("<title>a\u{1}b\u{7f}\u{85}c</title>", "ab c"),
        ] {
            assert_eq!(title(page).as_deref(), Some(expected), "{page}");
        }
        for page in ["", "<title></title>", "<p>x", "<head></head><title>x</title>", "<body><title>x</title>"] {
            assert_eq!(title(page), None, "{page}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let long = title(&format!("<title>{}</title>", "가 ".repeat(500_000))).unwrap();
        assert!(long.ends_with("가…") && long.chars().count() <= LONGEST_TITLE, "{long}");
        assert_eq!(title(&format!("<title>{}</title>", "a".repeat(100))).unwrap(), "a".repeat(100));
        let page = format!("<meta name=description content='{}'>", "x".repeat(1_000_000));
        assert_eq!(head(&page).description.unwrap().chars().count(), LONGEST_DESCRIPTION);
    }

    #[test]
    fn description_and_picture_are_found() {
        let found = head(
            "<base href=/c/><meta name=Description content=' One\n two '><meta property=og:description content=no>\
             <meta property=twitter:image content=no.png><meta property=og:image content=yes.png>",
        );
        assert_eq!(found.description.as_deref(), Some("One two"));
        assert_eq!(found.picture.unwrap().as_str(), "https://example.com/c/yes.png");
        assert_eq!(head("<meta property=og:image content='javascript:x'>").picture, None);
        let linked = head("<link rel=image_src href=//cdn.example/x.png>").picture;
        assert_eq!(linked.unwrap().as_str(), "https://cdn.example/x.png");
    }

    #[test]
    fn what_came_before_it_broke_off_is_known() {
        struct Breaking;
        impl Read for Breaking {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken off"))
            }
        }
        let page = b"<title>Known</title><meta".chain(Breaking);
        let (head, broken) = page_head(page, &Url::parse("https://example.com/").unwrap());
        assert_eq!(head.title.as_deref(), Some("Known"));
        assert!(broken.is_some());
    }
}
