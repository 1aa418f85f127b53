"""What a request costs whatever the machine's mood: instructions and allocations by valgrind, system calls by strace.

A program runs twice, with few and with many requests; what the many cost more, divided, is one request's.
"""

import http.client
import re
import time

from . import answers, data
from .answers import DETAIL, VOTE
from .apache import USER
from .fastcgi_client import FastCgi
from .polls import Bare, Polls

FEW, MANY = 100, 1100
INSTRUCTIONS = r"Collected : (\d+)"
ALLOCATIONS = r"Total:\s+([\d,]+) bytes in ([\d,]+) blocks"
HEADING = "## What a request costs, whatever the machine's mood"
ABOUT = f"""
Written by `deploy/bench/run --counts`: one worker, one connection that is kept, no Apache; instructions by
`valgrind --tool=callgrind`, allocations by `--tool=dhat`, system calls by `strace -c -f`; the difference between
{MANY:,} and {FEW} requests. Votes come one at a time, so each has a transaction of its own. By CGI a request is a
whole process, from its start to its end, the loading of its libraries among it; a page that one process has made,
those after it find for the rest of the second.
"""

CGI = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "80",
    "HTTP_HOST": "127.0.0.1",
    "REMOTE_ADDR": "127.0.0.1",
    "REQUEST_METHOD": "GET",
    "REQUEST_URI": DETAIL,
    "SCRIPT_NAME": "",
    "PATH_INFO": DETAIL,
}


def kept(output):
    """The section of an earlier run with `--counts`."""
    file = output / "RESULTS.md"
    text = file.read_text() if file.exists() else ""
    return "\n" + text[text.index(HEADING) :] if HEADING in text else ""


def run(place, output, say):
    site = Polls(place, "polls")
    daemon = site.daemon("serve", "-record")
    bare = Bare(place, "bare", daemon.port, [DETAIL])
    vote = answers.ballot(daemon.port)
    daemon.stop()
    lines = [
        HEADING,
        ABOUT,
        "| | Instructions | Allocations | Bytes allocated | System calls | Which |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for gateway, command in (("HTTP", "serve"), ("FastCGI", "fastcgi")):
        for program, name, what, ballot in (
            (site, "polls", f"GET {DETAIL}", None),
            (bare, "bare handler", f"GET {DETAIL}", None),
            (site, "polls", f"POST {VOTE}", vote),
        ):
            cells = _cells(program, command, ballot)
            lines.append(f"| {what}, {gateway}, {name} | {' | '.join(cells)} |")
            say(lines[-1])
    for program, name, found in (
        (site, "polls, a page made", False),
        (site, "polls, a page found", True),
        (bare, "bare handler", False),
    ):
        lines.append(f"| GET {DETAIL}, CGI, {name} | {' | '.join(_cells_of_a_process(program, found))} |")
        say(lines[-1])
    text = "\n".join(lines) + "\n"
    print(text)
    output.mkdir(parents=True, exist_ok=True)
    file = output / "RESULTS.md"
    before = file.read_text() if file.exists() else ""
    file.write_text(before.split(HEADING)[0].rstrip() + ("\n\n" if before else "") + text)


def _cells(program, command, ballot):
    (instructions,) = _by_valgrind(program, command, ballot, "callgrind", INSTRUCTIONS)
    size, blocks = _by_valgrind(program, command, ballot, "dhat", ALLOCATIONS)
    return _written(instructions, blocks, size, _system_calls(program, command, ballot), 0.05)


def _cells_of_a_process(program, found):
    (instructions,) = _numbers(_cgi(program, found, "valgrind", "--tool=callgrind", "--log-file"), INSTRUCTIONS)
    size, blocks = _numbers(_cgi(program, found, "valgrind", "--tool=dhat", "--log-file"), ALLOCATIONS)
    calls = _counted(_cgi(program, found, "strace", "-f", "-c", "--output"), 1)
    return _written(instructions, blocks, size, calls, 8)


def _written(instructions, blocks, size, calls, least):
    """The cells of a row, which names system calls from so many on."""
    which = ", ".join(f"{name} {count:.1f}" for name, count in calls.items() if count >= least)
    return [f"{instructions:,.0f}", f"{blocks:,.1f}", f"{size:,.0f}", f"{sum(calls.values()):.1f}", which]


def _numbers(text, pattern):
    return [int(number.replace(",", "")) for number in re.search(pattern, text).groups()]


def _cgi(program, found, tool, *options):
    """What a tool says of one CGI request, the first of a second or one that finds the page of another. The last of
    the tool's options is the one that names a file for what it says."""
    said = program.directory / f"{tool}.txt"
    command = [tool, *options[:-1], f"{options[-1]}={said}", program.binary]
    time.sleep(1 - time.time() % 1)
    for run in ([program.binary], command) if found else (command,):
        answer = program.place.run(run, USER, program.environment(**CGI), program.directory)
    if not answer.startswith("Status: 200"):
        raise answers.Failure(f"GET {DETAIL} by CGI is answered {answer[:100]}")
    return said.read_text()


def _by_valgrind(program, command, ballot, tool, pattern):
    """What a tool of valgrind counts for one request."""
    totals = []
    for count in (FEW, MANY):
        out = program.directory / f"{tool}-%p.out"
        prefix = ["valgrind", f"--tool={tool}", f"--{tool}-out-file={out}"]
        daemon = program.daemon(command, f"-{tool}-{count}-{'vote' if ballot else 'get'}", workers=1, prefix=prefix)
        _ask(daemon.port, command, ballot, count)
        daemon.stop()
        totals.append(_numbers(daemon.log.read_text(), pattern))
    return [(many - few) / (MANY - FEW) for few, many in zip(*totals)]


def _system_calls(program, command, ballot):
    daemon = program.daemon(command, f"-strace-{'vote' if ballot else 'get'}", workers=1)
    out = program.place.root / f"{daemon.name}.out"
    _ask(daemon.port, command, ballot, FEW)
    tracer = program.place.start(
        f"{daemon.name}-tracer", ["strace", "-f", "-c", "-o", out, "-p", daemon.pid], stop="INT"
    )
    tracer.wait_until(lambda: "attached" in tracer.log.read_text(), "attach")
    time.sleep(0.5)
    _ask(daemon.port, command, ballot, MANY)
    tracer.stop()
    daemon.stop()
    return _counted(out.read_text(), MANY)


def _counted(text, requests):
    """The system calls of a request, by the table of `strace -c`."""
    calls = {}
    for line in text.splitlines():
        fields = line.split()
        if len(fields) >= 5 and re.fullmatch(r"[\d.]+", fields[0]) and fields[-1] != "total":
            calls[fields[-1]] = int(fields[3]) / requests
    return calls


def _ask(port, command, ballot, count):
    """Requests on one connection, each answered as it should be."""
    headers, bodies = ballot or ({}, [None])
    headers = {**headers, "Host": f"127.0.0.1:{port}"}
    if ballot:
        headers["Origin"] = f"http://127.0.0.1:{port}"
    method, path, status = ("POST", VOTE, 303) if ballot else ("GET", DETAIL, 200)
    ask = _by_fastcgi(port) if command == "fastcgi" else _by_http(port)
    for number in range(count):
        body = bodies[number % len(bodies)]
        got = ask(method, path, headers, body)
        if got != status:
            raise answers.Failure(f"{method} {path} is answered {got}")


def _by_http(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(method, path, headers, body):
        connection.request(method, path, body, {**dict(data.TOLD), **headers})
        response = connection.getresponse()
        response.read()
        return response.status

    return ask


def _by_fastcgi(port):
    connection = FastCgi(port)
    return lambda method, path, headers, body: connection.request(method, path, headers, (body or "").encode())
