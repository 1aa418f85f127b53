"""Durable votes: as many as are acknowledged have to be in the database, or nothing is reported."""

from . import answers, data, load, usage
from .answers import RESULTS, VOTE
from .place import Failure
from .systems import in_turn

COUNTED = f"SELECT SUM(votes) FROM polls_choice WHERE question_id = {data.POLL}"
BALLOTS = f"SELECT COUNT(*) FROM polls_ballot WHERE question_id = {data.POLL}"


def counted(database):
    return int(database.execute(COUNTED)[0][0])


def try_one(port):
    """One vote before any are timed; hands back what a browser would send."""
    headers, bodies = answers.ballot(port)
    answer = answers.fetch(port, VOTE, "POST", bodies[0], headers)
    if answer.status not in (302, 303) or not (answer.header("location") or "").endswith(RESULTS):
        raise Failure(f"a vote at port {port} is answered {answer.status} to {answer.header('location')}")
    return headers, bodies


def cast(database, ports, roots, connections, seconds, ballots_are_kept):
    """Votes of one client for each port, for some seconds. What was acknowledged and what was counted is the same."""
    ballots = [(port, *try_one(port)) for port in ports]
    before = counted(database)
    ballots_before = int(database.execute(BALLOTS)[0][0]) if ballots_are_kept else 0
    meter = usage.Meter(roots)
    shot = load.vote(ballots, VOTE, connections, seconds)
    cpu, others = meter.read()
    meter.rest()
    shot["counted"] = counted(database) - before
    shot["acknowledged"] = shot["requests"] - shot["status"]
    # A vote whose answer never came may be counted or not.
    unanswered = shot["errors"] - shot["status"]
    if not shot["acknowledged"] <= shot["counted"] <= shot["acknowledged"] + unanswered:
        raise Failure(f"{shot['acknowledged']} votes were acknowledged and {shot['counted']} counted")
    if ballots_are_kept and int(database.execute(BALLOTS)[0][0]) - ballots_before != shot["counted"]:
        raise Failure("the totals and the ballots do not agree")
    return shot | {
        "connections": connections,
        "rate": shot["acknowledged"] / seconds,
        "cpu_us": cpu / max(1, shot["requests"]) * 1e6,
        "others": others,
    }


def rounds(systems, connections, count, seconds, report=print):
    """Every system in turn, `count` times."""
    samples = []
    for number in range(count):
        for system in in_turn(systems, number):
            shot = cast(system.database, [system.port], system.roots, connections, seconds, system.kind == "polls")
            samples.append(shot | {"system": system.key, "path": "vote", "round": number})
        report(f"votes, {connections} connections: round {number + 1} of {count}")
    return samples
