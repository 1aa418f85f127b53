"""What was measured, looked at in the ways that the report needs."""

from math import prod
from statistics import median
from typing import NamedTuple

from .answers import PAGES
from .place import Failure


class Results:
    """All samples of a run, and what was measured once."""

    def __init__(self, pages=(), votes=(), memory=None, **parts):
        self.pages, self.votes, self.memory, self.parts = list(pages), list(votes), memory or {}, parts

    def __contains__(self, key):
        return any(sample["system"] == key for sample in [*self.pages, *self.votes])

    def keys(self, samples):
        return list(dict.fromkeys(sample["system"] for sample in samples))

    def value(self, key, path, metric="rate", connections=32):
        """The median over the rounds, or None where it was not measured."""
        values = list(self._by_round(key, path, metric, connections).values())
        return median(values) if values else None

    def mean(self, key, metric="rate", connections=32):
        """The geometric mean of the four pages' medians."""
        values = [self.value(key, path, metric, connections) for path in PAGES]
        if None in values or 0 in values:
            return None
        return _geometric_mean(values)

    def ratio(self, key, other, metric="rate", paths=PAGES, connections=32):
        """How two systems compare, or None where one was not measured: the geometric mean of what each page says."""
        by_path = [self._ratios(key, other, path, metric, connections) for path in paths]
        if not all(by_path):
            return None
        rounds = [_geometric_mean(ratios) for ratios in zip(*by_path, strict=True)]
        return Ratio(_geometric_mean([middle(ratios) for ratios in by_path]), min(rounds), max(rounds))

    def _ratios(self, key, other, path, metric, connections):
        """What each round says, in their order."""
        mine, theirs = (self._by_round(each, path, metric, connections) for each in (key, other))
        if 0 in mine.values() or 0 in theirs.values():
            raise Failure(f"{key} or {other} answered nothing for {path} in a round")
        return [mine[number] / theirs[number] for number in sorted(mine) if number in theirs]

    def better(self, keys, path=None):
        """The fastest of some systems by their pages, or by a path."""
        known = [key for key in keys if key in self]
        measure = self.mean if path is None else lambda key: self.value(key, path)
        return max(known, key=lambda key: measure(key) or 0, default=None)

    def total(self, key, name, path=None, connections=None):
        """A count added up over all shots of a system."""
        samples = self.votes if path == "vote" else self.pages
        return sum(
            sample.get(name, 0)
            for sample in samples
            if sample["system"] == key and connections in (None, sample["connections"])
        )

    def _by_round(self, key, path, metric, connections):
        return {sample["round"]: sample[metric] for sample in self._samples(key, path, connections)}

    def _samples(self, key, path, connections):
        samples = self.votes if path == "vote" else self.pages
        wanted = (key, path, connections)
        return [each for each in samples if (each["system"], each["path"], each["connections"]) == wanted]


class Ratio(NamedTuple):
    """What a comparison says in all, and what the rounds say that differ most."""

    value: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, rounds):
        return cls(middle(rounds), min(rounds), max(rounds))


def middle(rounds):
    """The rounds of a comparison taken together. In one round both were measured soon after each other, so that a
    machine that is slow for a minute is slow for both, and in the next one in the opposite order. The median of each
    order counts, so that neither a bad shot does nor who was first."""
    return _geometric_mean([median(order) for order in (rounds[::2], rounds[1::2]) if order])


def _geometric_mean(values):
    return prod(values) ** (1 / len(values))
