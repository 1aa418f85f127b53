"""The tables of a run, as Markdown: for the terminal and for RESULTS.md."""

from . import machine
from .answers import BOOKMARKS, DETAIL, HOME, INDEX, PACKED, RESULTS
from .systems import TITLES
from .targets import MODES

KINDS = {"polls": "polls", "bare": "bare handler", "django": "Django", "file": "Apache, static file"}
HEAD = """# Results

Written by `deploy/bench/run`; `results.json` has every shot, `results.svg` a picture. All figures are from one run on
one machine, in interleaved rounds, and are medians; only the ratios mean something elsewhere.
"""
QUICK = "\nThis was a quick run (`--quick`): fewer systems, fewer rounds, less data.\n"
NOTES = """
- Load comes from wrk on the same cores. *Pages/s* is the geometric mean of `/polls/`, `/polls/1/`, `/polls/1/results/`
  and `/bookmark/`; p50, p99 and CPU are those pages' geometric means, and CPU is that of Apache and the application
  together (and PostgreSQL's where it is used), for each request. MiB is the PSS of the application's processes after
  all rounds; Apache's count where the application lives in them (mod_wsgi). mod_cgid starts a process for each request,
  whose CPU and memory are not counted. Under mod_fcgid a request that finds no free process sleeps for a second; so its
  p99, and that of the bare handler behind it, is one or two, and its shots are three seconds long.
- Two systems are compared round by round, in every other round in the opposite order: of each page count the median of
  the rounds in one order and that of those in the other, of the four pages the geometric mean. *Single rounds* are the
  lowest and the highest of what the rounds say. Quotients of the medians in the tables are others.
- Every answer is looked at before a system is measured and three times a second meanwhile (status, length, a text on
  the page); every vote that was acknowledged is in the database, or there is no report. *Pages/s* counts answers with
  the right status alone.
- In-process, SQLite's one commit per vote is a ballot and its total; against a total's `UPDATE` alone, as with
  PostgreSQL, stands below the tables. Parts without Apache (in-process, PostgreSQL's, much data) are not watched for
  what others do on the machine.
- The shipped site files of `deploy/apache` are used as they are. Apache formats its request log for every system, to
  /dev/null; the applications' own logs are off on both sides. All have the same MPM settings, but for mod_wsgi's
  embedded mode, whose threads are Django's.
- Django has `startproject`'s middleware, cached templates, one language (polls chooses between two), persistent
  connections, no logging, WAL with `synchronous=FULL`, `F()` in a transaction, and the fastest of several numbers of
  processes and threads, tried before the rounds.
- *gzip* is `/polls/1/` as browsers ask for it: compressed.
- The bare handler is a table of recorded answers behind the same gateways: same bytes, same headers.
"""


def text(results, facts, busy, targets, quick):
    parts = [
        HEAD,
        QUICK if quick else "",
        f"\n{machine.sentence(busy)}\n\n",
        _machine(facts),
        "\n## What it must show\n\n",
        _targets(targets),
    ]
    parts += ["\n![A chart of pages and votes a second](results.svg)\n", "\n## Pages\n", _pages(results)]
    parts += ["\n## Durable votes\n\n", _votes(results), _parts(results), "\n## How it is measured\n", NOTES]
    return "".join(parts)


def title(key):
    kind, way, database = _parts_of(key)
    return f"{KINDS[kind]}, {TITLES[way]}", "" if database == "none" else database


def _row(key):
    """Where a system stands in a table: by its database, by its kind, by its way."""
    kind, way, database = _parts_of(key)
    return database == "PostgreSQL", list(KINDS).index(kind), list(TITLES).index(way)


def _parts_of(key):
    system, database = key.rsplit("-", 1)
    return *system.split("-", 1), database


def _machine(facts):
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    return (
        f"{facts['cpu']}, {facts['cores']} cores{' (virtual)' if facts['virtual'] else ''}, {facts['memory_gib']} GiB, "
        f"{facts['system']}, Linux {facts['kernel']}; {facts['disk']}, a commit to disk takes {facts['commit_ms']} ms. "
        f"{versions}.\n"
    )


def _targets(targets):
    lines = ["| Measure | At least | Measured | Single rounds | |", "|---|---|---|---|---|"]
    for target in targets:
        note = f" ({target.note})" if target.note else ""
        cells = [target.measure, target.wanted, f"{target.shown}{note}", target.shown_rounds, target.verdict]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _pages(results):
    django = results.better(MODES)
    blocks = []
    for connections in sorted({sample["connections"] for sample in results.pages}, key=lambda n: (n != 32, n)):
        lines = [
            f"\n{connections} connections\n",
            "| | Database | Pages/s | × Django | p50 ms | p99 ms | CPU µs | MiB | Errors | `/` | `/polls/` | `/polls/1/` "
            "| results | `/bookmark/` | static | gzip |",
            "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        for key in sorted(results.keys(results.pages), key=_row):
            line = _page_line(results, key, connections, django)
            if line:
                lines.append(line)
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _page_line(results, key, connections, django):
    paths = [HOME, INDEX, DETAIL, RESULTS, BOOKMARKS, "static", PACKED]
    rates = [results.value(key, path, "rate", connections) for path in paths]
    if not any(rates):
        return None
    name, database = title(key)
    mean = results.mean(key, "rate", connections)
    ratio = results.ratio(key, django) if django and connections == 32 else None
    times = f"{ratio.value:.1f}" if ratio else ""
    cells = [
        name,
        database,
        _number(mean),
        times,
        *(_small(results.mean(key, metric, connections)) for metric in ("p50", "p99")),
        _number(results.mean(key, "cpu_us", connections)),
        _number(results.memory.get(key)),
        str(results.total(key, "errors", connections=connections)),
        *map(_number, rates),
    ]
    return "| " + " | ".join(cells) + " |"


def _votes(results):
    lines = [
        "| | Database | Connections | Votes/s | p50 ms | p99 ms | CPU µs | Acknowledged | Counted | Errors |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for key in sorted(results.keys(results.votes), key=_row):
        for connections in sorted({sample["connections"] for sample in results.votes}):
            rate = results.value(key, "vote", "rate", connections)
            if rate is None:
                continue
            name, database = title(key)
            totals = [results.total(key, each, "vote", connections) for each in ("acknowledged", "counted", "errors")]
            cells = [name, database, str(connections), _number(rate)]
            cells += [_small(results.value(key, "vote", metric, connections)) for metric in ("p50", "p99")]
            cells += [_number(results.value(key, "vote", "cpu_us", connections)), *map(_number, totals)]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _parts(results):
    lines, parts = [""], results.parts
    if sizes := parts.get("django_sizes"):
        tried = ", ".join(f"{mode} {processes} × {threads}" for mode, (processes, threads) in sizes.items())
        lines.append(f"- Django's processes and threads, the fastest of those that were tried: {tried}.")
    if hot := parts.get("hot_poll"):
        lines.append(
            f"- One hot poll on PostgreSQL, two processes, 512 connections: {hot['rate']:,.0f} votes/s (p50 "
            f"{hot['p50']:.1f} ms, p99 {hot['p99']:.1f} ms; {hot['acknowledged']:,} acknowledged, {hot['counted']:,} "
            f"counted, {hot['errors']} errors), against {hot['single']:,.0f} single updates of one row (pgbench, 32 "
            f"clients). Memory of both processes, PSS: {hot['memory_mib']:.1f} MiB."
        )
    if scaling := parts.get("scaling"):
        for kind, rates in scaling.items():
            lines.append(
                f"- PostgreSQL, {kind}, a second: one process {rates['one']:,.0f}, four {rates['four']:,.0f}."
            )
    if scale := parts.get("scale"):
        for what, times in ((what, scale[what]) for what in ("index", "index anew", "vote")):
            lines.append(
                f"- Time of {what}: {times['little']:.0f} µs with little data, {times['much']:.0f} µs with much."
            )
    for database, bench in (parts.get("in_process") or {}).items():
        figures = ", ".join(
            f"{name.replace('_', ' ')} {_plain(value)}" for name, value in bench.items() if name != "database"
        )
        lines.append(f"- The ballot box alone on {database} (`cargo bench --bench ballot_box`): {figures}.")
    return "\n".join(lines) + "\n"


def _plain(value):
    return f"{value:,.1f}" if isinstance(value, float) else str(value)


def _number(value):
    return "" if value is None else f"{value:,.0f}"


def _small(value):
    return "" if value is None else f"{value:.2f}"
