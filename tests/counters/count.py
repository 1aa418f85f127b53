"""Counts elections with libraries that others wrote.

Reads a JSON list of elections, `{"kind", "choices", "ballots": [[[choice, value], ...], ...]}`, from standard input, and
prints a JSON list with the answers of each counter to each election. A winner is null where the counter finds a tie
that it cannot break.
"""

import collections
import json
import sys

import pyrankvote
import starvote
import votelib.component.quota
import votelib.evaluate.cardinal
import votelib.evaluate.core
import votelib.evaluate.sequential


def by_pyrankvote(choices, ballots):
    candidates = {choice: pyrankvote.Candidate(str(choice)) for choice in choices}
    result = pyrankvote.instant_runoff_voting(
        list(candidates.values()),
        [pyrankvote.Ballot([candidates[choice] for choice, _ in ballot]) for ballot in ballots],
    )
    first_round = {int(one.candidate.name): round(one.number_of_votes) for one in result.rounds[0].candidate_results}
    return {"winner": int(result.get_winners()[0].name), "first_round": sorted(first_round.items())}


def by_votelib(choices, ballots):
    votes = collections.Counter(tuple(choice for choice, _ in ballot) for ballot in ballots)
    # Without a retainer of its own it takes exhausted ballots for a candidate.
    counter = votelib.evaluate.sequential.TransferableVoteSelector(retainer=votelib.evaluate.core.Plurality())
    rounds = []
    try:
        for number in range(1, len(choices) + 1):
            totals, winners = counter.nth_count(votes, 1, number)
            rounds.append(sorted((choice, votes) for choice, votes in totals.items() if choice is not None))
            if winners:
                return {"winner": winners[0], "rounds": rounds}
    except NotImplementedError:
        return {"winner": None, "rounds": rounds}


def ranked(choices, ballots):
    return {"pyrankvote": by_pyrankvote(choices, ballots), "votelib": by_votelib(choices, ballots)}


def by_starvote(ballots):
    named = [{str(choice): points for choice, points in ballot.items()} for ballot in ballots]
    try:
        [winner] = starvote.star_voting(named, maximum_score=5, tiebreaker=None)
        return int(winner)
    except starvote.UnbreakableTieError:
        return None


def star(choices, ballots):
    ballots = [dict.fromkeys(choices, 0) | dict(ballot) for ballot in ballots]
    counter = votelib.evaluate.cardinal.STAR(unscored_value=0)
    return {"starvote": by_starvote(ballots), "votelib": highest(counter, ballots)}


def score(choices, ballots):
    ballots = [dict.fromkeys(choices, 0) | dict(ballot) for ballot in ballots]
    return {"votelib": highest(votelib.evaluate.cardinal.ScoreVoting("sum", unscored_value=0), ballots)}


def highest(counter, ballots):
    return winners(counter.evaluate(collections.Counter(frozenset(ballot.items()) for ballot in ballots)))


def marked(choices, ballots):
    votes = collections.Counter(choice for ballot in ballots for choice, _ in ballot)
    return {"votelib": winners(votelib.evaluate.core.Plurality().evaluate(votes))}


def winners(elected):
    """The one winner of votelib, several where they are tied; none where a tie leaves it without a run-off."""
    is_tie = any(isinstance(one, votelib.evaluate.core.Tie) for one in elected)
    return sorted(elected[0]) if is_tie else elected


COUNTERS = {"ranked": ranked, "star": star, "score": score, "single": marked, "several": marked, "approval": marked}

elections = json.load(sys.stdin)
json.dump([COUNTERS[one["kind"]](one["choices"], one["ballots"]) for one in elections], sys.stdout)
