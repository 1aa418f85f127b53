# The layout around every page, errors, dates.

site-name = Polls
site-skip = Skip to the content
site-menu = Main
site-language = Language
page-title = { $title } · Polls

# Times in the manner of Django's DATETIME_FORMAT: "March 1, 2026, 9:05 a.m."
month-name = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date = { month-name } { $day }, { $year }
date-month = { month-name } { $year }
date-day = { month-name } { $day }
date-time = { date }, { $hour }:{ $minute } { $half ->
    [am] a.m.
   *[pm] p.m.
}

# The time on the reader's clock.
time-yours = { $time } your time

# The same with the months as Django's lists have them, for columns: "Nov. 22, 2026, 12:30 p.m."
month-short = { $month ->
    [1] Jan.
    [2] Feb.
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] Aug.
    [9] Sept.
    [10] Oct.
    [11] Nov.
   *[12] Dec.
}
date-time-short = { month-short } { $day }, { $year }, { $hour }:{ $minute } { $half ->
    [am] a.m.
   *[pm] p.m.
}

pagination-label = Pages
pagination-previous = Previous
pagination-next = Next
pagination-page = Page { $number }

error-400-title = We could not read that request
error-400-text = Something in it was not as it should be. Go back, check what you entered, and try again.
error-403-title = That is not allowed
error-403-text = The request came from another site, so nothing was changed. Open the page here and try again.
error-denied-title = That is not allowed
error-denied-text = Your account does not have the permission for this. Whoever administers the site can give it to you.
error-closed-title = That is not open to visitors
error-closed-text = Whoever runs this site has closed this address.
error-404-title = There is no such page
error-404-text = It may have been moved or removed, or the address has a typing mistake.
error-405-title = This address does not take that kind of request
error-405-text = Open the page in your browser and use what it offers.
error-408-title = That took too long
error-408-text = Your request did not arrive in time, so nothing was changed. Please try again.
error-409-title = Something has changed meanwhile
error-409-text = What you wanted to do no longer fits what is there, so nothing was changed. Look at it again, and try again if you still want to.
error-411-title = We cannot tell whether that arrived whole
error-411-text = The request did not say how long it is, so nothing was changed. Send it again with a Content-Length header: browsers do so by themselves, and curl does with --data or --form.
error-413-title = That is too much at once
error-413-text = What you sent is larger than this site accepts. Nothing was changed. Press Back in your browser: what you entered is still there.
error-414-title = That address is too long
error-414-text = Follow a link on this site instead.
error-415-title = We could not read that form
error-415-text = Send it from the page itself. Nothing was changed.
error-429-title = Too many tries
error-429-text = Please wait a few minutes and try again.
error-slow-title = This took too long
error-slow-text = What you asked for would have taken too long to find, so it was stopped. Please narrow it: search for fewer or longer words, or choose a date or a filter.
error-busy-title = One thing at a time
error-busy-text = Something else that you asked for is still being looked up. Please wait a moment and try again.
error-500-title = Something went wrong on our side
error-500-text = It has been written down and we will look into it. If you were voting, look at the results before you try again.
error-503-title = We cannot answer just now
error-503-text = Please try again in a moment. If you were voting, look at the results first: your vote may have been counted.
error-home = Go to the home page
error-request-id = If you report this, please include the request ID

time-soon = in about a minute
time-in-minutes = in { $count } min
time-in-hours = in { $count } h
time-in-days = in { $count } days

# What the API answers to a request that fails; read by those who write programs.
api-400 = The request is not as it should be.
api-403 = That is not allowed.
api-404 = There is no such object or address, or the token's user may not see it.
api-405 = This address does not take that method; the header Allow names those that it takes.
api-406 = The API answers with application/json only.
api-408 = The request did not arrive in time. Nothing was changed.
api-413 = The body is larger than this site accepts. Nothing was changed.
api-414 = The address is too long.
api-415 = The body must be application/json, and the header Content-Type must say so. Nothing was changed.
api-429 = Another request of the same user is still being answered. Please try again in a moment.
api-500 = Something went wrong on our side. It has been written down.
api-503 = We cannot answer just now. Please try again in a moment.
api-denied = The token's user does not have the permission for this.
api-invalid = Some values are not valid: see errors. Nothing was changed.
api-read-only = This token may only read.
api-too-slow = What was asked for would have taken too long to find. Please narrow it.
api-token-missing = A token is needed: send the header "Authorization: Bearer" with one.
api-token-unknown = This site has no such token.
api-token-expired = This token has expired.
api-token-revoked = This token was revoked.
api-token-inactive = The user of this token is not active.
api-error-required = This value is required.
api-error-integer = This must be a whole number, and not so small.
api-error-time = This must be a time such as 2026-01-31T09:00:00Z, in which a plus is written %2B.
