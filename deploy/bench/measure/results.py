"""What was measured, looked at in the ways that the report needs."""

from math import prod
from statistics import median

from .answers import PAGES

METRICS = ("rate", "p50", "p99", "cpu_us", "others")


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
        samples = self.votes if path == "vote" else self.pages
        values = [sample[metric] for sample in samples if _is(sample, key, path, connections)]
        return median(values) if values else None

    def mean(self, key, metric="rate", connections=32):
        """The geometric mean of the four pages' medians."""
        values = [self.value(key, path, metric, connections) for path in PAGES]
        if None in values or 0 in values:
            return None
        return prod(values) ** (1 / len(values))

    def ratio(self, key, other, metric="rate", connections=32):
        """How the pages of two systems compare: round by round, the middle one."""
        mine, theirs = self._by_round(key, metric, connections), self._by_round(other, metric, connections)
        common = [mine[number] / theirs[number] for number in mine if number in theirs]
        return median(common) if common else None

    def vote_ratio(self, key, other, connections=32):
        rates = [
            {sample["round"]: sample["rate"] for sample in self.votes if _is(sample, each, "vote", connections)}
            for each in (key, other)
        ]
        common = [rates[0][number] / rates[1][number] for number in rates[0] if rates[1].get(number)]
        return median(common) if common else None

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

    def _by_round(self, key, metric, connections):
        rounds = {}
        for sample in self.pages:
            if sample["path"] in PAGES and _is(sample, key, sample["path"], connections):
                rounds.setdefault(sample["round"], []).append(sample[metric])
        return {
            number: prod(values) ** (1 / len(values)) for number, values in rounds.items() if len(values) == len(PAGES)
        }


def _is(sample, key, path, connections):
    return sample["system"] == key and sample["path"] == path and sample["connections"] == connections
