"""What a right answer is: looked at before every measurement, and again and again during it."""

import gzip
import http.client
import re
import threading
from dataclasses import dataclass, field

from . import data
from .place import Failure

HOME, INDEX, DETAIL, RESULTS, BOOKMARKS = (
    "/",
    "/polls/",
    f"/polls/{data.POLL}/",
    f"/polls/{data.POLL}/results/",
    "/bookmark/",
)
# The same as a browser asks for it.
PACKED = f"{DETAIL} gzip"
BROWSERS = (("Accept-Encoding", "gzip, deflate, br, zstd"),)
VOTE = f"/polls/{data.POLL}/vote/"
# The four pages of the targets.
PAGES = (INDEX, DETAIL, RESULTS, BOOKMARKS)
# What has to stand on a page.
MARKERS = {
    HOME: "Links that are worth coming back to.",
    INDEX: f"number {data.QUESTIONS}?",
    DETAIL: "The choice that is called 4 here",
    RESULTS: "votes in all",
    BOOKMARKS: f"number {data.BOOKMARKS}",
}
# Headers that are another with every answer, or the connection's own.
PASSING = {"date", "connection", "keep-alive", "content-length", "transfer-encoding", "server", "x-request-id"}


@dataclass
class Answer:
    status: int
    headers: list = field(repr=False)
    body: bytes = field(repr=False)

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def is_packed(self):
        return self.header("content-encoding") == "gzip"

    def text(self):
        return (gzip.decompress(self.body) if self.is_packed else self.body).decode()


def fetch(port, path, method="GET", body=None, headers=()):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {**dict(data.TOLD), **dict(headers)})
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())
    finally:
        connection.close()


@dataclass
class Expected:
    """The answer that every further one has to equal in status, length and what is marked."""

    path: str
    status: int
    length: int
    marker: str
    headers: tuple = ()

    @classmethod
    def of(cls, port, path, headers=()):
        answer = fetch(port, path, headers=headers)
        marker = MARKERS.get(path, "")
        if answer.status != 200 or marker not in answer.text() or len(answer.body) < 100:
            raise Failure(f"{path} at port {port} is {answer.status} with {len(answer.body)} bytes, without {marker!r}")
        if answer.is_packed != bool(headers):
            raise Failure(f"{path} at port {port} is compressed for who does not want it, or not for who does")
        return cls(path, answer.status, len(answer.body), marker, headers)

    def fault(self, answer):
        if answer.status != self.status or len(answer.body) != self.length or self.marker not in answer.text():
            return f"{self.path}: {answer.status} with {len(answer.body)} bytes instead of {self.length}"
        return None


class Sampler(threading.Thread):
    """Looks at an answer now and then while others ask for it as fast as they can."""

    INTERVAL = 0.3

    def __init__(self, port, expected):
        super().__init__(daemon=True)
        self.port, self.expected = port, expected
        self.faults, self.looked = [], 0
        self._stop_asking = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._stop_asking.set()
        self.join()

    def run(self):
        while not self._stop_asking.wait(self.INTERVAL):
            try:
                fault = self.expected.fault(fetch(self.port, self.expected.path, headers=self.expected.headers))
            except OSError as error:
                fault = f"{self.expected.path}: {error}"
            self.looked += 1
            if fault:
                self.faults.append(fault)


def ballot(port):
    """A vote as a browser sends it: its headers and its body for each choice; with Django's token where there is one."""
    headers = {
        "Origin": f"http://127.0.0.1:{port}",
        "Referer": f"http://127.0.0.1:{port}{DETAIL}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
    }
    page = fetch(port, DETAIL)
    text = page.body.decode()
    choices = re.findall(r'name="choice" value="(\d+)"', text)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    prefix = ""
    if token:
        headers["Cookie"] = page.header("set-cookie").split(";")[0]
        prefix = f"csrfmiddlewaretoken={token[1]}&"
    if len(choices) != data.CHOICES:
        raise Failure(f"the ballot at port {port} has {len(choices)} choices")
    return headers, [f"{prefix}choice={choice}" for choice in choices]


def recorded(port, paths):
    """What the bare handler is given: the program's own answers, once."""
    answers = []
    for path in paths:
        answer = fetch(port, path)
        answers.append((path, answer))
    headers, bodies = ballot(port)
    answers.append((VOTE, fetch(port, VOTE, "POST", bodies[0], headers)))
    return [
        {
            "path": path,
            "status": answer.status,
            "headers": [(name, value) for name, value in answer.headers if name.lower() not in PASSING],
            "body": answer.body.decode(),
        }
        for path, answer in answers
    ]
