"""Much data: the list of a million questions against a hundred, and a vote into a box of ten million ballots."""

from statistics import median

from . import data, load, votes
from .answers import INDEX
from .polls import Polls

# A cookie of nobody's session: the page is made anew for every request, with all of its queries.
UNKNOWN_SESSION = [("Cookie", "sessionid=" + "0" * 32)]


def _numbers(count):
    return f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"


def many_questions(database, count):
    """Older ones than those on the first page, so that the page stays the same."""
    database.execute(
        f"INSERT INTO polls_question (question_text, pub_date) {_numbers(count)} "
        "SELECT 'Question ' || i, strftime('%Y-%m-%d %H:%M:%S', 1700000000 + i, 'unixepoch') FROM n"
    )


def many_ballots(database, count):
    """Ballots of the poll, with the indexes built at the end, which is faster and ends in the same tree."""
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'polls_ballot' AND sql IS NOT NULL"
    )
    first = data.CHOICES * (data.POLL - 1) + 1
    database.execute(
        *(f'DROP INDEX "{name}"' for name, _ in indexes),
        f"INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at) {_numbers(count)} "
        f"SELECT {data.POLL}, {first} + i % {data.CHOICES}, printf('%032x', i), '2026-01-02 00:00:00' FROM n",
        f"UPDATE polls_choice SET opening_votes = votes, votes = votes + {count // data.CHOICES} "
        f"WHERE question_id = {data.POLL}",
        *(sql for _, sql in indexes),
    )


def measure(place, ballots, questions, count, seconds, report=print):
    """Times with little and with much, in turns: of a page made anew, of a page as it comes, and of a vote."""
    sites = {"little": Polls(place, "little"), "much": Polls(place, "much")}
    many_questions(sites["much"].database, questions)
    report(f"{questions} questions written")
    many_ballots(sites["much"].database, ballots)
    report(f"{ballots} ballots written")
    daemons = {size: site.daemon("serve") for size, site in sites.items()}
    times = {(what, size): [] for what in ("index", "index anew", "vote") for size in sites}
    for number in range(count):
        for size in sorted(sites, reverse=number % 2 == 1):
            port = daemons[size].port
            times["index", size].append(1e6 / load.get_faultlessly(port, INDEX, 1, seconds)["rate"])
            anew = load.get_faultlessly(port, INDEX, 1, seconds, UNKNOWN_SESSION)
            times["index anew", size].append(1e6 / anew["rate"])
            shot = votes.cast(sites[size].database, [port], [daemons[size].pid], 1, seconds, False)
            times["vote", size].append(1e6 / shot["rate"])
        report(f"little and much: round {number + 1} of {count}")
    for daemon in daemons.values():
        daemon.stop()
    result = {"questions": questions, "ballots": ballots}
    for what in ("index", "index anew", "vote"):
        little, much = times[what, "little"], times[what, "much"]
        ratios = [long / short for long, short in zip(much, little, strict=True)]
        result[what] = {"little": median(little), "much": median(much), "ratios": ratios}
    return result
