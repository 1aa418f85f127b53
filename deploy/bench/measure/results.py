"""What was measured, looked at in the ways that the report needs."""

from math import prod
from statistics import median

from .answers import PAGES


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
        return prod(values) ** (1 / len(values))

    def ratio(self, key, other, metric="rate", connections=32):
        """How the pages of two systems compare: the geometric mean of what each page says."""
        ratios = [self.path_ratio(key, other, path, metric, connections) for path in PAGES]
        return None if None in ratios else prod(ratios) ** (1 / len(ratios))

    def path_ratio(self, key, other, path, metric="rate", connections=32):
        """How two systems compare on one path, or None where it was not measured."""
        mine, theirs = (self._by_round(each, path, metric, connections) for each in (key, other))
        common = [number for number in mine if theirs.get(number)]
        return middle_ratio([mine[number] for number in common], [theirs[number] for number in common])

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


def middle_ratio(mine, theirs):
    """The median of what each round says: in one round both were measured soon after each other, so that a machine
    that is slow for a minute is slow for both."""
    return median(one / other for one, other in zip(mine, theirs, strict=True)) if mine else None
