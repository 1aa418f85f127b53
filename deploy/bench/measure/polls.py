"""The program that is measured, and the bare handler beside it: settings, data and processes."""

import json
import secrets
import shutil

from . import answers
from .apache import USER
from .databases import Sqlite
from .place import TARGET, free_port, takes_connections


class Program:
    """A program with its directory and settings, run as the user that runs Apache."""

    def __init__(self, place, name, built):
        self.place, self.name = place, name
        self.directory = place.directory(name, USER)
        self.settings = self.directory / "polls.toml"
        # Where that user may run it.
        self.binary = place.root / "bin" / built.name
        if not self.binary.exists():
            self.binary.parent.mkdir(exist_ok=True)
            shutil.copy2(built, self.binary)
            self.binary.chmod(0o755)

    def configure(self, url):
        self.settings.write_text(
            f'debug = false\nsecret_key = "{secrets.token_hex(32)}"\nallowed_hosts = ["127.0.0.1"]\n'
            f'trusted_proxies = ["127.0.0.1"]\ndatabase_url = "{url}"\n'
            # The program's own request log is off, as Django has none; Apache formats its own for all.
            '[log]\nlevel = "warn"\n'
        )

    def environment(self, **more):
        return {"POLLS_CONFIG": str(self.settings), **more}

    def run(self, *arguments):
        return self.place.run([self.binary, *arguments], USER, self.environment(), self.directory)

    def daemon(self, command, name="", workers=None, prefix=()):
        """`serve` or `fastcgi`, on a unix socket and a port."""
        name = f"{self.name}-{command}{name}"
        socket, port = self.directory / f"{name}.sock", free_port()
        environment = self.environment(POLLS_SERVER__BIND=f"unix:{socket},127.0.0.1:{port}")
        if workers:
            environment["POLLS_SERVER__WORKERS"] = str(workers)
        process = self.place.start(name, [*prefix, self.binary, command], USER, environment, self.directory)
        process.wait_until(lambda: takes_connections(port) and takes_connections(socket), "take connections", 120)
        process.socket, process.port = socket, port
        return process


class Polls(Program):
    """A site on one database, made as an administrator makes it."""

    def __init__(self, place, name, database=None):
        super().__init__(place, name, TARGET / "bench" / ("polls-postgres" if database else "polls-sqlite"))
        self.database = database or Sqlite(place, self.directory / "polls.sqlite3", USER)
        self.configure(self.database.url)
        self.run("migrate")
        self.database.fill()

    def collect_static(self):
        """The static files as the program writes them for the web server."""
        directory = self.place.directory("static", USER)
        self.run("collectstatic", directory)
        return directory


class Bare(Program):
    """Answers from memory what the program at a port answers."""

    def __init__(self, place, name, port, paths):
        super().__init__(place, name, TARGET / "dist/bare")
        self.configure(f"sqlite://{self.directory}/none.sqlite3")
        self.answers = answers.recorded(port, paths)
        (self.directory / "answers.json").write_text(json.dumps(self.answers))
