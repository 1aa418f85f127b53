"""`deploy/bench/run`: see `--help`."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

from . import chart, counts, in_process, machine, pages, postgres_load, report, scale, systems, targets, usage, votes
from .answers import DETAIL, HOME, PACKED, PAGES
from .databases import PostgresServer
from .django_site import Django
from .place import Failure, Place
from .plan import FULL, PARTS, QUICK
from .polls import Bare, Polls
from .results import Results

OUTPUT = Path(__file__).resolve().parents[1]


def main():
    options = arguments()
    # The end of this program is the end of everything it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    place = Place()
    try:
        if options.counts:
            counts.run(place, options.output, say)
        else:
            run(place, options)
    except Failure as failure:
        print(f"deploy/bench/run: nothing is reported: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        place.close()
    return 0


def arguments():
    parser = argparse.ArgumentParser(prog="deploy/bench/run", description="Measures polls against Django and Apache.")
    parser.add_argument("--quick", action="store_true", help="the rows that the targets need, some 7 minutes")
    parser.add_argument("--only", action="append", choices=PARTS, metavar="NAME", help=f"one of {', '.join(PARTS)}")
    parser.add_argument("--counts", action="store_true", help="instructions, allocations, system calls of a request")
    parser.add_argument(
        "--output", type=Path, metavar="DIRECTORY", help="where the results go; with --only they are printed alone"
    )
    options = parser.parse_args()
    if options.output is None and not options.only:
        options.output = OUTPUT
    return options


BEGUN = time.monotonic()


def say(message):
    print(f"[{time.monotonic() - BEGUN:5.0f} s] {message}", flush=True)


def run(place, options):
    plan = QUICK if options.quick else FULL
    parts = options.only or PARTS
    others_before = usage.of_others(3)
    facts = machine.describe(place)
    results = Results()
    if "pages" in parts or "votes" in parts:
        measure_systems(place, plan, parts, results)
    if "in-process" in parts or "postgres" in parts:
        server = PostgresServer(place)
        if "in-process" in parts:
            say("the ballot box alone")
            results.parts["in_process"] = in_process.measure(place, server)
        if "postgres" in parts:
            results.parts["hot_poll"] = postgres_load.hot_poll(place, server, plan.hot_rounds, 5, say)
            results.parts["scaling"] = postgres_load.scaling(place, server, plan.hot_rounds, 1, say)
        server.process.stop()
    if "scale" in parts:
        results.parts["scale"] = scale.measure(place, plan.ballots, plan.questions, plan.scale_rounds, 2, say)
    finish(options, results, facts, machine.busy(others_before, results.pages + results.votes))


def measure_systems(place, plan, parts, results):
    """Every system on SQLite, then those that matter on PostgreSQL."""
    say("the systems start")
    all_systems, static = build(place, plan, results)
    if "pages" in parts:
        ordinary = [system for system in all_systems if system.way != "cgi"]
        cgi = [system for system in all_systems if system.way == "cgi"]
        pages.warm_up(all_systems)
        paths = [*PAGES, HOME, "static", PACKED] if plan.all_paths else list(PAGES)
        results.pages += pages.rounds(ordinary, paths, 32, plan.rounds, say)
        results.pages += pages.rounds(cgi, PAGES, 32, plan.rounds, say)
        for connections in (1, 256):
            results.pages += pages.rounds(ordinary, [DETAIL], connections, plan.edge_rounds, say)
    if "votes" in parts:
        voting = [
            system
            for system in all_systems
            if system.kind == "django" or (system.kind == "polls" and system.way in ("direct", "http", "fcgi", "fcgid"))
        ]
        results.votes += votes.rounds(voting, 32, plan.vote_rounds, plan.vote_seconds, say)
        for connections in (1, 256):
            results.votes += votes.rounds(voting, connections, plan.edge_rounds, 1, say)
    results.memory |= {system.key: system.memory_mib() for system in all_systems if system.kind != "file"}
    if plan.postgres_rounds:
        on_postgres(place, plan, parts, results, static)


def build(place, plan, results):
    """Starts every system and looks at its answers."""
    polls = Polls(place, "polls")
    static = polls.collect_static()
    made = systems.doors(polls, "polls", plan.ways, static, polls.database)
    direct = next(system for system in made if system.way == "direct")
    style = systems.static_file(direct.port)
    bare = Bare(place, "bare", direct.port, [HOME, *PAGES, style])
    made += systems.doors(bare, "bare", plan.bare_ways, static)
    made += systems.files(place, bare.answers)
    site = Django(place, "django", static)
    results.parts["django_sizes"] = sizes = site.tuned(plan.trial_seconds, say)
    made += systems.django(site, sizes)
    for system in made:
        system.expect([HOME, *PAGES])
        if system.kind != "file":
            system.paths["static"] = style
            system.expect(["static"])
        if system.kind == "polls":
            system.expect_packed()
        if "-cache" in system.way:
            systems.prove_cache(system)
    return made, static


def on_postgres(place, plan, parts, results, static):
    server = PostgresServer(place)
    polls = Polls(place, "polls-postgres", server.create("polls"))
    made = systems.doors(polls, "polls", ("direct", "http", "fcgi"), static, polls.database)
    site = Django(place, "django-postgres", static, server.create("django"))
    made += systems.django(site, results.parts["django_sizes"])
    for system in made:
        # The server works for the request, too.
        system.roots.append(server.process.pid)
        system.expect(PAGES)
    pages.warm_up(made)
    if "pages" in parts:
        results.pages += pages.rounds(made, PAGES, 32, plan.postgres_rounds, say)
        for connections in (1, 256):
            results.pages += pages.rounds(made, [DETAIL], connections, plan.postgres_rounds, say)
    if "votes" in parts:
        results.votes += votes.rounds(made, 32, plan.postgres_rounds, plan.vote_seconds, say)
    results.memory |= {system.key: system.memory_mib() for system in made}


def finish(options, results, facts, busy):
    wanted = targets.all_of(results)
    text = report.text(results, facts, busy, wanted, options.quick)
    print(text)
    if options.output is None:
        return
    options.output.mkdir(parents=True, exist_ok=True)
    document = {
        "machine": facts,
        "busy": busy,
        "targets": [target.as_dict() for target in wanted],
        "pages": results.pages,
        "votes": results.votes,
        "memory_mib": results.memory,
        **results.parts,
    }
    (options.output / "results.json").write_text(json.dumps(document, indent=1) + "\n")
    (options.output / "results.svg").write_text(chart.draw(results))
    (options.output / "RESULTS.md").write_text(text + counts.kept(options.output))


if __name__ == "__main__":
    sys.exit(main())
