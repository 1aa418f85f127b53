"""What the benchmark must show: each measure with its limit and what this run says."""

from dataclasses import asdict, dataclass

from .postgres_load import SCALING
from .results import Ratio

MODES = ("django-embedded-SQLite", "django-daemon-SQLite")
# What the bench of the ballot box calls its ratios.
AGAINST_COMMITS = "processes_1_against_one_commit_per_vote"
AGAINST_UPDATES = "processes_2_against_one_update_per_vote"
FASTEST_FILE = "file-no-mmap-none"


@dataclass
class Target:
    measure: str
    wanted: str
    value: float | None
    # At least, or at most.
    limit: float
    at_most: bool = False
    unit: str = "×"
    note: str = ""
    # What single rounds say, from the lowest to the highest.
    rounds: tuple | None = None

    @property
    def verdict(self):
        if self.value is None:
            return "not measured"
        met = self.value <= self.limit if self.at_most else self.value >= self.limit
        return "met" if met else "missed"

    @property
    def shown(self):
        return "–" if self.value is None else self._figure(self.value)

    @property
    def shown_rounds(self):
        return " to ".join(self._figure(value) for value in self.rounds) if self.rounds else ""

    def _figure(self, value):
        if self.unit == "%":
            return f"{value * 100:.0f} %"
        return f"{value:.2f} ×" if self.unit == "×" and value < 10 else f"{value:.1f} {self.unit}"

    def as_dict(self):
        return asdict(self) | {"verdict": self.verdict}


def compared(measure, wanted, ratio, limit, **more):
    """A target whose value is a comparison."""
    if ratio is None:
        return Target(measure, wanted, None, limit, **more)
    return Target(measure, wanted, ratio.value, limit, rounds=(ratio.lowest, ratio.highest), **more)


def all_of(results):
    return [*_bare(results), *_django(results), *_cache(results), *_votes(results), *_parts(results)]


def _bare(results):
    for way in ("direct", "http", "fcgi", "fcgid", "cgi"):
        ours, bare = f"polls-{way}-SQLite", f"bare-{way}-none"
        rate, p99 = (results.ratio(ours, bare, metric) for metric in ("rate", "p99"))
        if rate is None and way in ("fcgid", "cgi"):
            continue
        yield compared(f"pages, {way}, against a bare handler", "90 %", rate, 0.9, unit="%")
        yield compared(f"p99 of pages, {way}, against a bare handler", "≤ 1.25 ×", p99, 1.25, at_most=True)


def _django(results):
    django = results.better(MODES)
    for way, limit, bare_limit in (("http", 15, 17), ("fcgi", 13, 15), ("direct", 50, 58)):
        bare = results.ratio(f"bare-{way}-none", django)
        note = f"a bare handler: {bare.value:.1f} ×, where {bare_limit} is usual" if bare else ""
        ratio = results.ratio(f"polls-{way}-SQLite", django)
        yield compared(f"pages, {way}, against Django's better mode", f"{limit} ×", ratio, limit, note=note)


def _cache(results):
    django = results.better(MODES)
    for way in ("http-cache", "fcgi-cache", "http-cache-quick", "fcgi-cache-quick"):
        ours = f"polls-{way}-SQLite"
        yield compared(f"pages, {way}, against Django's better mode", "30 ×", results.ratio(ours, django), 30)
        file = results.ratio(ours, FASTEST_FILE)
        yield compared(f"pages, {way}, against a static file of the same bytes", "90 %", file, 0.9, unit="%")


def _votes(results):
    django = results.better(MODES, "vote")
    for way, limit in (("http", 12), ("fcgi", 10)):
        ratio = results.ratio(f"polls-{way}-SQLite", django, paths=["vote"])
        yield compared(f"durable votes, {way}, against Django's", f"{limit} ×", ratio, limit)


def _parts(results):
    in_process, hot = results.parts.get("in_process") or {}, results.parts.get("hot_poll")
    commits = in_process.get("SQLite", {}).get(AGAINST_COMMITS)
    yield Target("durable votes in-process, 1,000 waiting, against one commit per vote", "50 ×", commits, 50)
    updates = in_process.get("PostgreSQL", {}).get(AGAINST_UPDATES)
    hot_measure = "PostgreSQL, one hot poll, two processes, against one UPDATE per vote: in-process"
    yield Target(hot_measure, "25 ×", updates, 25)
    yield compared("the same with HTTP in front", "25 ×", hot and Ratio.of(hot["ratios"]), 25)
    memory = hot and hot["memory_mib"]
    yield Target("memory of both processes under that load", "≤ 48 MiB", memory, 48, at_most=True, unit="MiB")
    scaling = results.parts.get("scaling")
    for kind in SCALING:
        ratio = scaling and Ratio.of(scaling[kind]["ratios"])
        yield compared(f"{kind}, four processes on one PostgreSQL against one", "95 %", ratio, 0.95, unit="%")
    yield from _scale(results.parts.get("scale"))


def _scale(scale):
    """With much data and with little."""
    for what, label, kind, little in (
        ("index", "the list", "questions", 100),
        ("index anew", "the list, made anew for each request", "questions", 100),
        ("vote", "a vote", "ballots", 0),
    ):
        size = f"{scale[kind]:,} {kind} against {little}" if scale else "much data"
        ratio = scale and Ratio.of(scale[what]["ratios"])
        yield compared(f"{label}, with {size}: time", "≤ 1.2 ×", ratio, 1.2, at_most=True)
