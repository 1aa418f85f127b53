"""What processes use, by /proc: CPU time, memory, and what everybody else on the machine uses meanwhile."""

import os
import time

TICK = os.sysconf("SC_CLK_TCK")


def _stats():
    """Parent and CPU ticks (its own, and those of its children that have ended) of every process."""
    stats = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    fields = file.read().rsplit(b") ", 1)[1].split()
            except (OSError, IndexError):
                continue
            stats[int(name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    return stats


def family(roots, stats=None):
    """Processes and all their descendants."""
    stats = stats or _stats()
    found = set(roots)
    while more := {pid for pid, (parent, _) in stats.items() if parent in found} - found:
        found |= more
    return found


def memory_mib(pids):
    """The proportional set size: pages that processes share are shared out among them."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue
    return total / 1024


class Meter:
    """CPU seconds of some processes, and of everybody who has nothing to do with the run."""

    def __init__(self, roots):
        self.roots = roots
        self.begin = self._read()

    def read(self):
        """Seconds of the measured processes, and the share of the machine that others had."""
        now = self._read()
        measured = now["measured"] - self.begin["measured"]
        foreign = now["foreign"] - self.begin["foreign"] + now["steal"] - self.begin["steal"]
        total = now["total"] - self.begin["total"]
        return measured / TICK, max(0.0, foreign / total) if total else 0.0

    def rest(self):
        """Waits until the measured processes have done what they were asked: a slow one still works on its last
        requests when nobody waits for them any more, and the next one would pay for it. Five seconds at most."""
        deadline = time.monotonic() + 5
        now = self._read()["measured"]
        before = None
        while now != before and time.monotonic() < deadline:
            time.sleep(2 / TICK)
            before, now = now, self._read()["measured"]

    def _read(self):
        stats = _stats()
        measured = family(self.roots, stats)
        own = family([os.getpid()], stats) | measured
        with open("/proc/stat") as file:
            cpu = list(map(int, file.readline().split()[1:9]))
        return {
            "measured": sum(stats[pid][1] for pid in measured if pid in stats),
            "foreign": sum(ticks for pid, (_, ticks) in stats.items() if pid not in own),
            "steal": cpu[7],
            "total": sum(cpu),
        }


def of_others(seconds):
    """The share of the machine that others have while nothing is measured."""
    meter = Meter([])
    time.sleep(seconds)
    return meter.read()[1]
