//! The pictures of a page, by the addresses that a browser would ask.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Read};

use html5gum::{StartTag, Token};
use url::Url;

use super::tokens::{attribute, tokens};
use crate::outbound::joined;

/// The most pictures of a page that are listed.
const MOST: usize = 1000;

/// Attributes in which scripts that load pictures late look for their addresses.
const LATE: [&str; 7] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-original-src",
    "data-actualsrc",
    "data-hi-res-src",
];
const LATE_SETS: [&str; 2] = ["data-srcset", "data-lazy-srcset"];

#[derive(Default)]
struct NamedPictures {
    addresses: Vec<String>,
    base: Option<String>,
}

/// The pictures that the text of the page at `address` names, each once, in the order of the page; and the error if it
/// broke off. Those that stand in the page itself (`data:`) are left out.
pub fn page_pictures(page: impl Read, address: &Url) -> (Vec<Url>, Option<io::Error>) {
    let mut named = NamedPictures::default();
    let broken = read(page, &mut named).err();
    let base = named.base.as_deref().and_then(|base| joined(address, base).ok());
    let base = base.as_ref().unwrap_or(address);
    let mut known = HashSet::new();
    let pictures = named.addresses.iter().filter_map(|picture| joined(base, picture).ok());
    (pictures.filter(|picture| known.insert(picture.clone())).take(MOST).collect(), broken)
}

fn read(page: impl Read, named: &mut NamedPictures) -> io::Result<()> {
    let mut in_noscript = false;
    for token in tokens(page) {
        match token? {
            Token::StartTag(tag) => {
                in_noscript = tag.name == b"noscript";
                named.see(&tag);
            }
            // What browsers without scripts are shown is for others a text.
            Token::String(string) if in_noscript => {
                let inner = tokens(string.as_slice()).map_while(Result::ok);
                inner.for_each(|token| {
                    if let Token::StartTag(tag) = token {
                        named.see(&tag);
                    }
                });
            }
            Token::EndTag(_) => in_noscript = false,
            _ => {}
        }
    }
    Ok(())
}

impl NamedPictures {
    fn see(&mut self, tag: &StartTag<()>) {
        match tag.name.as_slice() {
            b"base" if self.base.is_none() => self.base = attribute(tag, "href").map(Cow::into_owned),
            // Browsers take the second name for the first, except in drawings.
            b"img" | b"image" => {
                self.push(tag, &["src", "href", "xlink:href"]);
                self.push(tag, &LATE);
                self.push_sets(tag, &["srcset"]);
                self.push_sets(tag, &LATE_SETS);
            }
            b"source" => {
                self.push_sets(tag, &["srcset"]);
                self.push_sets(tag, &LATE_SETS);
            }
            b"input" if attribute(tag, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("image")) => {
                self.push(tag, &["src"]);
            }
            b"video" => self.push(tag, &["poster"]),
            b"meta" => {
                let name = attribute(tag, "property").or_else(|| attribute(tag, "name"));
                if name.is_some_and(|name| matches!(&*name, "og:image" | "twitter:image")) {
                    self.push(tag, &["content"]);
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, tag: &StartTag<()>, names: &[&str]) {
        self.addresses.extend(names.iter().filter_map(|name| Some(attribute(tag, name)?.into_owned())));
    }

    fn push_sets(&mut self, tag: &StartTag<()>, names: &[&str]) {
        for set in names.iter().filter_map(|name| attribute(tag, name)) {
            self.addresses.extend(of_set(&set).into_iter().map(str::to_owned));
        }
    }
}

/// The addresses of a `srcset`. They may contain commas, but not end with one; after the address of each stand its
/// width or density, and in parentheses what is not known yet.
fn of_set(set: &str) -> Vec<&str> {
    let (mut addresses, mut rest) = (Vec::new(), set);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return addresses;
        }
        let (address, after) = rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len()));
        addresses.push(address.trim_end_matches(','));
        rest = after;
        if !address.ends_with(',') {
            let mut depth = 0_usize;
            let end = after.find(|c| {
                match c {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                c == ',' && depth == 0
            });
            rest = end.map_or("", |end| &after[end..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(page: &str) -> Vec<String> {
        let (pictures, _) = page_pictures(page.as_bytes(), &Url::parse("https://example.com/a/b?c").unwrap());
        pictures.into_iter().map(Url::into).collect()
    }

    #[test]
    fn pictures_are_found_as_a_browser_finds_them() {
        for (page, expected) in [
            ("<img src=x.png>", &["https://example.com/a/x.png"][..]),
            (
                "<IMG SRC='/x.png'><img src=\"//cdn.example/x.png\">",
                &["https://example.com/x.png", "https://cdn.example/x.png"],
            ),
            ("<img src=' x y.png\n'>", &["https://example.com/a/x%20y.png"]),
            ("<img src=a&amp;b.png#c>", &["https://example.com/a/a&b.png"]),
            ("<img src=x.png><base href=https://other.example/d/>", &["https://other.example/d/x.png"]),
            ("<base href=/d/><base href=/e/><img src=x.png>", &["https://example.com/d/x.png"]),
            ("<base href='javascript:x'><img src=x.png>", &["https://example.com/a/x.png"]),
            ("<img src=x.png><img src=./x.png><img src=../a/x.png>", &["https://example.com/a/x.png"]),
            ("<img src='data:image/png;base64,AAAA' data-src=x.png>", &["https://example.com/a/x.png"]),
            (
                "<img class=lazy data-original=/o.jpg data-srcset='/1.jpg 1x,/2.jpg 2x'>",
                &["https://example.com/o.jpg", "https://example.com/1.jpg", "https://example.com/2.jpg"],
            ),
            (
                "<picture><source srcset='/w.webp 100w, /v.webp 200w'><img src=/f.png></picture>",
                &["https://example.com/w.webp", "https://example.com/v.webp", "https://example.com/f.png"],
            ),
            (
                "<noscript><img src=/n.png></noscript><img src=/m.png>",
                &["https://example.com/n.png", "https://example.com/m.png"],
            ),
            (
                "<svg><image href=/i.png /><image xlink:href=/j.png /></svg>",
                &["https://example.com/i.png", "https://example.com/j.png"],
            ),
            ("<input type=IMAGE src=/b.png><input type=text src=/no.png>", &["https://example.com/b.png"]),
            ("<video poster=/p.png src=/no.mp4></video>", &["https://example.com/p.png"]),
            ("<meta property=og:image content=/g.png>", &["https://example.com/g.png"]),
            ("<script>'<img src=/no.png>'</script><!-- <img src=/no.png> -->", &[]),
            ("<img><img src><img src=''><img src='  '><img src=blob:x><img src=javascript:x>", &[]),
            ("<img src=http://[::1/x.png><img src=/last.png", &[]),
        ] {
            assert_eq!(pictures(page), expected, "{page}");
        }
        let many: String = (0..5000).flat_map(|number| [format!("<img src={number}.png>")]).collect();
        assert_eq!(pictures(&many).len(), MOST);
    }

    #[test]
    fn a_set_of_sources_is_parted() {
        for (set, expected) in [
            ("a.png", &["a.png"][..]),
            ("a.png 1x, b.png 2x", &["a.png", "b.png"]),
            ("a.png, b.png 2x", &["a.png", "b.png"]),
            ("a,b.png 100w,c.png 200w", &["a,b.png", "c.png"]),
            (" \n a.png 1x ,\n b.png,, ", &["a.png", "b.png"]),
            ("a.png (x, y) 1x, b.png", &["a.png", "b.png"]),
            ("data:image/png;base64,AA== 1x, b.png 2x", &["data:image/png;base64,AA==", "b.png"]),
            (",,,", &[]),
            ("", &[]),
        ] {
            assert_eq!(of_set(set), expected, "{set}");
        }
    }
}
