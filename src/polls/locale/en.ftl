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
polls-upcoming = This poll is not open yet
polls-opens = Opens
polls-no-choices-yet = This question has no choices yet.
polls-all-withdrawn = All choices of this poll have been withdrawn, so it takes no votes.
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
polls-over-time-of = { $question } · Votes over time
polls-panel-no-votes = No ballots yet.
polls-figure-today = Votes today
polls-figure-open = Open polls
polls-figure-busiest = Busiest poll in the past 7 days
polls-about = Answer a question, then see how everyone else answered.

# Rules of a poll, for voters.
polls-error-title = Error:
polls-legend-approval = Mark all that you agree with
polls-legend-exactly = { $count ->
    [one] Mark one choice
   *[other] Mark { $count } choices
}
polls-legend-up-to = { $count ->
    [one] Mark at most one choice
   *[other] Mark at most { $count } choices
}
polls-legend-at-least = Mark { $count } choices or more
polls-legend-and-at-least = (at least { $count })
polls-legend-ranked = Rank the choices: 1 for your favourite, then 2, and so on. You may leave choices without a rank.
polls-legend-score = Give each choice 0 to { $count } points
polls-withdrawn = withdrawn
polls-once-per-browser = One ballot per browser.
polls-once-per-browser-changeable = One ballot per browser. Until the close you can vote again to change it.
polls-once-per-account = One ballot per account: please log in before you vote. Whoever runs this site could find out how an account voted.
polls-once-per-account-changeable = One ballot per account: please log in before you vote. Until the close you can vote again to change it. Whoever runs this site could find out how an account voted.
polls-once-per-account-secret = One ballot per account: please log in before you vote.
polls-by-invitation = One ballot per invitation.
polls-by-invitation-changeable = One ballot per invitation. Until the close you can use it again to change your vote.
polls-write-in = Another answer
polls-write-in-about = It is shown to others once it has been reviewed.
polls-write-in-none = This poll takes no written answers.
polls-write-in-blank = You chose to write an answer. Please write it, or choose another.
polls-write-in-long = Your answer is too long: it can have { $count } characters at most.
polls-write-in-was-refused = This answer was reviewed and refused. Please choose or write another one.
polls-write-in-many = Too many written answers wait for review now. Please choose one of those that are listed, or come back later.
polls-write-in-proposed = to be reviewed
polls-write-in-refused = refused
polls-write-in-merged = merged
polls-write-in-leads = An answer that is still to be reviewed has as many votes as the best choice, or more.
polls-write-ins-unshown = { $count ->
    [one] { $count } vote is for an answer that a voter wrote and that is not shown.
   *[other] { $count } votes are for answers that voters wrote and that are not shown.
}
polls-field-write-in = Written answer
polls-field-merged-into = Merged into choice
polls-action-accept = Accept written answers
polls-action-refuse = Refuse written answers
polls-action-merge = Merge written answers into another choice
polls-action-merge-into = The text of that choice
polls-action-write-in-done = { $count ->
    [one] { $count } written answer was reviewed.
   *[other] { $count } written answers were reviewed.
}
polls-action-write-in-skipped = { $count ->
    [one] { $count } choice stays as it is: it is no written answer, or its poll has no such choice.
   *[other] { $count } choices stay as they are: they are no written answers, or their poll has no such choice.
}
polls-write-ins-to-review = Written answers to review
polls-secret = This ballot is secret. The site stores that you have voted and, apart from it, what was voted; nothing that it stores joins the two. So a vote cannot be changed, withdrawn or looked up.
polls-results-voted = The results are shown to those who have voted, and after the close to everybody.
polls-results-closed = The results are shown after the close.
polls-results-staff = The results are shown to staff only.
polls-withdraw-about = You have voted and want to take your vote back?
polls-withdraw = Withdraw my vote
polls-no-account = Your vote was not counted: please log in first. This poll takes one ballot per account.
polls-no-invitation = Your vote was not counted: this poll is by invitation. Please open the link that you were sent.
polls-voted-already = You have voted in this poll already. That vote counts; this one was not counted.
polls-choice-withdrawn = A choice that you marked has been withdrawn, so your vote was not counted. Please choose again.
polls-choice-twice = You marked a choice twice, so your vote was not counted.
polls-value-out-of-range = A rank or number of points is not one that can be given, so your vote was not counted.
polls-too-few = { $count ->
    [one] Please mark at least one choice. Your vote was not counted.
   *[other] Please mark at least { $count } choices. Your vote was not counted.
}
polls-too-many = { $count ->
    [one] Please mark one choice only. Your vote was not counted.
   *[other] Please mark at most { $count } choices. Your vote was not counted.
}
polls-rank-twice = You gave rank { $count } to more than one choice, so your vote was not counted.
polls-rank-missing = You gave no choice rank { $count } although you gave a later one, so your vote was not counted.

# Rules of a poll, in the admin.
polls-rules-ballot = Ballot
polls-rules-voters = Voters and results
polls-field-description = Description
polls-help-description = Shown above the ballot. An empty line begins a new paragraph; web addresses become links.
polls-field-kind = Kind of ballot
polls-help-kind = How voters mark their ballots, and how these are counted.
polls-kind-single = One choice
polls-kind-several = Several choices
polls-kind-approval = Approval: all that one agrees with
polls-kind-ranked = Ranked choices (instant run-off)
polls-kind-score = Scores from 0 to 5
polls-kind-star = STAR: scores, then an automatic run-off
polls-field-min-choices = Least number of choices
polls-field-max-choices = Most choices
polls-help-number-of-choices = For several choices only. 0: no limit.
polls-help-min-choices = For several choices only. 0: no limit. Where fewer can be chosen, as some have been withdrawn, all of these are needed.
polls-field-voters = Who votes
polls-help-voters = Once per browser keeps a cookie; whoever deletes it can vote again. Accounts are those of this site.
polls-voters-browser = Anybody, once per browser
polls-voters-account = Each account once
polls-voters-invitation = Each invitation once
polls-voters-open = Anybody, any number of times
polls-field-results = Results are shown
polls-shown-always = always
polls-shown-voted = to those who have voted, and after the close
polls-shown-closed = after the close
polls-shown-staff = to staff only
polls-field-choice-order = Order of choices
polls-order-written = as written
polls-order-shuffled = shuffled for each voter
polls-field-is-draft = Draft
polls-help-is-draft = A draft is not public, whatever its date.
polls-field-may-change = Voters may change their vote
polls-field-write-ins = Voters may write an answer of their own
polls-help-write-ins = For one choice, several choices and approval. Nobody but staff sees a written answer before it is accepted; its votes count from the start.
polls-field-is-secret = Secret ballot
polls-help-is-secret = Ballots are stored without their voters, and to the day only, so nobody can find out how somebody voted. Not for a poll in which anybody votes any number of times, nor one in which votes may be changed. Fixed from the first ballot on.
polls-help-may-change = Until the close they may vote again or withdraw their vote. Not where anybody votes any number of times.
polls-field-position = Position
polls-field-withdrawn = Withdrawn
polls-error-withdraw = This choice has votes, so it cannot be deleted here. Withdraw it: it stays visible with its votes, and can no longer be chosen.
polls-help-withdrawn = Stays visible with its votes, and can no longer be chosen.
polls-filter-draft = Draft
polls-filter-kind = kind of ballot
polls-filter-voters = who votes
polls-error-number-of-choices = The most choices must not be fewer than the least.
polls-error-only-tighter = There are ballots already. From the first ballot on, this rule may only become stricter.
polls-error-write-ins = On a ballot of this kind no answer can be written.
polls-error-secret-open = A secret ballot needs a rule by which each voter votes once: per browser, per account or by invitation.
polls-error-secret-changeable = A secret vote cannot be found again, so it cannot be changed.
polls-error-fixed = There are ballots already, and they were cast under this rule: it can no longer be changed.

# Who may vote.
polls-no-cookie = Your vote was not counted: this poll takes one ballot per browser, and your browser sent no cookie. Please choose again. If you see this once more, allow cookies for this site first.
polls-cookies-off = This poll takes one ballot per browser, and your browser accepts no cookies from this site. Please allow them before you vote; until then your vote cannot be counted.
polls-invitation = Your invitation
polls-invitation-unknown = There is no such invitation. Perhaps the link was cut off on its way: please copy it again as a whole from your message or sheet.
polls-invitation-of-another = This invitation belongs to another poll. Please open the link again as it was sent to you.
polls-invitation-withdrawn = This invitation was withdrawn, so it can no longer vote. Please ask those who sent it to you.
polls-invitation-used = This invitation has voted, and the vote counts. Each invitation votes once.
polls-invitation-see-poll = See the poll
polls-invitation-name = invitation
polls-invitation-plural = Invitations
polls-invitation-valid = Valid
polls-invitation-is-withdrawn = Withdrawn
polls-field-label = Label
polls-field-created = Made
polls-field-withdrawn-at = Withdrawn
polls-action-withdraw = Withdraw selected invitations
polls-action-withdraw-done = { $count ->
    [one] 1 invitation was withdrawn. A vote that was cast with it still counts.
   *[other] { $count } invitations were withdrawn. Votes that were cast with them still count.
}
polls-action-withdraw-skipped = { $count ->
    [one] 1 invitation was withdrawn before.
   *[other] { $count } invitations were withdrawn before.
}
polls-error-invitation-stays = An invitation is neither changed nor deleted. It can be withdrawn in the list of invitations.
polls-invite = Invite voters
polls-invite-about = Each link votes once. The links are shown once, as the database does not have them: print them or save the file. It cannot say either which link has voted.
polls-invite-other-poll = This poll is not by invitation: links to it lead to its page and vote by its own rule. Set “Who votes” to “Each invitation once” first.
polls-invite-list = All invitations to this poll
polls-invite-count = Number of links
polls-invite-count-help = Labelled with numbers. 500 at most; the command “polls question invite” makes more.
polls-invite-names = Or names, one on each line
polls-invite-names-help = For instance names or addresses: each gets a link with that label. Nobody can tell from a ballot which of them cast it.
polls-invite-sheet = Make a sheet to print
polls-invite-csv = Make a CSV file
polls-invite-error-nothing = Enter a number, or names.
polls-invite-error-both = Enter a number or names, not both.
polls-invite-error-count = Make 1 to { $count } links at once.
polls-invite-error-label = A name has at most { $count } characters.
polls-invite-repeated = { $count ->
    [one] The form was sent twice, and one link was made. It is not shown a second time: if you do not have it, withdraw it and make a new one.
   *[other] The form was sent twice, and { $count } links were made once. They are not shown a second time: if you do not have them, withdraw them and make new ones.
}
polls-sheet-how = Scan the code or type the address to vote. The link works once and is for you alone.
polls-sheet-qr = QR code of the link
polls-sheet-made = { $count ->
    [one] 1 link, shown here only. Print this page before you leave it.
   *[other] { $count } links, shown here only. Print this page before you leave it.
}
polls-log-in-to-vote = Log in to vote


# The public lists, the home page, the results.
polls-closes = Closes
polls-search = Search in questions and choices
polls-find = Search
polls-searched = { $words } · Search
polls-found = { $count ->
    [0] No poll has these words.
    [one] { $count } poll has these words.
   *[other] { $count } polls have these words.
}
polls-found-many = More than { $count } polls have these words; the first ones are shown. Add a word to find fewer.
polls-vote-now = Vote here
polls-about-poll = The poll's own page
polls-closing = Closing soon
polls-latest = Latest polls
polls-none-open = No poll is open now.
polls-results-of = { $question } · Results
polls-counted = Your vote was counted.
polls-you-chose = You voted for:
polls-leads = Leading so far: { $choices }
polls-won = First place: { $choices }
polls-tied-so-far = Tied for first place so far: { $choices }
polls-tied = Tied for first place: { $choices }
polls-nobody = Nobody has voted.
polls-turnout = { $count ->
    [0] No votes yet
    [one] { $count } ballot in all
   *[other] { $count } ballots in all
}
polls-turnout-invitations = { $voted } of { $made } invitations used.
polls-turnout-withdrawn = { $count ->
    [one] { $count } was withdrawn.
   *[other] { $count } were withdrawn.
}
polls-turnout-accounts = { $voted } of { $active } accounts have voted.
polls-points = { $count ->
    [one] { $count } point
   *[other] { $count } points
}
polls-share = Share
polls-by-votes = Most votes first
polls-as-written = In the order of the poll
polls-method-several = A ballot may mark several choices; a share is that of the ballots that mark the choice.
polls-method-approval = A ballot marks every choice that the voter agrees with; a share is that of the ballots that mark the choice.
polls-method-ranked = A ballot puts the choices in order. The choice with the fewest first places leaves, round by round, and its ballots go to their next choice, until one has more than half. The table above shows the first places.
polls-method-score = A ballot gives each choice 0 to 5 points, and the most points win; a share is that of all the points that could be given.
polls-method-star = A ballot gives each choice 0 to 5 points. Of the two choices with the most points, the one that more ballots give the higher score wins; a share is that of all the points that could be given.
polls-reload = Load this page again every 30 seconds
polls-copy-link = Copy the link
polls-copied = Copied
polls-wording = Changed after the first vote
polls-wording-question = Question
polls-wording-choice = Choice
polls-wording-deleted = Choice deleted
polls-pass-on = Share this poll
polls-address = Address
polls-qr = QR code of the address
polls-qr-svg = QR code as SVG
polls-qr-png = QR code as PNG
polls-embed-code = HTML that shows this poll on another site
polls-embed-vote = Vote on the poll’s own page
polls-rounds = Votes by round
polls-exhausted = Without a further choice
polls-out = Round { $round }: { $choices } out, with the fewest votes.
polls-out-without-votes = Round { $round }: { $choices } out, without votes.
polls-out-by-round = Round { $round }: { $choices } out, of several with the fewest votes the one with fewer in round { $earlier }.
polls-out-by-lot = Round { $round }: { $choices } out, of several with the fewest votes by lot.
polls-run-off = In the run-off { $first } has the higher score on { $for_first } of the ballots and { $second } on { $for_second }; { $neither } give both the same.

# Ties
polls-ties-tie = It is called a tie
polls-ties-lot = The lot decides
polls-field-ties = Tie for the first place
polls-help-ties = The poll’s page says it before the first vote. Anybody can draw the lot again.
polls-field-lot-seed = Seed of the lot
polls-help-lot-seed = Shown with the poll, so that anybody can draw the lot again. Leave it empty to have one made. It cannot be changed once the poll is public.
polls-error-seed-fixed = The poll is public, and its seed with it: it can no longer be changed.
polls-won-by-lot = { $choices } shared the first place, and the lot decided.
polls-leads-by-lot = { $choices } share the first place; if it stays so, the lot decides.
polls-ties = How ties are decided
polls-ties-lot-means = If several choices share the first place, the lot decides.
polls-ties-tie-means = If several choices share the first place, they are called tied.
polls-ties-ranked = Of several choices with the fewest votes in a round, the one leaves that had the fewest in an earlier round, the last one in which they differ; if there is none, the last one of the lot.
polls-ties-star = Of several choices with equal points, those go into the run-off that more ballots prefer to the others, then those with more full scores, then the first of the lot.
polls-lot-means = The lot: after the seed of this poll comes the number of the choice, and of that text the SHA-256 is taken; the lowest comes first. For the choice with the number 17:

polls-sources = Sources
polls-help-sources = The addresses of bookmarks, one a line. The poll’s page shows them in this order. With the first vote they are kept as voters have seen them; later changes are shown as such.
polls-error-source = Line { $count }: no public bookmark has this address. Add the bookmark first.
polls-error-sources = A poll has at most { $count } sources.
polls-source-added = Added after the first vote:
polls-source-withdrawn = Withdrawn after the first vote:
polls-source-edited = Changed after the first vote. Now:
polls-source-deleted = This bookmark was deleted after the first vote.
