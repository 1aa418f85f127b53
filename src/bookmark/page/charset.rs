//! The character encoding of a page: by its byte order mark, the header of the answer, the page itself, or what its
//! bytes look like.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{EUC_KR, Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use html5gum::Token;

use super::tokens::{attribute, text, tokens};

/// The encoding of a page that begins with these bytes. `host` has the country whose encodings are likely.
pub fn charset(beginning: &[u8], content_type: Option<&str>, host: &str) -> &'static Encoding {
    by_mark(beginning)
        .or_else(|| of_content_type(content_type?))
        .or_else(|| named_by_page(beginning))
        .unwrap_or_else(|| detected(beginning, host))
}

fn by_mark(beginning: &[u8]) -> Option<&'static Encoding> {
    match beginning {
        // Without a mark, as it stands in files that were saved without one.
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => Encoding::for_bom(beginning).map(|(encoding, _)| encoding),
    }
}

/// The encoding that `text/html; charset=euc-kr` names.
fn of_content_type(content_type: &str) -> Option<&'static Encoding> {
    let (_, rest) = split_at_word(content_type, "charset")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let label = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
        _ => rest.split([';', ',', ' ', '\t']).next()?,
    };
    of_label(label)
}

fn split_at_word<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let at = text.to_ascii_lowercase().find(word)?;
    Some((&text[..at], &text[at + word.len()..]))
}

/// The encoding of a label; also of those that are common in Korea and Japan and not in the standard of browsers.
fn of_label(label: &str) -> Option<&'static Encoding> {
    match label.trim().to_ascii_lowercase().replace('_', "-").as_str() {
        "cp949" | "ms949" | "uhc" | "x-windows-949" | "euckr" => Some(EUC_KR),
        "cp932" | "x-ms-cp932" => Some(SHIFT_JIS),
        _ => Encoding::for_label(label.as_bytes()),
    }
}

/// The encoding that the page's `<meta>` or XML declaration names. What can be read as one cannot be in UTF-16.
fn named_by_page(beginning: &[u8]) -> Option<&'static Encoding> {
    let found = tokens(beginning).map_while(Result::ok).find_map(|token| match token {
        Token::StartTag(tag) if tag.name == b"meta" => match attribute(&tag, "charset") {
            Some(label) => of_label(&label),
            None if attribute(&tag, "http-equiv")?.eq_ignore_ascii_case("content-type") => {
                of_content_type(&attribute(&tag, "content")?)
            }
            None => None,
        },
        Token::Comment(comment) if comment.starts_with(b"?xml") => {
            let declaration = text(&comment);
            let (_, rest) = split_at_word(&declaration, "encoding")?;
            of_label(rest.split(['"', '\'']).nth(1)?)
        }
        _ => None,
    });
    found.map(|encoding| if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

fn detected(beginning: &[u8], host: &str) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(beginning, false);
    let domain = host.rsplit('.').next().filter(|domain| domain.bytes().all(|byte| byte.is_ascii_lowercase()));
    detector.guess(domain.map(str::as_bytes), Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{ISO_2022_JP, WINDOWS_1252};

    use super::*;

    #[test]
    fn the_first_that_names_one_counts() {
        let meta = b"<meta charset=euc-kr><title>x";
        for (beginning, content_type, encoding) in [
            (&b"\xef\xbb\xbf<meta charset=euc-kr>"[..], Some("text/html; charset=shift_jis"), UTF_8),
            (b"\xff\xfe<\0", Some("text/html; charset=utf-8"), UTF_16LE),
            (b"\xfe\xff\0<", None, UTF_16BE),
            (b"<\0h\0t\0", None, UTF_16LE),
            (b"\0<\0h\0t", None, UTF_16BE),
            (meta, Some("text/html; charset=Shift_JIS"), SHIFT_JIS),
            (meta, Some("text/html;charset=\"UTF-8\""), UTF_8),
            (meta, Some("text/html; charset=nonsense"), EUC_KR),
            (meta, Some("text/html"), EUC_KR),
            (meta, None, EUC_KR),
        ] {
            assert_eq!(charset(beginning, content_type, "example.com"), encoding, "{content_type:?}");
        }
    }

    #[test]
    fn a_page_names_its_encoding_in_many_ways() {
        for (beginning, encoding) in [
            ("<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=ks_c_5601-1987'>", EUC_KR),
            ("<meta content=\"text/html;charset=EUC-KR\" http-equiv=content-type>", EUC_KR),
            ("<meta charset=cp949>", EUC_KR),
            ("<meta charset='MS949'>", EUC_KR),
            ("<meta charset=x-sjis>", SHIFT_JIS),
            ("<meta charset=cp932>", SHIFT_JIS),
            ("<?xml version='1.0' encoding='euc-kr'?><html>", EUC_KR),
            ("<!-- <meta charset=utf-8> --><meta charset=euc-kr>", EUC_KR),
            ("<script>'<meta charset=utf-8>'</script><meta charset=euc-kr>", EUC_KR),
            ("<meta charset=utf-16>", UTF_8),
            ("<meta name=x content='charset=euc-kr'><meta charset=latin1>", WINDOWS_1252),
        ] {
            assert_eq!(charset(beginning.as_bytes(), None, "example.com"), encoding, "{beginning}");
        }
    }

    #[test]
    fn an_encoding_that_nothing_names_is_seen() {
        let korean = "<title>한국어로 쓴 오래된 누리집의 제목</title>";
        let japanese = "<title>日本語で書かれた古いページの題名</title>";
        for (page, encoding, host) in [
            (korean, EUC_KR, "example.co.kr"),
            (korean, EUC_KR, "example.com"),
            (korean, UTF_8, "example.co.kr"),
            (japanese, SHIFT_JIS, "example.jp"),
            (japanese, SHIFT_JIS, "127.0.0.1"),
            (japanese, ISO_2022_JP, "example.com"),
            ("<title>Größe und Maße für Käufer</title>", UTF_8, "example.de"),
            ("<title>Größe und Maße für Käufer</title>", WINDOWS_1252, "EXAMPLE.DE"),
        ] {
            let (bytes, _, _) = encoding.encode(page);
            assert_eq!(charset(&bytes, None, host), encoding, "{page} {host}");
        }
    }
}
