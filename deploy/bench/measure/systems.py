"""Everything that is measured side by side: each way in to the program, to the bare handler, Django, plain files."""

from dataclasses import dataclass, field
from pathlib import Path

from . import answers, apache, usage
from .answers import BROWSERS, DETAIL, HOME, PACKED, PAGES, Expected
from .place import Failure

# A way in: the shipped site file and the command behind it. None: nothing in front, or Apache starts the program.
WAYS = {
    "direct": (None, "serve"),
    "http": ("embedded.conf", "serve"),
    "http-tcp": ("embedded.conf", "serve"),
    "fcgi": ("daemon-proxy_fcgi.conf", "fastcgi"),
    "fcgi-tcp": ("daemon-proxy_fcgi.conf", "fastcgi"),
    "fcgid": ("daemon-fcgid.conf", None),
    "cgi": ("cgi.conf", None),
    "http-cache": ("embedded.conf", "serve"),
    "http-cache-quick": ("embedded.conf", "serve"),
    "fcgi-cache": ("daemon-proxy_fcgi.conf", "fastcgi"),
    "fcgi-cache-quick": ("daemon-proxy_fcgi.conf", "fastcgi"),
}
TITLES = {
    "direct": "directly",
    "http": "mod_proxy, HTTP",
    "http-tcp": "mod_proxy, HTTP over TCP",
    "fcgi": "mod_proxy_fcgi",
    "fcgi-tcp": "mod_proxy_fcgi over TCP",
    "fcgid": "mod_fcgid",
    "cgi": "mod_cgid",
    "http-cache": "mod_proxy, HTTP, Apache's cache",
    "http-cache-quick": "mod_proxy, HTTP, Apache's cache, quick",
    "fcgi-cache": "mod_proxy_fcgi, Apache's cache",
    "fcgi-cache-quick": "mod_proxy_fcgi, Apache's cache, quick",
    "mmap": "default",
    "no-mmap": "EnableMMAP Off",
    "embedded": "mod_wsgi embedded",
    "daemon": "mod_wsgi daemon",
}
# The order of a round: each way of polls beside the bare handler's, the caches around the file that they are compared
# with. Django, to which all are compared, comes last, where it disturbs none of them.
ORDER = (
    *("direct", "http", "http-tcp", "fcgi", "fcgi-tcp", "fcgid", "cgi"),
    *("http-cache", "http-cache-quick", "no-mmap", "fcgi-cache-quick", "fcgi-cache", "mmap"),
    *("embedded", "daemon"),
)


@dataclass
class System:
    kind: str  # polls, bare, django, file
    way: str
    database: object
    port: int
    # Processes whose families do the work.
    roots: list = field(repr=False)
    # Where a page's path is something else here.
    paths: dict = field(default_factory=dict)
    expected: dict = field(default_factory=dict, repr=False)

    @property
    def key(self):
        return f"{self.kind}-{self.way}-{self.database.kind if self.database else 'none'}"

    def expect(self, paths):
        """Looks at every answer, and keeps what the further ones have to equal."""
        for path in paths:
            self.expected[path] = Expected.of(self.port, self.paths.get(path, path))
            self.expected[path].marker = answers.MARKERS.get(path, "")
        return self

    def expect_packed(self):
        self.expected[PACKED] = Expected.of(self.port, DETAIL, BROWSERS)

    def memory_mib(self):
        """Memory of the application's processes: without Apache's, unless the application lives in them."""
        names = {"apache2"} if self.kind == "django" else {"polls-sqlite", "polls-postgres", "bare"}
        return usage.memory_mib(pid for pid in usage.family(self.roots) if _command(pid) in names)


def in_turn(systems, number):
    """All systems in the order in which a round asks them; every other round goes back."""
    ordered = sorted(systems, key=lambda system: (ORDER.index(system.way), system.kind))
    return ordered[::-1] if number % 2 else ordered


def prove_cache(system):
    """Shows that Apache answers from its memory, and first of all where it was told to."""
    ages = [answers.fetch(system.port, HOME).header("age") for _ in range(4)]
    nobody = {"Cookie": "sessionid=0", "Cache-Control": "only-if-cached"}
    is_quick = answers.fetch(system.port, HOME, headers=nobody).status == 504
    if not any(ages) or is_quick != system.way.endswith("-quick"):
        raise Failure(f"{system.key}: the ages of its pages are {ages}, its memory is asked first: {is_quick}")


def _command(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def doors(program, kind, ways, static, database=None, daemons=None):
    """A system for each way in to a program; daemons are shared by the ways that can."""
    daemons, made = {} if daemons is None else daemons, []
    for way in ways:
        site_file, command = WAYS[way]
        if command and command not in daemons:
            daemons[command] = program.daemon(command)
        daemon = daemons.get(command)
        if way == "direct":
            made.append(System(kind, way, database, daemon.port, [daemon.pid]))
            continue
        defines = {"POLLS_STATIC": static, "POLLS_HOST": "127.0.0.1", "POLLS_ACCESS_LOG": "/dev/null"}
        defines["POLLS_ERROR_LOG"] = program.directory / f"{way}-error.log"
        if way.endswith("-tcp"):
            defines["POLLS_TCP"] = f"127.0.0.1:{daemon.port}"
        elif daemon:
            defines["POLLS_SOCKET"] = daemon.socket
        else:
            defines |= {"POLLS_BIN": program.binary, "POLLS_CONFIG": program.settings}
        if "-cache" in way:
            defines["POLLS_CACHE"] = ""
        if way.endswith("-quick"):
            defines["POLLS_CACHE_QUICK"] = ""
        process, port = apache.start_shipped(program.place, f"{program.name}-{way}", site_file, defines)
        roots = [process.pid] + ([daemon.pid] if daemon else [])
        made.append(System(kind, way, database, port, roots))
    return made


def files(place, recorded):
    """Apache's own answer to the same bytes as static files, as it comes and as the shipped files set it."""
    directory = place.directory("files", apache.USER)
    paths = {}
    for answer in recorded:
        if answer["status"] == 200 and answer["path"] in (HOME, *PAGES):
            name = (answer["path"].strip("/") or "home").replace("/", "-") + ".html"
            (directory / name).write_text(answer["body"])
            paths[answer["path"]] = f"/{name}"
    made = []
    for way, setting in (("mmap", ""), ("no-mmap", "    EnableMMAP Off\n")):
        site = (
            f"{apache.LOG_FORMAT}ServerTokens Prod\nDocumentRoot {directory}\n"
            f"<Directory {directory}>\n    Require all granted\n{setting}</Directory>\n"
        )
        process, port = apache.start(place, f"files-{way}", ["authz_core", "mime"], site)
        made.append(System("file", way, None, port, [process.pid], paths))
    return made


def django(site, sizes):
    """Both modes of mod_wsgi."""
    made = []
    for mode, size in sizes.items():
        process, port = site.start(mode, size)
        made.append(System("django", mode, site.database, port, [process.pid]))
    return made


def static_file(polls_port):
    """The address of the first style sheet, as the pages name it."""
    page = answers.fetch(polls_port, HOME).body.decode()
    start = page.find("/static/css/")
    if start < 0:
        raise Failure("the home page names no style sheet")
    return page[start : page.index('"', start)]
