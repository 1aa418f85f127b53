polls-title = Polls
polls-empty = No polls are available.
polls-published = Published
polls-legend = Your choice
polls-vote = Vote
polls-no-choice = You didn't select a choice.
polls-key-malformed = The vote was not counted: its Idempotency-Key must be one header of 22 to 255 printable ASCII characters.
polls-key-used = This Idempotency-Key has already voted for another choice. That vote counts; this one was not counted.
polls-voted-otherwise = This page has voted for another choice already. That vote counts; this one was not counted. If you want to cast another vote, choose here and vote.
polls-confirm = Please confirm your vote. It is not counted yet: your browser sent no cookie, without which a second click cannot be told from a second vote.
polls-choice-gone = The choice you selected is not there any more, so your vote was not counted. Please choose again.
polls-too-late = Your vote was not counted: it came after this poll had closed.
polls-open-to-all = Anybody can vote in this poll, more than once.
polls-open-until = Open until
polls-closed-on = Closed
polls-upcoming = This poll is not open yet
polls-opens = It opens on
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

polls-closed = This poll is closed
polls-closed-since = Since { $time } it takes no more votes.

# In the admin.
polls-app = Polls
polls-question = question
polls-question-plural = Questions
polls-choice = choice
polls-choice-plural = Choices
polls-ballot-plural = Ballots
polls-field-question-text = Question text
polls-field-pub-date = Date published
polls-field-close-date = Closing date
polls-help-close-date = No votes are taken from then on. Leave it empty for a poll without an end.
polls-field-recent = Published recently?
polls-field-state = State
polls-field-votes = Votes
polls-field-question = Question
polls-field-choice-text = Choice text
polls-date-information = Date information
polls-filter-pub-date = date published
polls-filter-state = state
polls-filter-question = question
polls-filter-today = Today
polls-filter-past-7-days = Past 7 days
polls-filter-this-month = This month
polls-filter-this-year = This year
polls-filter-upcoming = Upcoming
polls-filter-open = Open
polls-filter-closed = Closed
polls-action-publish = Publish selected questions now
polls-action-publish-done = { $count ->
    [one] { $count } question is public.
   *[other] { $count } questions are public.
}
polls-action-close = Close selected questions now
polls-action-close-done = { $count ->
    [one] { $count } question is closed.
   *[other] { $count } questions are closed.
}
polls-action-close-skipped = { $count ->
    [one] { $count } question is still to be published and stays as it was.
   *[other] { $count } questions are still to be published and stay as they were.
}
polls-error-closes-first = The closing date must be after the date published.
polls-error-has-votes = This choice has votes, so it stays with its question.
polls-error-same-choice = This looks the same as another choice. Voters could not tell them apart.
polls-panel-votes = Votes over time
polls-panel-no-votes = No ballots yet.
polls-figure-today = Votes today
polls-figure-open = Open polls
polls-figure-busiest = Busiest poll in the past 7 days
polls-about = Answer a question, then see how everyone else answered.

# Who may vote.
polls-no-cookie = Your vote was not counted: this poll takes one ballot per browser, and your browser sent no cookie. Please choose again. If you see this once more, allow cookies for this site first.
polls-cookies-off = This poll takes one ballot per browser, and your browser accepts no cookies from this site. Please allow them before you vote; until then your vote cannot be counted.
polls-invitation = Your invitation
polls-invitation-unknown = There is no such invitation. Perhaps the link was cut off on its way: please copy it again as a whole from your message or sheet.
polls-invitation-of-another = This invitation belongs to another poll. Please open the link again as it was sent to you.
polls-invitation-withdrawn = This invitation was withdrawn, so it can no longer vote. Please ask those who sent it to you.
polls-invitation-used = This invitation has voted, and the vote counts. Each invitation votes once.
polls-invitation-needed = Your vote was not counted: only those who are invited can vote in this poll. Please open the link of your invitation and vote there.
polls-invitation-see-poll = See the poll
polls-account-needed = Your vote was not counted: this poll takes one ballot per account. Please log in and vote again.
polls-invitation-plural = Invitations
