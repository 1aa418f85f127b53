//! The real program, running.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::ops::Deref;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::client::{Address, Request, Visitor};
use super::process::{PATIENCE, ended, eventually, signal};
use super::{Response, Setup};

/// `polls serve` in a directory of its own; killed when the test ends.
pub struct TestApp {
    process: Process,
    /// What the program says on standard error: its log.
    pub log: Output,
    pub stdout: Output,
    /// Where it listens, in the order it says so.
    pub addresses: Vec<Address>,
    setup: Setup,
}

impl TestApp {
    #[track_caller]
    pub fn start(setup: Setup) -> Self {
        let mut command = setup.command(&setup.arguments());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("polls can be started");
        Self::adopt(child, setup)
    }

    /// Takes charge of a program that was started in another way.
    #[track_caller]
    pub fn adopt(mut child: Child, setup: Setup) -> Self {
        let log = Output::follow(child.stderr.take().expect("standard error is piped"));
        let stdout = Output::follow(child.stdout.take().expect("standard output is piped"));
        let process = Process(child);
        let line = match setup.log_file() {
            None => log.wait_for("Listening at "),
            Some(file) => eventually("the program listens", || {
                let text = std::fs::read_to_string(file).unwrap_or_default();
                text.lines().find(|line| line.contains("Listening at ")).map(str::to_owned)
            }),
        };
        let listed = line.split("Listening at ").nth(1).unwrap_or_default();
        let listed = listed.split(". ").next().and_then(|list| list.split(".\"").next()).unwrap_or_default();
        let addresses = listed.split(", ").map(|address| address.parse().expect("an address")).collect();
        Self { process, log, stdout, addresses, setup }
    }

    pub fn get(&self, path: &str) -> Request {
        self.visitor().get(path)
    }

    pub fn post(&self, path: &str) -> Request {
        self.visitor().post(path)
    }

    pub fn request(&self, method: &str, path: &str) -> Request {
        self.visitor().request(method, path)
    }

    /// Sends bytes as they are and reads until the connection is closed.
    pub fn raw(&self, bytes: impl AsRef<[u8]>) -> Response {
        Response::parse(&self.visitor().raw(bytes.as_ref()), false)
    }

    /// Somebody without a cookie at the first address; where the program trusts its peers, behind one of these.
    pub fn visitor(&self) -> Visitor {
        let visitor = Visitor::at(self.addresses[0].clone());
        let is_trusted = matches!(self.addresses[0], Address::Unix(_)) || self.setup.trusts_proxies();
        if is_trusted { visitor.into_proxy() } else { visitor }
    }

    /// The first address.
    pub fn tcp(&self) -> SocketAddr {
        match &self.addresses[0] {
            Address::Tcp(address) => *address,
            Address::Unix(path) => panic!("{} has no port", path.display()),
        }
    }

    pub fn port(&self) -> u16 {
        self.tcp().port()
    }

    /// Of the process.
    pub fn id(&self) -> u32 {
        self.process.0.id()
    }

    pub fn signal(&self, name: &str) {
        signal(&self.process.0, name);
    }

    /// Waits for the program to end by itself.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        ended(&mut self.process.0)
    }

    /// Ends the program without a word, unless it has ended already, and hands back what it was set up with.
    #[track_caller]
    pub fn kill(mut self) -> Setup {
        self.signal("KILL");
        self.ended();
        self.setup
    }

    /// Ends the program as a service manager does and hands back what it was set up with.
    #[track_caller]
    pub fn stop(mut self) -> Setup {
        self.signal("TERM");
        assert!(self.ended().success());
        self.setup
    }
}

impl Deref for TestApp {
    type Target = Setup;

    fn deref(&self) -> &Setup {
        &self.setup
    }
}

/// A process that does not outlive its test.
pub struct Process(pub Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a process has written so far, and whether it is all.
pub struct Output(Arc<(Mutex<(String, bool)>, Condvar)>);

impl Output {
    fn follow(pipe: impl Read + Send + 'static) -> Self {
        let shared = Arc::new((Mutex::new((String::new(), false)), Condvar::new()));
        let (output, mut pipe) = (Self(Arc::clone(&shared)), BufReader::new(pipe));
        std::thread::spawn(move || {
            let mut line = Vec::new();
            while pipe.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                shared.0.lock().expect("nobody panics here").0.push_str(&String::from_utf8_lossy(&line));
                shared.1.notify_all();
                line.clear();
            }
            shared.0.lock().expect("nobody panics here").1 = true;
            shared.1.notify_all();
        });
        output
    }

    pub fn text(&self) -> String {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// The first line that contains a text, as soon as there is one.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_for_lines(1, text).remove(0)
    }

    /// The lines that contain a text, as soon as there are at least so many.
    #[track_caller]
    pub fn wait_for_lines(&self, count: usize, text: &str) -> Vec<String> {
        let lines = |output: &str| -> Vec<String> {
            output.lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
        };
        let guard = self.0.0.lock().expect("nobody panics here");
        let waiting = |(output, ended): &mut (String, bool)| lines(output).len() < count && !*ended;
        let (guard, _) = self.0.1.wait_timeout_while(guard, PATIENCE, waiting).expect("nobody panics here");
        let found = lines(&guard.0);
        assert!(found.len() >= count, "{} of {count} lines say {text:?}:\n{}", found.len(), guard.0);
        found
    }
}

/// Shows what the program said when its test fails.
impl Drop for Output {
    fn drop(&mut self) {
        // A test that fails while it waits for a line has left the lock poisoned; to panic once more would end them all.
        let text = self.0.0.lock().unwrap_or_else(PoisonError::into_inner).0.clone();
        if std::thread::panicking() && !text.is_empty() {
            eprintln!("The program said:\n{text}");
        }
    }
}

/// A command that has ended.
#[derive(Debug)]
pub struct Finished {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

fn read(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

impl Finished {
    /// Reads what a process writes until it has ended; a pipe alone holds no more than 64 KiB.
    #[track_caller]
    pub fn of(mut process: Process) -> Self {
        let (stdout, stderr) = (read(process.0.stdout.take()), read(process.0.stderr.take()));
        let code = ended(&mut process.0).code();
        let text = |reader: JoinHandle<String>| reader.join().expect("a pipe can be read");
        Self { code, stdout: text(stdout), stderr: text(stderr) }
    }

    /// Holds the exit code.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        let mut said = String::new();
        let _ = write!(said, "{}{}", self.stdout, self.stderr);
        assert_eq!(self.code, Some(code), "{said}");
        self
    }
}
