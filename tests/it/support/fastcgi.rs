//! The web server's side of FastCGI, to the byte: records as a test wants them, and the answer's parts.

/// A request in its parts; `bytes` puts them into records.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub params: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
    pub keep_connection: bool,
}

/// What came back for one request.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub stdout: Vec<u8>,
    pub app_status: u32,
    pub protocol_status: u8,
}

const BEGIN_REQUEST: u8 = 1;
const END_REQUEST: u8 = 3;
const PARAMS: u8 = 4;
const STDIN: u8 = 5;
const STDOUT: u8 = 6;

impl Request {
    pub fn get(target: &str) -> Self {
        Self::default().param("REQUEST_METHOD", "GET").param("REQUEST_URI", target).param("SERVER_PROTOCOL", "HTTP/1.1")
    }

    pub fn post(target: &str, body: &[u8]) -> Self {
        let mut request =
            Self::get(target).param("REQUEST_METHOD", "POST").param("CONTENT_LENGTH", body.len().to_string());
        request.body = body.to_vec();
        request
    }

    /// Adds a parameter, in the place of an earlier one of that name.
    pub fn param(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.params.retain(|(other, _)| other != name);
        self.params.push((name.to_owned(), value.into()));
        self
    }

    pub fn keep(self) -> Self {
        Self { keep_connection: true, ..self }
    }

    /// The request as records of at most `size` bytes, parameters cut wherever that falls.
    pub fn bytes(&self, size: usize) -> Vec<u8> {
        let mut bytes = record(BEGIN_REQUEST, &[0, 1, u8::from(self.keep_connection), 0, 0, 0, 0, 0]);
        let mut params = Vec::new();
        for (name, value) in &self.params {
            length(&mut params, name.len());
            length(&mut params, value.len());
            params.extend_from_slice(name.as_bytes());
            params.extend_from_slice(value);
        }
        for (kind, stream) in [(PARAMS, &params), (STDIN, &self.body)] {
            for part in stream.chunks(size.clamp(1, 65_535)) {
                bytes.extend(record(kind, part));
            }
            bytes.extend(record(kind, &[]));
        }
        bytes
    }
}

/// One record of request 1, with some padding.
pub fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a record holds at most 65,535 bytes").to_be_bytes();
    let padding = u8::try_from(content.len() % 8).expect("it is below 8");
    let mut bytes = vec![1, kind, 0, 1, length[0], length[1], padding, 0];
    bytes.extend_from_slice(content);
    bytes.extend(std::iter::repeat_n(0, usize::from(padding)));
    bytes
}

fn length(bytes: &mut Vec<u8>, length: usize) {
    if let Ok(short @ 0..=127) = u8::try_from(length) {
        bytes.push(short);
        return;
    }
    let long = u32::try_from(length).expect("a length has 31 bits") | 0x8000_0000;
    bytes.extend_from_slice(&long.to_be_bytes());
}

/// The answers in a stream that was closed after the last one; what is cut off is no answer.
pub fn answers(mut bytes: &[u8]) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut stdout = Vec::new();
    while let [1, kind, _, _, high, low, padding, _, rest @ ..] = bytes {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some(content) = rest.get(..length) else { break };
        bytes = rest.get(length + usize::from(*padding)..).unwrap_or_default();
        match (*kind, content) {
            (STDOUT, content) => stdout.extend_from_slice(content),
            (END_REQUEST, [a, b, c, d, protocol_status, ..]) => answers.push(Answer {
                stdout: std::mem::take(&mut stdout),
                app_status: u32::from_be_bytes([*a, *b, *c, *d]),
                protocol_status: *protocol_status,
            }),
            _ => {}
        }
    }
    answers
}

impl Answer {
    pub fn status(&self) -> String {
        let head = String::from_utf8_lossy(&self.stdout).into_owned();
        head.lines().next().and_then(|line| line.strip_prefix("Status: ")).unwrap_or("none").chars().take(3).collect()
    }

    pub fn body(&self) -> &[u8] {
        let end = self.stdout.windows(4).position(|window| window == b"\r\n\r\n").expect("the head ends");
        &self.stdout[end + 4..]
    }
}
