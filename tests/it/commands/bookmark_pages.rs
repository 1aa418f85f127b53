//! `polls bookmark` and the pages of other sites.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use encoding_rs::{EUC_KR, SHIFT_JIS};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::servers::certificate::Certificate;
use crate::support::servers::far_site::{FarSite, flood, give, redirect};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_page_gives_a_bookmark_its_title),
        on_every_database(a_title_is_fetched_later),
        on_sqlite(only_public_addresses_are_asked),
        on_sqlite(redirects_are_followed_with_care),
        on_sqlite(a_hostile_page_is_left),
        on_sqlite(pictures_are_listed_and_downloaded),
        // Which brings openssl.
        on_sqlite(certificates_are_checked).needing(Need::Apache),
    ]
}

const HTML: &str = "Content-Type: text/html\r\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x20\x08\x06\0\0\0";
const GIF: &[u8] = b"GIF89a\x03\0\x02\0\x80\0\0\0\0\0\xff\xff\xff";

/// With leave to ask the sites of these tests, which must answer within a second.
fn allowed(setup: Setup) -> Setup {
    setup.variable("POLLS_OUTBOUND__ALLOWED_NETWORKS", "127.0.0.1,::1").variable("POLLS_OUTBOUND__TIMEOUT", "1")
}

fn utf_16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn a_page_gives_a_bookmark_its_title(setup: Setup) {
    const KOREAN: &str = "똠방각하의 누리집 – 한국어로 쓴 제목";
    const JAPANESE: &str = "日本語で書かれたページの題名";
    let pages = |path: &str| -> Option<(&str, Vec<u8>, &str)> {
        let page = |title: &str, head: &str| format!("<!doctype html><html><head>{head}<title>{title}</title></head>");
        let korean = |head: &str| EUC_KR.encode(&page(&KOREAN.replace('–', "-"), head)).0.into_owned();
        let japanese = |head: &str| SHIFT_JIS.encode(&page(JAPANESE, head)).0.into_owned();
        Some(match path {
            "/utf-8" => ("text/html; charset=utf-8", page(KOREAN, "").into_bytes(), KOREAN),
            "/nothing" => ("text/html", page(KOREAN, "").into_bytes(), KOREAN),
            "/euc-kr" => ("text/html; charset=EUC-KR", korean(""), KOREAN),
            "/cp949" => ("text/html; charset=CP949", korean(""), KOREAN),
            "/meta" => ("text/html", korean("<meta charset=ks_c_5601-1987>"), KOREAN),
            "/guessed" => ("text/html", korean(""), KOREAN),
            "/shift-jis" => ("text/html; charset=Shift_JIS", japanese(""), JAPANESE),
            "/sjis-meta" => {
                let meta = "<meta http-equiv=Content-Type content='text/html; charset=x-sjis'>";
                ("text/html", japanese(meta), JAPANESE)
            }
            "/utf-16" => ("text/html", utf_16(&page(JAPANESE, "")), JAPANESE),
            "/marked" => ("text/html; charset=euc-kr", ["\u{feff}", &page(KOREAN, "")].concat().into_bytes(), KOREAN),
            _ => return None,
        })
    };
    let site = FarSite::start(move |path, client| {
        if let Some((content_type, bytes, _)) = pages(path) {
            give(client, &format!("Content-Type: {content_type}\r\n"), &bytes);
        }
    });
    let setup = allowed(setup);
    let paths = [
        "/utf-8",
        "/nothing",
        "/euc-kr",
        "/cp949",
        "/meta",
        "/guessed",
        "/shift-jis",
        "/sjis-meta",
        "/utf-16",
        "/marked",
    ];
    for (id, path) in (1..).zip(paths) {
        let said = setup.run(&["bookmark", "add", &site.url(path)]).expect(0);
        assert_eq!(said.stderr, "", "{path}");
        let shown = setup.run(&["bookmark", "show", &id.to_string()]).expect(0).stdout;
        let (_, _, title) = pages(path).expect("a page");
        let dashed = shown.contains(&title.replace('–', "-"));
        assert!(shown.contains(title) || dashed, "{path}: {shown}");
    }
    // What was given is not asked for, nor is a page that must not be asked.
    let asked = site.requests().len();
    setup.run(&["bookmark", "add", &site.url("/a"), "--title", "Given"]).expect(0);
    setup.run(&["bookmark", "add", &site.url("/b"), "--no-fetch"]).expect(0);
    assert_eq!(site.requests().len(), asked);
    let request = site.requests()[0].to_lowercase();
    assert!(request.contains("user-agent: polls/"), "{request}");
    for header in ["cookie", "referer", "authorization"] {
        assert!(!request.contains(header), "{request}");
    }
}

fn a_title_is_fetched_later(setup: Setup) {
    let site = FarSite::start(|path, client| match path {
        "/page" => {
            give(
                client,
                HTML,
                b"<title> The \x01 page&#39;s\0 title </title><meta name=description content='About it'>",
            );
        }
        "/pdf" => give(client, "Content-Type: application/pdf\r\n", b"%PDF-1.7 <title>x</title>"),
        _ => drop(client.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")),
    });
    let app = allowed(setup).start();
    let ada = app.administrator("ada");
    let run = |arguments: &[&str]| app.run(&[&["bookmark"], arguments].concat());
    for path in ["/page", "/pdf", "/gone"] {
        run(&["add", &site.url(path), "--no-fetch"]).expect(0);
    }
    run(&["fetch", "1", "--user", "ada"]).expect(0);
    let shown = || run(&["show", "1"]).expect(0).stdout;
    assert!(shown().contains("    The page's title\n") && shown().contains("  About it"), "{}", shown());
    let history = ada.get("/admin/bookmark/bookmark/1/history/").expect(200).html();
    assert_eq!(history.count("#change-history tbody tr"), 1);
    // A title of one's own stays, unless the page's is asked for.
    run(&["edit", "1", "--title", "Mine"]).expect(0);
    assert_eq!(run(&["fetch", "1"]).expect(0).stdout, "Bookmark 1 stays as it is.\n");
    assert!(shown().contains("Mine"));
    run(&["fetch", "1", "--title"]).expect(0);
    assert!(shown().contains("The page's title"));
    assert!(run(&["fetch", "2"]).expect(1).stderr.contains("it is no page, but application/pdf"));
    assert!(run(&["fetch", "3"]).expect(1).stderr.contains("it answered 404 Not Found"));
    assert!(run(&["fetch", "4"]).expect(1).stderr.contains("there is no bookmark 4"));
    // A page that cannot be asked is a bookmark all the same.
    let said = run(&["add", &site.url("/missing")]).expect(0);
    assert!(said.stderr.contains("No title was found: it answered 404") && said.stdout == "Added bookmark 4.\n");
}

fn only_public_addresses_are_asked(setup: Setup) {
    let site = FarSite::start(|_, client| give(client, HTML, b"<title>secret</title>"));
    let port = site.port;
    for host in [
        "127.0.0.1",
        "127.0.0.1.",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "localhost",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "169.254.169.254",
        "10.0.0.1",
        "ada:secret@127.0.0.1",
    ] {
        let said = setup.run(&["bookmark", "images", &format!("http://{host}:{port}/")]).expect(1);
        assert!(said.stderr.contains("which is not public, and so is not asked"), "{host}: {said:?}");
    }
    let said = setup.run(&["bookmark", "images", "http://1.1.1.1:22/"]).expect(1);
    assert!(said.stderr.contains("leads to port 22, and only ports 80 and 443 are asked"), "{said:?}");
    let said = setup.run(&["bookmark", "images", "file:///etc/passwd"]).expect(1);
    assert!(said.stderr.contains("is not an address of the web"), "{said:?}");
    assert!(site.requests().is_empty());
}

fn redirects_are_followed_with_care(setup: Setup) {
    let site = FarSite::start(|path, client| match path {
        "/metadata" => redirect(client, "http://169.254.169.254/latest/meta-data/"),
        "/octal" => redirect(client, "http://0251.0376.0251.0376/"),
        "/mapped" => redirect(client, "//[::ffff:10.0.0.1]/"),
        "/file" => redirect(client, "file:///etc/passwd"),
        "/loop" => redirect(client, "/loop"),
        "/nowhere" => redirect(client, ""),
        "/0" => give(client, HTML, b"<title>There</title>"),
        number => {
            let number: u32 = number[1..].parse().unwrap_or(1);
            redirect(client, &format!("{}#x", number - 1));
        }
    });
    let setup = allowed(setup);
    let fetch = |path: &str, code: i32| setup.run(&["bookmark", "images", &site.url(path)]).expect(code).stderr;
    for path in ["/metadata", "/octal"] {
        assert!(fetch(path, 1).contains("leads to 169.254.169.254, which is not public"));
    }
    assert!(fetch("/mapped", 1).contains("which is not public"));
    assert!(fetch("/file", 1).contains("is not an address of the web"));
    let before = site.requests().len();
    assert!(fetch("/loop", 1).contains("it redirects more than 5 times"));
    assert_eq!(site.requests().len() - before, 6);
    fetch("/nowhere", 1);
    fetch("/5", 0);
    assert!(fetch("/6", 1).contains("it redirects more than 5 times"));
    assert!(site.requests().iter().all(|request| !request.to_lowercase().contains("cookie")));
}

fn a_hostile_page_is_left(setup: Setup) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&taken);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    (0..64).for_each(|_| packed.write_all(&vec![b' '; 1 << 20]).expect("packed"));
    let bomb = packed.finish().expect("packed");
    let endless = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    let site = FarSite::start(move |path, client: &mut TcpStream| {
        let _ = client.write_all(match path {
            "/slow-status" => b"HTTP/1.1 200 OK\r\nX: ",
            "/bomb" => b"",
            "/slow-body" => b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>",
            "/headers" => b"HTTP/1.1 200 OK\r\n",
            "/huge" | "/huge-title" => b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n<title>Huge</title>",
            _ => endless.as_bytes(),
        });
        match path {
            "/slow-status" | "/slow-body" => {
                // A byte now and then, until the client has left.
                while client.write_all(b"a").is_ok() {
                    std::thread::sleep(Duration::from_millis(100));
                }
            }
            "/headers" => drop(flood(client, b"X-Endless: yes\r\n", 1 << 30)),
            "/one-header" => drop(flood(client, &b"X".repeat(4096), 1 << 30)),
            "/huge" => counted.store(flood(client, &b" ".repeat(4096), 1 << 30), Ordering::SeqCst),
            "/bomb" => give(client, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &bomb),
            "/long-title" => {
                let page = format!("\r\n<title>{}</title>", "가\u{1} ".repeat(1 << 18));
                let _ = client.write_all(page.as_bytes());
            }
            "/broken-gzip" => {
                let _ = client.write_all(b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0nonsense");
            }
            "/broken-off" => {
                let _ = client.write_all(b"Content-Length: 1000\r\n\r\n<title>Known</title><p>");
            }
            _ => {}
        }
    });
    let setup = allowed(setup);
    for (path, reason) in [
        ("/slow-status", "it took longer than 1 seconds"),
        ("/slow-body", "it took longer than 1 seconds"),
        ("/headers", ""),
        ("/one-header", "its headers are longer than 64 KiB"),
        ("/bomb", "it is larger than 5 MiB"),
        ("/broken-gzip", ""),
        ("/nothing", ""),
    ] {
        let said = setup.run(&["bookmark", "images", &site.url(path)]);
        let refused = said.code == Some(1) || said.code == Some(3);
        assert!(refused && said.stderr.contains(reason) && !said.stderr.contains("panicked"), "{path}: {said:?}");
    }
    for (path, title) in [("/huge", "Huge"), ("/broken-off", "Known")] {
        setup.run(&["bookmark", "add", &site.url(path), "--force"]).expect(0);
        assert!(setup.run(&["bookmark", "list"]).expect(0).stdout.contains(&format!("\t{title}\t")), "{path}");
    }
    setup.run(&["bookmark", "add", &site.url("/long-title")]).expect(0);
    let listed = setup.run(&["bookmark", "list", "가"]).expect(0).stdout;
    let title = listed.split('\t').nth(2).expect("a title");
    assert!(title.chars().count() <= 100 && title.ends_with('…'), "{listed}");
    let taken = eventually("the client has left", || Some(taken.load(Ordering::SeqCst)).filter(|taken| *taken > 0));
    assert!(taken < 64 << 20, "{taken}");
}

fn pictures_are_listed_and_downloaded(setup: Setup) {
    let site = FarSite::start(|path, client| match path {
        "/page" => give(
            client,
            HTML,
            "<base href=/p/><img src='a.png' alt=x><img src=data:image/png,x><img src=../b>\
            <img data-src='%EC%82%AC%EC%A7%84.png' srcset='a.png?2 2x'><img src=none.png><img src=x.svg>\
            <img src=gone.png><img src=http://169.254.169.254/i.png><img src=bomb.png>"
                .as_bytes(),
        ),
        "/p/a.png" | "/p/a.png?2" => give(client, "Content-Type: text/plain\r\n", PNG),
        // Its name and its header say something else.
        "/b" => give(client, "Content-Type: image/svg+xml\r\n", GIF),
        "/p/%EC%82%AC%EC%A7%84.png" => give(client, "", GIF),
        "/p/none.png" => give(client, "Content-Type: image/png\r\n", b"<!doctype html><title>No</title>"),
        "/p/x.svg" => give(client, "Content-Type: image/svg+xml\r\n", b"<svg><script>alert(1)</script></svg>"),
        "/p/bomb.png" => {
            give(client, "", &[&PNG[..16], b"\0\x01\0\0\0\x01\0\0\x08\x06\0\0\0"].concat());
        }
        _ => drop(client.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")),
    });
    let setup = allowed(setup);
    let said = setup.run(&["bookmark", "images", &site.url("/page")]).expect(3);
    let lines: Vec<_> = said.stdout.lines().collect();
    let listed = [
        ("/p/a.png", "16x32\t29\tpng"),
        ("/b", "3x2\t19\tgif"),
        ("/p/%EC%82%AC%EC%A7%84.png", "3x2\t19\tgif"),
        ("/p/a.png?2", "16x32\t29\tpng"),
    ];
    assert_eq!(lines, listed.map(|(path, facts)| format!("{}\t{facts}", site.url(path))));
    for reason in [
        "/p/none.png: it is no picture in PNG, JPEG, GIF, WebP or AVIF",
        "/p/x.svg: it is no picture",
        "/p/gone.png: it answered 404",
        "i.png: 169.254.169.254 leads to 169.254.169.254, which is not public",
        "/p/bomb.png: it has 65536 × 65536 pixels, which are too many",
    ] {
        assert!(said.stderr.contains(reason), "{reason}: {said:?}");
    }
    setup.run(&["bookmark", "add", &site.url("/page"), "--no-fetch"]).expect(0);
    assert_eq!(setup.run(&["bookmark", "images", "1"]).expect(3).stdout, said.stdout);
    let folder = setup.path("pictures");
    let names = || {
        let entries = fs::read_dir(&folder).expect("a folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name().into_string()).collect();
        names.sort();
        names.into_iter().map(|name| name.expect("a name")).collect::<Vec<_>>()
    };
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("b.gif"), b"somebody's own").expect("a file");
    let fetch = ["bookmark", "fetch", "1", "--images", folder.to_str().expect("a path")];
    let downloaded = setup.run(&fetch).expect(3).stdout;
    assert!(
        downloaded.contains(&format!("사진.gif\t3x2\t19\t{}", site.url("/p/%EC%82%AC%EC%A7%84.png"))),
        "{downloaded}"
    );
    assert_eq!(names(), ["a-2.png", "a.png", "b-2.gif", "b.gif", "사진.gif"]);
    assert_eq!(fs::read(folder.join("b.gif")).expect("a file"), b"somebody's own");
    assert_eq!(fs::read(folder.join("a.png")).expect("a file"), PNG);
    // Again: nothing comes twice.
    setup.run(&fetch).expect(3);
    assert_eq!(names().len(), 5);
}

fn certificates_are_checked(setup: Setup) {
    let made = Certificate::make(&setup.path("."));
    let site = FarSite::over_tls(&made.certificate, &made.key, b"<title>Over TLS</title>");
    let setup = allowed(setup);
    let url = site.url("/").replace("http:", "https:");
    let refused = setup.run(&["bookmark", "images", &url]).expect(1);
    assert!(refused.stderr.contains("127.0.0.1 has no certificate that can be trusted"), "{refused:?}");
    let setup = setup.variable("SSL_CERT_FILE", made.path());
    let other_name = url.replace("127.0.0.1", "localhost");
    let refused = setup.run(&["bookmark", "images", &other_name]).expect(1);
    assert!(refused.stderr.contains("localhost has no certificate that can be trusted"), "{refused:?}");
    setup.run(&["bookmark", "add", &url]).expect(0);
    assert!(setup.run(&["bookmark", "list"]).expect(0).stdout.contains("\tOver TLS\t"));
}
