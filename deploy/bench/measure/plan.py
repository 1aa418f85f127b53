"""What is measured, in which order and for how long."""

from dataclasses import dataclass

from .systems import WAYS

PARTS = ("pages", "votes", "in-process", "postgres", "scale")


@dataclass(frozen=True)
class Plan:
    ways: tuple
    bare_ways: tuple
    # Rounds for every page at 32 connections, half of them in the opposite order; and for one page at 1 and 256.
    rounds: int
    edge_rounds: int
    # Beside the four pages: the home page, a static file, and a page as browsers ask for it.
    all_paths: bool
    # Pages and votes on PostgreSQL as well.
    postgres_rounds: int
    vote_rounds: int
    vote_seconds: int
    hot_rounds: int
    scale_rounds: int
    # Seconds of each try at Django's processes and threads.
    trial_seconds: int
    questions: int
    ballots: int


FULL = Plan(
    ways=tuple(WAYS),
    bare_ways=("direct", "http", "fcgi", "fcgid", "cgi"),
    rounds=6,
    edge_rounds=2,
    all_paths=True,
    postgres_rounds=2,
    vote_rounds=4,
    vote_seconds=2,
    hot_rounds=4,
    scale_rounds=6,
    trial_seconds=2,
    questions=1_000_000,
    ballots=10_000_000,
)

QUICK = Plan(
    ways=("direct", "http", "fcgi", "http-cache", "fcgi-cache", "http-cache-quick", "fcgi-cache-quick"),
    bare_ways=("direct", "http", "fcgi"),
    rounds=2,
    edge_rounds=0,
    all_paths=False,
    postgres_rounds=0,
    vote_rounds=2,
    vote_seconds=2,
    hot_rounds=2,
    scale_rounds=2,
    trial_seconds=1,
    questions=1_000_000,
    ballots=1_000_000,
)
