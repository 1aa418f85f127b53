"""Rounds of page requests, interleaved over all systems, so that what happens to the machine happens to all."""

from . import load, usage
from .answers import INDEX, Sampler
from .place import Failure
from .systems import in_turn

# A shot. Under mod_fcgid a request that finds no free process sleeps for a second, and a shot of one second would see
# the end of that or not, by chance.
SECONDS = 1
SECONDS_OF_WAY = {"fcgid": 3}


def measure(system, path, connections, round_number):
    """One shot: how many right answers in how much time, and for how much CPU."""
    expected = system.expected[path]
    with Sampler(system.port, expected) as sampler:
        meter = usage.Meter(system.roots)
        seconds = SECONDS_OF_WAY.get(system.way, SECONDS)
        shot = load.get(system.port, expected.path, connections, seconds, expected.headers)
        cpu, others = meter.read()
    meter.rest()
    if sampler.faults:
        raise Failure(f"{system.key} answered wrongly under load: {sampler.faults[0]}")
    # The mean answer is as long as the one that was looked at, with its head.
    mean = shot["bytes"] / max(1, shot["requests"])
    if not expected.length < mean < expected.length + 2048:
        raise Failure(f"{system.key} {path}: answers of {mean:.0f} bytes where {expected.length} were expected")
    return {
        "system": system.key,
        "path": path,
        "connections": connections,
        "round": round_number,
        "rate": shot["rate"],
        "p50": shot["p50"],
        "p99": shot["p99"],
        "cpu_us": cpu / max(1, shot["requests"]) * 1e6,
        "errors": shot["errors"],
        "others": others,
        "looked": sampler.looked,
    }


def rounds(systems, paths, connections, count, report=print):
    """Every system in turn, page by page, `count` times."""
    samples = []
    for number in range(count):
        for path in paths:
            for system in in_turn(systems, number):
                if path in system.expected:
                    samples.append(measure(system, path, connections, number))
        report(f"pages, {connections} connections: round {number + 1} of {count}")
    return samples


def warm_up(systems):
    """Processes start their threads, read their files and compile their templates before anything counts."""
    for system in systems:
        expected = system.expected.get(INDEX)
        if expected:
            load.get(system.port, expected.path, 32, 1)
