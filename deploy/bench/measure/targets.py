"""What the benchmark must show: each measure with its limit and what this run says."""

from dataclasses import asdict, dataclass

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

    @property
    def verdict(self):
        if self.value is None:
            return "not measured"
        met = self.value <= self.limit if self.at_most else self.value >= self.limit
        return "met" if met else "missed"

    @property
    def shown(self):
        if self.value is None:
            return "–"
        if self.unit == "%":
            return f"{self.value * 100:.0f} %"
        return f"{self.value:.2f} ×" if self.unit == "×" and self.value < 10 else f"{self.value:.1f} {self.unit}"

    def as_dict(self):
        return asdict(self) | {"verdict": self.verdict}


def all_of(results):
    return [*_bare(results), *_django(results), *_cache(results), *_votes(results), *_parts(results)]


def _bare(results):
    for way in ("direct", "http", "fcgi", "fcgid", "cgi"):
        ours, bare = f"polls-{way}-SQLite", f"bare-{way}-none"
        rate, p99 = (results.ratio(ours, bare, metric) for metric in ("rate", "p99"))
        if rate is None and way in ("fcgid", "cgi"):
            continue
        yield Target(f"pages, {way}, against a bare handler", "90 %", rate, 0.9, unit="%")
        yield Target(f"p99 of pages, {way}, against a bare handler", "≤ 1.25 ×", p99, 1.25, at_most=True)


def _django(results):
    django = results.better(MODES)
    for way, limit, bare_limit in (("http", 15, 17), ("fcgi", 13, 15), ("direct", 50, 58)):
        bare = results.ratio(f"bare-{way}-none", django)
        note = f"a bare handler: {bare:.1f} ×, where {bare_limit} is usual" if bare else ""
        value = results.ratio(f"polls-{way}-SQLite", django)
        yield Target(f"pages, {way}, against Django's better mode", f"{limit} ×", value, limit, note=note)


def _cache(results):
    django = results.better(MODES)
    for way in ("http-cache", "fcgi-cache", "http-cache-quick", "fcgi-cache-quick"):
        ours = f"polls-{way}-SQLite"
        yield Target(f"pages, {way}, against Django's better mode", "30 ×", results.ratio(ours, django), 30)
        file = results.ratio(ours, FASTEST_FILE)
        yield Target(f"pages, {way}, against a static file of the same bytes", "90 %", file, 0.9, unit="%")


def _votes(results):
    django = results.better(MODES, "vote")
    for way, limit in (("http", 12), ("fcgi", 10)):
        value = results.path_ratio(f"polls-{way}-SQLite", django, "vote")
        yield Target(f"durable votes, {way}, against Django's", f"{limit} ×", value, limit)


def _parts(results):
    in_process, hot = results.parts.get("in_process") or {}, results.parts.get("hot_poll")
    yield Target(
        "durable votes in-process, 1,000 waiting, against one commit per vote",
        "50 ×",
        in_process.get("SQLite", {}).get(AGAINST_COMMITS),
        50,
    )
    yield Target(
        "PostgreSQL, one hot poll, two processes, against one UPDATE per vote: in-process",
        "25 ×",
        in_process.get("PostgreSQL", {}).get(AGAINST_UPDATES),
        25,
    )
    yield Target(
        "the same with HTTP in front",
        "25 ×",
        hot and hot["ratio"],
        25,
    )
    memory = hot and hot["memory_mib"]
    yield Target("memory of both processes under that load", "≤ 48 MiB", memory, 48, at_most=True, unit="MiB")
    scaling = results.parts.get("scaling")
    for kind in ("pages", "votes"):
        value = scaling and scaling[kind]["ratio"]
        yield Target(f"{kind}, four processes on one PostgreSQL against one", "95 %", value, 0.95, unit="%")
    scale = results.parts.get("scale")
    for what, label in (
        ("index", "the list"),
        ("index anew", "the list, made anew for each request"),
        ("vote", "a vote"),
    ):
        much = scale and f"{scale['ballots' if what == 'vote' else 'questions']:,}"
        size = (
            f"with {much} {'ballots against 0' if what == 'vote' else 'questions against 100'}"
            if scale
            else "with much data"
        )
        value = scale and scale[what]["ratio"]
        yield Target(f"{label}, {size}: time", "≤ 1.2 ×", value, 1.2, at_most=True)
