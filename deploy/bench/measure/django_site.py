"""What a user would pick instead: the same site in Django under mod_wsgi, in its embedded and its daemon mode."""

import shutil

from . import apache, load
from .answers import DETAIL, fetch
from .databases import Sqlite
from .place import REPOSITORY, TARGET

USER = apache.USER
MODULES = ["alias", "authz_core", "mime", "setenvif", "wsgi"]
# Processes and threads that are tried in each mode; the fastest is measured. (Embedded, a thread is needed for
# every connection that asks, or Apache closes some.)
SIZES = {
    "embedded": ((2, 16), (2, 32), (2, 64)),
    "daemon": ((2, 2), (2, 5), (2, 15), (3, 5)),
}


class Django:
    """The site and its database; hands out an Apache for each mode."""

    def __init__(self, place, name, static, database=None):
        self.place, self.name, self.static = place, name, static
        self.directory = place.directory(name, USER)
        self.database = database or Sqlite(place, self.directory / "db.sqlite3", USER)
        self.library, self.source = _installed(place)
        self.place.run(
            ["/usr/bin/python3", self.source / "manage.py", "migrate", "-v0"], USER, self.environment(), self.source
        )
        self.database.fill()

    def environment(self):
        return {
            "PYTHONPATH": f"{self.library}:{self.source}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "mysite.settings",
            "BENCH_DATABASE": self.database.django,
        }

    def tuned(self, seconds, report=print):
        """The fastest processes and threads of each mode, by trying; `{mode: (processes, threads)}`."""
        chosen = {}
        for mode, sizes in SIZES.items():
            trials = {}
            for size in sizes:
                process, port = self.start(mode, size, trial=True)
                # Every process imports everything before any time is taken.
                for _ in range(20):
                    fetch(port, DETAIL)
                load.get(port, DETAIL, 32, 1)
                shot = load.get(port, DETAIL, 32, seconds)
                process.stop()
                # One that drops connections is not the best, however fast.
                trials[size] = (shot["errors"] == 0, shot["rate"])
                report(f"Django, {mode}, {size[0]} processes of {size[1]} threads: {shot['rate']:.0f} pages/s")
            chosen[mode] = max(sizes, key=trials.get)
        return chosen

    def start(self, mode, size, trial=False):
        """An Apache with this site: the interpreter within its own processes, or in daemons behind it."""
        processes, threads = size
        name = f"{mode}-{processes}-{threads}" if trial else mode
        if mode == "embedded":
            head = f"WSGIPythonPath {self.library}:{self.source}\n"
            return self._start(name, head, "%{GLOBAL}", apache.Mpm(processes, threads))
        head = (
            f"WSGIDaemonProcess site processes={processes} threads={threads} "
            f"python-path={self.library}:{self.source} lang=C.UTF-8\nWSGIRestrictEmbedded On\n"
        )
        return self._start(name, head, "site", apache.Mpm())

    def _start(self, name, head, group, mpm):
        # The script sets what is not in the environment of Apache's processes.
        script = self.directory / f"{name}.wsgi"
        script.write_text(
            f"import os\nos.environ.update({self.environment()!r})\nfrom mysite.wsgi import application\n"
        )
        site = (
            f"{head}{apache.LOG_FORMAT}ServerTokens Prod\n"
            f"WSGIScriptAlias / {script} process-group={group} application-group=%{{GLOBAL}}\n"
            f'Alias /static/ "{self.static}/"\n'
            f"<Directory {self.directory}>\n    Require all granted\n</Directory>\n"
            f"<Directory {self.static}>\n    Require all granted\n    EnableMMAP Off\n</Directory>\n"
        )
        return apache.start(self.place, f"{self.name}-{name}", MODULES, site, mpm=mpm)


def _installed(place):
    """Django and the site's source where the user that runs Apache may read them."""
    library, source = place.root / "django-library", place.root / "django-source"
    if not library.exists():
        packages = next((TARGET / "bench-venv/lib").glob("python3*")) / "site-packages"
        shutil.copytree(packages, library)
        shutil.copytree(REPOSITORY / "deploy/bench/django", source)
        for compiled in (library, source):
            place.run(["/usr/bin/python3", "-m", "compileall", "-q", compiled])
    return library, source
