"""PostgreSQL with several processes of the program: one hot poll, and four processes against one."""

import re
import threading
import time
from statistics import median

from . import data, load, usage, votes
from .answers import PAGES
from .polls import Polls

# As many clients as do best for single updates of one row.
PGBENCH_CLIENTS = 32
# What four processes are compared with one by, and who vote at the same time: a process for itself has the larger
# batches, and the fewer clients there are the more that tells.
SCALING = {"pages": None, "votes of 256 clients": 256, "votes of 1,000 clients": 1000}
VOTE_SECONDS = 3


class Memory(threading.Thread):
    """The most memory that processes had together, looked at while they work."""

    def __init__(self, pids):
        super().__init__(daemon=True)
        self.pids, self.peak = pids, 0.0
        self._enough = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._enough.set()
        self.join()

    def run(self):
        while not self._enough.wait(0.5):
            self.peak = max(self.peak, usage.memory_mib(self.pids))


def single_updates(server, database, seconds):
    """Votes a second where each is one UPDATE of one row and one commit."""
    script = server.place.root / "update.sql"
    script.write_text(f"UPDATE polls_choice SET votes = votes + 1 WHERE id = {data.POLL};\n")
    binary = server.binaries / "pgbench"
    output = server.place.run(
        [binary, "-n", "-c", PGBENCH_CLIENTS, "-j", 2, "-T", seconds, "-f", script, "-M", "prepared"]
        + ["-h", "127.0.0.1", "-p", server.port, "-U", "polls", database.name]
    )
    return float(re.search(r"^tps = ([\d.]+)", output, re.M)[1])


def hot_poll(place, server, count, seconds, report=print):
    """Two processes that share one poll, against single updates, in turns; and their memory meanwhile."""
    site = Polls(place, "hot", server.create("hot"))
    daemons = [site.daemon("serve", name) for name in ("a", "b")]
    pids = [daemon.pid for daemon in daemons]
    shots, singles, peak = [], [], 0.0
    for number in range(count):
        if number % 2 == 0:
            singles.append(single_updates(server, site.database, seconds))
        with Memory(pids) as memory:
            shot = votes.cast(
                site.database, [daemon.port for daemon in daemons], pids, 512, seconds, ballots_are_kept=True
            )
        if number % 2 == 1:
            singles.append(single_updates(server, site.database, seconds))
        peak = max(peak, memory.peak)
        shots.append(shot)
        report(f"one hot poll: round {number + 1} of {count}: {singles[-1]:.0f} and {shot['rate']:.0f} votes/s")
    # Pages as well: the memory of a site is that of both.
    with Memory(pids) as memory:
        for path in PAGES:
            load.get_from_all([daemon.port for daemon in daemons], path, 64, 1)
    for daemon in daemons:
        daemon.stop()
    keys = ("rate", "p50", "p99", "cpu_us", "errors", "acknowledged", "counted", "others")
    return {key: median(shot[key] for shot in shots) for key in keys} | {
        "single": median(singles),
        "ratios": [shot["rate"] / single for shot, single in zip(shots, singles, strict=True)],
        "memory_mib": max(peak, memory.peak),
        "acknowledged": sum(shot["acknowledged"] for shot in shots),
        "counted": sum(shot["counted"] for shot in shots),
        "errors": sum(shot["errors"] for shot in shots),
    }


def scaling(place, server, count, seconds, report=print):
    """Four processes against one, for pages and for votes, from the same number of clients and connections."""
    site = Polls(place, "scaling", server.create("scaling"))
    daemons = [site.daemon("serve", name) for name in "abcd"]
    pids = [daemon.pid for daemon in daemons]
    rates = {(kind, many): [] for kind in SCALING for many in (1, 4)}
    for number in range(count):
        for many in (1, 4) if number % 2 == 0 else (4, 1):
            ports = [daemon.port for daemon in (daemons if many == 4 else daemons[:1] * 4)]
            product = 1.0
            for path in PAGES:
                product *= load.get_from_all(ports, path, 32, seconds)["rate"]
            rates["pages", many].append(product ** (1 / len(PAGES)))
            for kind, clients in SCALING.items():
                if clients:
                    shot = votes.cast(site.database, ports, pids, clients, VOTE_SECONDS, True)
                    rates[kind, many].append(shot["rate"])
            time.sleep(0.2)
        report(f"four processes and one: round {number + 1} of {count}")
    for daemon in daemons:
        daemon.stop()
    return {
        kind: {
            "one": median(rates[kind, 1]),
            "four": median(rates[kind, 4]),
            "ratios": [four / one for four, one in zip(rates[kind, 4], rates[kind, 1], strict=True)],
        }
        for kind in SCALING
    }
