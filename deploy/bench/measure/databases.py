"""Databases: an SQLite file, or a database of a PostgreSQL server that belongs to the run."""

import sqlite3
from pathlib import Path

from . import data
from .place import Failure, free_port, takes_connections


class Sqlite:
    kind = "SQLite"

    def __init__(self, place, path, user):
        self.place, self.path, self.owner = place, path, user

    @property
    def url(self):
        return f"sqlite://{self.path}"

    @property
    def django(self):
        return str(self.path)

    def execute(self, *statements):
        """Statements in one transaction; the rows of the last one."""
        connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            rows = [connection.execute(statement).fetchall() for statement in statements]
            connection.execute("COMMIT")
        finally:
            connection.close()
        for beside in self.path.parent.glob(self.path.name + "*"):
            self.place.give(beside, self.owner)
        return rows[-1]

    def fill(self):
        self.execute(*data.statements())


class Postgres:
    kind = "PostgreSQL"

    def __init__(self, server, name):
        self.server, self.name = server, name

    @property
    def url(self):
        return f"postgres://polls@127.0.0.1:{self.server.port}/{self.name}"

    @property
    def django(self):
        return f"host=127.0.0.1 port={self.server.port} user=polls dbname={self.name}"

    def execute(self, *statements):
        """Statements in one transaction; the rows of the last one, as text."""
        return self.server.psql(self.name, "\n".join(statement.rstrip(";") + ";" for statement in statements))

    def fill(self):
        self.execute(*data.statements(), *data.sequences())


class PostgresServer:
    """A cluster of its own, as durable as it comes: fsync and synchronous_commit on."""

    def __init__(self, place):
        binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        if not binaries:
            raise Failure("PostgreSQL is not installed")
        self.place, self.binaries, self.port = place, binaries[-1], free_port()
        self.user = "postgres"
        directory = place.directory(f"postgres-{self.port}", self.user)
        data_directory = directory / "data"
        options = ["--auth=trust", "--username=polls", "--encoding=UTF8", "--no-locale"]
        place.run([self.binaries / "initdb", *options, "-D", data_directory], self.user, cwd=directory)
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": directory,
            "max_connections": 200,
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = place.start(
            directory.name,
            [self.binaries / "postgres", "-D", data_directory, *flags],
            self.user,
            cwd=directory,
            stop="INT",
        )
        self.process.wait_until(self._answers, "answer")

    def _answers(self):
        if not takes_connections(self.port):
            return False
        try:
            self.psql("postgres", "SELECT 1;")
            return True
        except Failure:
            return False

    def create(self, name):
        self.psql("postgres", f"CREATE DATABASE {name};", transaction=False)
        return Postgres(self, name)

    def psql(self, database, script, transaction=True):
        command = [self.binaries / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1"]
        command += ["-p", self.port, "-U", "polls", "-d", database, *(["-1"] if transaction else []), "-f", "-"]
        output = self.place.run(command, stdin=script)
        return [tuple(line.split("|")) for line in output.splitlines()]

    def version(self):
        return self.psql("postgres", "SHOW server_version;")[0][0].split()[0]
