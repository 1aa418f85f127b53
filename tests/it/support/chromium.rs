//! A real browser: headless Chromium, driven through chromedriver by the WebDriver protocol.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use super::process::eventually;
use super::servers::chromedriver::ask;
use super::{TestApp, run};

/// Keys by WebDriver's code points.
pub mod key {
    pub const TAB: char = '\u{e004}';
    pub const ENTER: char = '\u{e007}';
    pub const SPACE: char = ' ';
    pub const DOWN: char = '\u{e015}';
    pub const ESCAPE: char = '\u{e00c}';
}

/// What a web element is called in answers, by the W3C's specification.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How a browser is to be.
#[derive(Default)]
pub struct Options {
    without_javascript: bool,
    watching_dialogs: bool,
    without_cookies: bool,
    /// A host name and where it leads.
    host: Option<(&'static str, u16)>,
}

impl Options {
    pub fn without_javascript(self) -> Self {
        Self { without_javascript: true, ..self }
    }

    pub fn without_cookies(self) -> Self {
        Self { without_cookies: true, ..self }
    }

    /// Takes down what the browser asks its user, for [`Browser::asked_before_leaving`].
    pub fn watching_dialogs(self) -> Self {
        Self { watching_dialogs: true, ..self }
    }

    /// Finds a port of this machine under another host name.
    pub fn host(self, name: &'static str, port: u16) -> Self {
        Self { host: Some((name, port)), ..self }
    }

    fn capabilities(&self, profile: &Path) -> Value {
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--accept-lang=en".to_owned(),
            // The browser ends when chromedriver does, however that ends.
            "--remote-debugging-pipe".to_owned(),
            format!("--user-data-dir={}", profile.display()),
        ];
        arguments.extend(self.host.map(|(name, port)| format!("--host-resolver-rules=MAP {name} 127.0.0.1:{port}")));
        let javascript = if self.without_javascript { 2 } else { 1 };
        let cookies = if self.without_cookies { 2 } else { 1 };
        let events = if self.watching_dialogs { "ALL" } else { "OFF" };
        json!({
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL", "performance": events},
            "goog:chromeOptions": {
                "args": arguments,
                "prefs": {
                    "profile.managed_default_content_settings.javascript": javascript,
                    "profile.managed_default_content_settings.cookies": cookies,
                },
            },
        })
    }

    #[track_caller]
    pub fn open(self) -> Browser {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let profile = run::directory(&format!("browser-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        let capabilities = json!({"capabilities": {"alwaysMatch": self.capabilities(&profile)}});
        let session = ask("POST", "/session", &capabilities).unwrap_or_else(|error| panic!("no browser: {error}"));
        let id = session["sessionId"].as_str().expect("a session has an id");
        let process = Path::new("/proc").join(session["capabilities"]["goog:processID"].to_string());
        Browser { session: format!("/session/{id}"), process, left: RefCell::default() }
    }
}

/// A browser with a profile of its own, closed when its test ends.
pub struct Browser {
    session: String,
    process: PathBuf,
    /// The document that the last click or key was for.
    left: RefCell<String>,
}

impl Browser {
    #[track_caller]
    pub fn open() -> Self {
        Options::default().open()
    }

    #[track_caller]
    pub fn visit(&self, app: &TestApp, path: &str) {
        self.visit_url(&format!("http://127.0.0.1:{}{path}", app.port()));
    }

    #[track_caller]
    pub fn visit_url(&self, url: &str) {
        self.left.take();
        self.post("/url", &json!({"url": url}));
    }

    /// Presses Back.
    #[track_caller]
    pub fn back(&self) {
        self.left.take();
        self.post("/back", &json!({}));
    }

    /// Clicks with the mouse, in the middle of the one element there is.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let element = self.one(selector);
        self.left.replace(self.document());
        self.post(&format!("{element}/click"), &json!({}));
    }

    /// Clicks twice in the same place, so many milliseconds apart, whatever comes of the first click.
    #[track_caller]
    pub fn click_twice(&self, selector: &str, pause: u64) {
        let element = self.one(selector);
        let id = element.trim_start_matches("/element/");
        self.left.replace(self.document());
        let (down, up) = (json!({"type": "pointerDown", "button": 0}), json!({"type": "pointerUp", "button": 0}));
        let to = json!({"type": "pointerMove", "origin": {ELEMENT: id}, "x": 0, "y": 0});
        let strokes = json!([to, down, up, {"type": "pause", "duration": pause}, down, up]);
        self.act(&json!({"type": "pointer", "id": "mouse", "actions": strokes}));
    }

    /// Presses a key twice, so many milliseconds apart.
    #[track_caller]
    pub fn press_twice(&self, key: char, pause: u64) {
        let (down, up) = (json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key}));
        self.left.replace(self.document());
        let strokes = json!([down, up, {"type": "pause", "duration": pause}, down, up]);
        self.act(&json!({"type": "key", "id": "keyboard", "actions": strokes}));
    }

    #[track_caller]
    fn act(&self, source: &Value) {
        self.post("/actions", &json!({"actions": [source]}));
    }

    /// Replaces what an input holds.
    #[track_caller]
    pub fn fill(&self, selector: &str, text: &str) {
        let input = self.one(selector);
        self.post(&format!("{input}/clear"), &json!({}));
        self.post(&format!("{input}/value"), &json!({"text": text}));
    }

    /// The address of the one element there is.
    #[track_caller]
    fn one(&self, selector: &str) -> String {
        let found = self.post("/elements", &json!({"using": "css selector", "value": selector}));
        let found = found.as_array().map_or(&[][..], Vec::as_slice);
        let [element] = found else { panic!("{selector} is there {} times, not once", found.len()) };
        format!("/element/{}", element[ELEMENT].as_str().unwrap_or_default())
    }

    /// Presses a key and lets it go, wherever the focus is.
    #[track_caller]
    pub fn press(&self, key: char) {
        self.strike(&key.to_string());
    }

    /// Presses one key after another.
    #[track_caller]
    pub fn strike(&self, keys: &str) {
        let stroke = |key: char| [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})];
        let strokes: Vec<_> = keys.chars().flat_map(stroke).collect();
        // Tab leads to no other page.
        if keys.chars().any(|key| key != key::TAB) {
            self.left.replace(self.document());
        }
        self.act(&json!({"type": "key", "id": "keyboard", "actions": strokes}));
    }

    /// Asks the page, also where it may not run scripts of its own. A page that goes while it is asked has not answered:
    /// the next one is asked.
    #[track_caller]
    pub fn script(&self, script: &str, arguments: &Value) -> Value {
        const GONE: [&str; 4] = ["navigation", "navigated", "context", "detached"];
        let (path, body) = (format!("{}/execute/sync", self.session), json!({"script": script, "args": arguments}));
        eventually("a page answers", || match ask("POST", &path, &body) {
            Ok(answer) => Some(answer),
            Err(error) if GONE.iter().any(|word| error.contains(word)) => None,
            Err(error) => panic!("{script}: {error}"),
        })
    }

    #[track_caller]
    pub fn text(&self, script: &str) -> String {
        self.script(script, &json!([])).as_str().unwrap_or_default().to_owned()
    }

    /// The texts that elements show.
    #[track_caller]
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let script = "return Array.from(document.querySelectorAll(arguments[0]), element => element.innerText.trim())";
        let texts = self.script(script, &json!([selector]));
        texts.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Waits until a page is shown whole, which is another document than the one that was clicked in.
    #[track_caller]
    pub fn arrives_at(&self, path: &str) {
        let address = "return String(performance.timeOrigin) !== arguments[0] && document.readyState === 'complete' \
                       && location.pathname + location.search";
        eventually(&format!("the browser shows {path}"), || {
            (self.script(address, &json!([*self.left.borrow()])) == path).then_some(())
        });
    }

    /// What no two documents have in common: when they began.
    #[track_caller]
    fn document(&self) -> String {
        self.text("return String(performance.timeOrigin)")
    }

    /// The size of the window in CSS pixels, and how many pixels of the screen each is.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32, scale: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// `light` or `dark`, as the system prefers it.
    #[track_caller]
    pub fn prefer(&self, color_scheme: &str) {
        let preference = json!({"name": "prefers-color-scheme", "value": color_scheme});
        self.devtools("Emulation.setEmulatedMedia", &json!({"features": [preference]}));
    }

    /// The zone of the visitor's clock, by its IANA name.
    #[track_caller]
    pub fn move_to(&self, zone: &str) {
        self.devtools("Emulation.setTimezoneOverride", &json!({"timezoneId": zone}));
    }

    /// Whether the browser has asked since the last time if the page may be left; it is answered with yes.
    #[track_caller]
    pub fn asked_before_leaving(&self) -> bool {
        let log = self.post("/se/log", &json!({"type": "performance"}));
        let events = log.as_array().into_iter().flatten().filter_map(|line| line["message"].as_str());
        events.filter_map(|event| serde_json::from_str::<Value>(event).ok()).any(|event| {
            let event = &event["message"];
            event["method"] == "Page.javascriptDialogOpening" && event["params"]["type"] == "beforeunload"
        })
    }

    #[track_caller]
    fn devtools(&self, command: &str, parameters: &Value) {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}));
    }

    /// What the console has shown since the last time: errors, warnings, violations of the policies.
    #[track_caller]
    pub fn console(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "browser"}));
        let message = |line: &Value| line["message"].as_str().unwrap_or_default().to_owned();
        log.as_array().into_iter().flatten().map(message).collect()
    }

    /// The windows that are open; the first of them is the browser's own.
    #[track_caller]
    pub fn windows(&self) -> Vec<String> {
        let handles = ask("GET", &format!("{}/window/handles", self.session), &json!({}));
        let handles = handles.unwrap_or_else(|error| panic!("windows: {error}"));
        handles.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Goes on in another window.
    #[track_caller]
    pub fn switch_to(&self, window: &str) {
        self.left.take();
        self.post("/window", &json!({"handle": window}));
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        ask("POST", &format!("{}{path}", self.session), body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

impl Drop for Browser {
    /// Waits for the end of the browser, which goes on writing to its profile after the answer.
    fn drop(&mut self) {
        if let Err(error) = ask("DELETE", &self.session, &json!({})) {
            eprintln!("The browser could not be closed: {error}");
        } else if !std::thread::panicking() {
            eventually("the browser ends", || (!self.process.exists()).then_some(()));
        }
    }
}
