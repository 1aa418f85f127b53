"""The machine of a run, without its name, and whether it was left alone."""

import os
import platform
import re
import subprocess
import time
from pathlib import Path

from .place import REPOSITORY, TARGET

# More than this share of all cores taken by others spoils a shot.
TOLERATED = 0.05


def describe(place):
    versions = {
        "Apache": _first(["/usr/sbin/apache2", "-v"], r"Apache/([\d.]+)"),
        "mod_wsgi": _package("libapache2-mod-wsgi-py3"),
        "mod_fcgid": _package("libapache2-mod-fcgid"),
        "PostgreSQL": _first(["psql", "--version"], r"([\d.]+)"),
        "Python": _first(["/usr/bin/python3", "--version"], r"([\d.]+)"),
        "Django": _first([TARGET / "bench-venv/bin/python", "-m", "django", "--version"], r"([\d.]+)"),
        "wrk": _package("wrk"),
        "rustc": _first(["rustc", "--version"], r"([\d.]+)"),
        "polls": _first(["git", "-C", REPOSITORY, "rev-parse", "--short=12", "HEAD"], r"(\w+)"),
    }
    cpu = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return {
        "cpu": cpu[1].strip() if cpu else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "virtual": bool(re.search(r"^flags.* hypervisor", Path("/proc/cpuinfo").read_text(), re.M)),
        "kernel": re.match(r"[\d.]+", platform.release())[0].rstrip("."),
        "system": release.get("PRETTY_NAME", "").strip('"'),
        "disk": _first(["findmnt", "-n", "-o", "FSTYPE", "-T", place.root], r"(\w+)"),
        "commit_ms": round(commit_time(place) * 1000, 3),
        "versions": versions,
    }


def commit_time(place):
    """Seconds until a page that was written is on disk, the median."""
    times = []
    with open(place.root / "commit", "wb", buffering=0) as file:
        for _ in range(200):
            begin = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - begin)
    return sorted(times)[len(times) // 2]


def busy(others_before, samples):
    """How busy others kept the machine before the run and during its shots."""
    shares = sorted(sample["others"] for sample in samples)
    spoilt = sum(share > TOLERATED for share in shares)
    middle = shares[len(shares) // 2] if shares else 0.0
    return {
        "others_before": round(others_before, 4),
        "others_median": round(middle, 4),
        "others_most": round(shares[-1], 4) if shares else 0.0,
        "spoilt": spoilt,
        "shots": len(shares),
        "was_busy": others_before > TOLERATED or spoilt > len(shares) / 10,
    }


def sentence(busy_facts):
    facts = (
        f"others had {busy_facts['others_before']:.1%} of the cores before the run, {busy_facts['others_median']:.1%} in "
        f"the middle shot and {busy_facts['others_most']:.1%} in the worst; in {busy_facts['spoilt']} of "
        f"{busy_facts['shots']} shots more than {TOLERATED:.0%}"
    )
    return (
        f"**The machine was busy**, so absolute figures and ratios are unsure: {facts}."
        if busy_facts["was_busy"]
        else (f"The machine was quiet: {facts}.")
    )


def _package(name):
    return _first(["dpkg-query", "--show", "--showformat=${Version}", name], r"(?:\d+:)?([\d.]+)")


def _first(command, pattern):
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    except OSError:
        return "?"
    found = re.search(pattern, done.stdout)
    return found[1] if found else "?"
