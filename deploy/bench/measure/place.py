"""Where a run happens: a temporary directory, free loopback ports, and processes that end with the run."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target"))


class Failure(Exception):
    """The run cannot go on, or must not be reported."""


class Place:
    """A directory for everything, and everything that was started in it."""

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="polls-bench-"))
        self.root.chmod(0o755)
        self.started = []

    def directory(self, name, user=None):
        path = self.root / name
        path.mkdir(parents=True)
        self.give(path, user)
        return path

    def give(self, path, user):
        """Makes a file or directory a user's, if this runs as root; otherwise everything is one's own."""
        user = self.user(user)
        if user:
            entry = pwd.getpwnam(user)
            for each in [path, *(path.rglob("*") if path.is_dir() else [])]:
                os.chown(each, entry.pw_uid, entry.pw_gid)

    def user(self, user):
        return user if os.geteuid() == 0 else None

    def run(self, command, user=None, env=(), cwd=None, stdin=None):
        """Runs a command to its end and hands back what it printed."""
        done = subprocess.run(
            self._as(user, command),
            env=self._env(env),
            cwd=cwd or self.root,
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(f"{' '.join(map(str, command))}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def start(self, name, command, user=None, env=(), cwd=None, stop="TERM"):
        """Starts a server; its output goes to a log."""
        log = self.root / f"{name}.log"
        with open(log, "ab") as output:
            process = subprocess.Popen(
                self._as(user, command),
                env=self._env(env),
                cwd=cwd or self.root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        server = Server(name, process, log, stop)
        self.started.append(server)
        return server

    def close(self):
        for server in reversed(self.started):
            server.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def _as(self, user, command):
        # Whatever happens to this program, the servers end with it.
        change = ["setpriv", "--pdeathsig", "TERM"]
        user = self.user(user)
        if user:
            change += ["--reuid", user, "--regid", str(pwd.getpwnam(user).pw_gid), "--clear-groups"]
        return [*change, *map(str, command)]

    def _env(self, env):
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "UTC", **dict(env)}


class Server:
    """A process of ours that serves."""

    def __init__(self, name, process, log, stop):
        self.name, self.process, self.log, self.signal = name, process, log, stop

    @property
    def pid(self):
        return self.process.pid

    def wait_until(self, ready, what, seconds=30):
        deadline = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failure(f"{self.name} does not {what}:\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.02)
        return self

    def stop(self):
        if self.process.poll() is None:
            subprocess.run(["kill", f"-{self.signal}", str(self.pid)], check=False)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def takes_connections(address):
    """Whether somebody listens at a port or at the path of a unix socket."""
    try:
        if isinstance(address, int):
            socket.create_connection(("127.0.0.1", address), timeout=1).close()
        else:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(address))
        return True
    except OSError:
        return False
