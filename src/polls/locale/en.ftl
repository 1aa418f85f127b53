polls-title = Polls
polls-empty = No polls are available.
polls-published = Published
polls-legend = Your choice
polls-vote = Vote
polls-no-choice = You didn't select a choice.
polls-no-choices-yet = This question has no choices yet.
polls-see-results = See the results
polls-results = Results
polls-vote-again = Vote again?
polls-back = All polls
polls-votes = { $count ->
    [one] { $count } vote
   *[other] { $count } votes
}
polls-total = { $count ->
    [0] No votes yet
    [one] { $count } vote in all
   *[other] { $count } votes in all
}
