"""wrk: many connections that ask again as soon as they are answered."""

import json
import os
import subprocess
from pathlib import Path

from . import data
from .place import Failure

SCRIPTS = Path(__file__).parent / "lua"
THREADS = 2
# Seconds after the last vote was sent, in which the answers come; Django may wait for SQLite's lock for some.
DRAIN = 6


def _command(port, path, connections, seconds, script, headers=()):
    command = ["wrk", "-t", min(THREADS, connections), "-c", connections, "-d", f"{seconds}s", "--timeout", "10s"]
    for name, value in (*data.TOLD, *headers):
        command += ["-H", f"{name}: {value}"]
    return [str(part) for part in [*command, "-s", SCRIPTS / script, f"http://127.0.0.1:{port}{path}"]]


def _start(command, env=()):
    return subprocess.Popen(
        command, env={**os.environ, **dict(env)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _result(process):
    output, _ = process.communicate()
    lines = [line for line in output.splitlines() if line.startswith('{"requests"')]
    if process.returncode != 0 or not lines:
        raise Failure(f"wrk failed: {output[-1000:]}")
    result = json.loads(lines[-1])
    result["errors"] = sum(result[kind] for kind in ("connect", "read", "write", "status", "timeout"))
    return result


def get(port, path, connections, seconds, headers=()):
    """Requests a page; the rate of those that were answered with it, and latencies in milliseconds."""
    result = _result(_start(_command(port, path, connections, seconds, "report.lua", headers)))
    result["rate"] = (result["requests"] - result["status"]) / result["seconds"]
    return result


def get_faultlessly(port, path, connections, seconds, headers=()):
    """The same where every answer has to be right."""
    return _faultless(get(port, path, connections, seconds, headers), path)


def get_from_all(ports, path, connections, seconds):
    """The same from several servers at once, with so many connections in all."""
    share = connections // len(ports)
    running = [_start(_command(port, path, share, seconds, "report.lua")) for port in ports]
    return _faultless(_together([_result(process) for process in running], seconds), path)


def _faultless(result, path):
    if result["errors"]:
        raise Failure(f"{path}: {result['errors']} of {result['requests']} answers were wrong or never came")
    return result


def vote(ballots, path, connections, seconds):
    """Votes of several clients at once, each at its port with its headers and bodies; every vote that was sent is
    answered."""
    share = connections // len(ballots)
    running = []
    for port, headers, bodies in ballots:
        variables = {
            "VOTE_HEADERS": "\n".join(f"{name}: {value}" for name, value in headers.items()),
            "VOTE_BODIES": "\n".join(bodies),
            "VOTE_SECONDS": str(seconds),
            "VOTE_REPORT": str(SCRIPTS / "report.lua"),
        }
        running.append(_start(_command(port, path, share, seconds + DRAIN, "vote.lua"), variables))
    return _together([_result(process) for process in running], seconds)


def _together(results, seconds):
    total = {
        key: sum(result[key] for result in results)
        for key in ("requests", "bytes", "errors", "status", "connect", "read", "write", "timeout")
    }
    total["rate"] = total["requests"] / seconds
    total["p50"] = sum(result["p50"] * result["requests"] for result in results) / max(1, total["requests"])
    total["p99"] = max(result["p99"] for result in results)
    return total
