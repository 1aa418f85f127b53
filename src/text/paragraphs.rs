//! Plain text with paragraphs and web addresses, as people write it into a form.

/// A part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// An address that begins with `http://` or `https://`.
    Link(&'a str),
    /// The end of a line that does not end its paragraph.
    LineBreak,
}

/// The paragraphs of a text, which are separated by empty lines.
pub fn paragraphs(text: &str) -> Vec<Vec<Piece<'_>>> {
    let mut paragraphs = Vec::new();
    let mut paragraph: Vec<Piece> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            paragraphs.extend((!paragraph.is_empty()).then(|| std::mem::take(&mut paragraph)));
        } else {
            if !paragraph.is_empty() {
                paragraph.push(Piece::LineBreak);
            }
            pieces(line, &mut paragraph);
        }
    }
    paragraphs.extend((!paragraph.is_empty()).then_some(paragraph));
    paragraphs
}

/// Punctuation after an address belongs to the sentence around it.
const AFTER_LINK: [char; 8] = ['.', ',', ';', ':', '!', '?', ')', ']'];

fn pieces<'a>(mut line: &'a str, pieces: &mut Vec<Piece<'a>>) {
    while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| line.find(scheme)).min() {
        let end = line[start..].find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'));
        let link = line[start..][..end.unwrap_or(line.len() - start)].trim_end_matches(AFTER_LINK);
        if start > 0 {
            pieces.push(Piece::Text(&line[..start]));
        }
        let has_host = link.split_once("//").is_some_and(|(_, host)| !host.is_empty());
        pieces.push(if has_host { Piece::Link(link) } else { Piece::Text(link) });
        line = &line[start + link.len()..];
    }
    if !line.is_empty() {
        pieces.push(Piece::Text(line));
    }
}

#[cfg(test)]
mod tests {
    use super::Piece::{LineBreak, Link, Text};
    use super::*;

    #[test]
    fn empty_lines_part_paragraphs_and_addresses_are_links() {
        assert_eq!(paragraphs(" \n\n"), Vec::<Vec<Piece>>::new());
        assert_eq!(
            paragraphs("One\r\ntwo\n\n\nSee (https://example.com/a?b=1). http:// and http://x"),
            [
                vec![Text("One"), LineBreak, Text("two")],
                vec![
                    Text("See ("),
                    Link("https://example.com/a?b=1"),
                    Text("). "),
                    Text("http://"),
                    Text(" and "),
                    Link("http://x")
                ],
            ]
        );
    }
}
