"""The ballot box alone, without gateways: `cargo bench --bench ballot_box` on SQLite and on PostgreSQL."""

import json
import os
import subprocess

from .place import REPOSITORY, Failure

# As many voters as wait at once, and the seconds of each of its measurements.
VOTERS, SECONDS = 1000, 3


def measure(place, server):
    """What the bench says of each kind of database, or None where there is no such bench."""
    if '"ballot_box"' not in (REPOSITORY / "Cargo.toml").read_text():
        return None
    database = server.create("ballot_box")
    urls = {"SQLite": f"sqlite://{place.root}/ballot_box.sqlite3", "PostgreSQL": database.url}
    options = ["--voters", str(VOTERS), "--seconds", str(SECONDS)]
    command = [_built(), *urls.values(), *options]
    done = subprocess.run(command, cwd=place.root, capture_output=True, text=True, check=False, timeout=600)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("[", "{"))]
    if done.returncode != 0 or not lines:
        raise Failure(f"the bench of the ballot box failed: {done.stderr[-2000:]}")
    found = json.loads(lines[-1])
    return dict(zip(urls, found if isinstance(found, list) else [found]))


def _built():
    """The bench as a program, so that nothing is built while it is measured."""
    command = ["cargo", "bench", "--no-run", "--profile", "dist", "--features", "postgres", "--bench", "ballot_box"]
    done = subprocess.run(
        [*command, "--message-format=json"],
        cwd=REPOSITORY,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "ballot_box":
            return message["executable"]
    raise Failure(f"the bench of the ballot box cannot be built: {done.stderr[-2000:]}")
