# The admin. The wording is Django's wherever Django has the text.

admin-site-title = Polls site admin
admin-site-header = Polls administration
admin-index-title = Site administration
admin-home = Home
admin-welcome = Welcome,
admin-view-site = View site
admin-tokens = API tokens
admin-change-password = Change password
admin-log-out = Log out
admin-menu = Menu
admin-user-tools = Account and site
admin-theme-auto = Toggle theme (current theme: auto)
admin-theme-light = Toggle theme (current theme: light)
admin-theme-dark = Toggle theme (current theme: dark)
admin-breadcrumbs = Breadcrumbs
admin-sidebar = Sidebar
admin-nav-filter = Start typing to filter…
admin-nav-filter-label = Filter navigation items
admin-nothing-allowed = You don’t have permission to view or edit anything.
admin-dashboard = At a glance
admin-recent = Recent actions
admin-my-actions = My actions
admin-none-available = None available
admin-model-name = Model name
admin-add = Add
admin-change = Change
admin-view = View
admin-close = Close
admin-yes = Yes
admin-no = No

admin-title-add = Add { $name }
admin-title-change = Change { $name }
admin-title-view = View { $name }
admin-title-select = Select { $name } to change
admin-title-select-view = Select { $name } to view
admin-title-error = Error:
admin-title-undeletable = Cannot delete { $name }

admin-search = Search
admin-search-label = Search
admin-results = { $count ->
    [one] { $count } result
   *[other] { $count } results
}
admin-total = { $count } total
admin-count = { $count ->
    [one] { $count } in all
   *[other] { $count } in all
}
admin-show-all = Show all
admin-nothing-found = Nothing matches.
admin-nothing-yet = There is nothing here yet.
admin-filter = Filter
admin-filter-by = By { $title }
admin-filter-any = All
admin-filter-empty = Empty
admin-filters-chosen = Filter ({ $count })
admin-unknown-filter = This list cannot be filtered or sorted in that way, so all of it is shown.
admin-show-counts = Show counts
admin-hide-counts = Hide counts
admin-clear-filters = Clear all filters
admin-dates = By date
admin-dates-short = Dates
admin-all-dates = All dates
admin-date-year = { $year }
admin-sort = Sort:
admin-sort-remove = Remove from sorting
admin-select = Select
admin-select-all = Select all objects on this page for an action
admin-select-one = Select this object for an action

admin-action = Action:
admin-actions = Actions
admin-go = Go
admin-on-page = { $count } on this page
admin-selected = {"{n}"} of { $total } selected
admin-select-across = Select all { $count }
admin-action-none = No action selected.
admin-action-nothing-chosen = Items must be selected in order to perform actions on them. No items have been changed.
admin-action-all-gone = What you selected is no longer there. Nothing has been changed.
admin-action-delete = Delete selected
admin-action-delete-too-many = More than { $count } objects at once cannot be deleted. Nothing has been changed: narrow the list, or select fewer.
admin-action-duplicate = Duplicate selected
admin-action-duplicated = { $count ->
    [one] Added a copy of { $count } object.
   *[other] Added copies of { $count } objects.
}
admin-action-export-csv = Export as CSV
admin-action-export-json = Export as JSON
admin-action-deleted = { $count ->
    [one] Successfully deleted { $count } object.
   *[other] Successfully deleted { $count } objects.
}

admin-task-title = Work in progress
admin-task-reached = { $reached } of { $total } objects
admin-task-leave = The work goes on if you leave this page; what it changes is in the history of each object. This page shows the result when it is done.
admin-task-broken-off = The work was broken off after { $reached } of { $total } objects: { $why }
admin-task-denied = You don’t have permission for all of the others.
admin-task-must-stay = One of the others must not be deleted.
admin-task-changed = One of the others has been changed meanwhile.
admin-task-database = The database did not take any more changes.
admin-task-lost = The program was ended.

admin-save = Save
admin-save-continue = Save and continue editing
admin-save-add-another = Save and add another
admin-history = History
admin-view-on-site = View on site
admin-date = Date:
admin-time = Time:
admin-today = Today
admin-now = Now
admin-midnight = Midnight
admin-six = 6 a.m.
admin-noon = Noon
admin-eighteen = 6 p.m.
admin-choose-date = Choose a Date
admin-related-search = Search by name
admin-related-find = Find
admin-related-none = Nothing was found.
admin-related-add = Add another { $name }
admin-related-change = Change selected { $name }
admin-related-view = View selected { $name }
admin-popup-closing = Popup closing…
admin-popup-close = You can close this window.
admin-time-zone = Dates and times are in the time zone { $zone }.
admin-ahead = { $count ->
    [one] Note: You are one hour ahead of server time.
   *[other] Note: You are { $count } hours ahead of server time.
}
admin-behind = { $count ->
    [one] Note: You are one hour behind server time.
   *[other] Note: You are { $count } hours behind server time.
}
admin-add-another = Add another { $name }
admin-more-rows = For more rows, use “Save and continue editing”.
admin-remove = Remove
admin-order = Order
admin-move-up = Move up: { $object }
admin-move-down = Move down: { $object }
admin-paste = Paste many at once
admin-paste-lines = One a line. They are added at the end when you save.
admin-hold-control = Hold down “Control”, or “Command” on a Mac, to select more than one.
admin-delete-question = Delete?
admin-correct-errors = { $count ->
    [one] Please correct the error below.
   *[other] Please correct the errors below.
}
admin-conflict = Somebody else has saved this object since you opened it. Nothing of yours is saved yet: below each field that differs you see what is saved now. Save again to write your values over it.
admin-now-saved = Saved now:

admin-lost-title = Please log in again
admin-lost-text = You are not logged in any more, or not with an account that may work here. Nothing of what you sent is saved yet, and nothing of it is lost. Log in in a new window, then send it again from this one.
admin-lost-secrets = Passwords are left out. The form will ask for them again.
admin-lost-login = Log in in a new window
admin-lost-again = Send it again

admin-message-added = The { $name } “{ $object }” was added successfully.
admin-message-added-continue = The { $name } “{ $object }” was added successfully. You may edit it again below.
admin-message-added-add-another = The { $name } “{ $object }” was added successfully. You may add another { $name } below.
admin-message-changed = The { $name } “{ $object }” was changed successfully.
admin-message-changed-continue = The { $name } “{ $object }” was changed successfully. You may edit it again below.
admin-message-changed-add-another = The { $name } “{ $object }” was changed successfully. You may add another { $name } below.
admin-message-deleted = The { $name } “{ $object }” was deleted successfully.
admin-message-undone = The { $name } “{ $object }” is as it was before.
admin-message-undone-many = { $count ->
    [one] { $count } object is as it was before.
   *[other] { $count } objects are as they were before.
}
admin-deleted-user = { $name } (deleted user)
admin-undo-too-many = More than { $count } objects at once cannot be undone.
admin-undo = Undo
admin-duplicate = Duplicate
admin-copied = (copy)
admin-undo-refused = The { $name } “{ $object }” has been changed since, so this cannot be undone. Nothing has been changed.
admin-undo-refused-gone = The { $name } “{ $object }” cannot be put back: since then it has been deleted, or what it belongs to has, or there is another like it. Nothing has been changed.
admin-undo-advice = See in its history what has been changed, and if need be change it back by hand.

admin-delete = Delete
admin-delete-many = Delete multiple objects
admin-delete-title = Are you sure?
admin-delete-ask = Are you sure you want to delete “{ $object }”? All of the following related items will be deleted:
admin-delete-ask-many = Are you sure you want to delete the selected objects? All of the following objects and their related items will be deleted:
admin-delete-lacking = Deleting “{ $object }” would delete related objects, but your account doesn’t have permission to delete the following types of objects:
admin-delete-lacking-many = Deleting the selected objects would delete related objects, but your account doesn’t have permission to delete the following types of objects:
admin-delete-sure = Yes, I’m sure
admin-delete-back = No, take me back
admin-back = Back
admin-summary = Summary
admin-objects = Objects

admin-history-of = Change history: { $object }
admin-history-none = This object doesn’t have a change history. It probably wasn’t added via this admin site.
admin-history-when = Date/time
admin-history-who = User
admin-history-what = Action
admin-before = from
admin-after = to
admin-log-added = Added
admin-log-changed = Changed
admin-log-deleted = Deleted
admin-log-restored = Restored
admin-log-said-nothing = No fields changed.
admin-log-said-added = Added.
admin-log-said-added-object = Added { $name } “{ $object }”.
admin-log-said-changed = Changed { $fields }.
admin-log-said-changed-object = Changed { $fields } for { $name } “{ $object }”.
admin-log-said-deleted-object = Deleted { $name } “{ $object }”.
admin-log-said-restored = Restored: its deletion was undone.
admin-log-said-undone = With that a change was undone.

admin-chart-table = The numbers as a table
admin-chart-day = Time
admin-chart-count = Votes

admin-error-required = This field is required.
admin-error-choice = Select a valid choice. That choice is not one of the available choices.
admin-error-invisible = Nothing of this text can be seen. Enter at least one visible character.
admin-error-unstorable = The database cannot store these characters: { $characters } Please leave them out, or ask whoever runs this site to convert its tables to utf8mb4.
admin-error-too-long = Ensure this value has at most { $count } characters.
admin-error-null = Null characters are not allowed.
admin-error-integer = Enter a whole number.
admin-error-url = Enter a valid web address that begins with http:// or https://.
admin-error-email = Enter a valid email address.
admin-error-date = Enter a valid date, such as 2026-03-01.
admin-error-time = Enter a valid time, such as 09:30.
admin-error-date-time = Enter a valid date, such as 2026-03-01, and a valid time, such as 09:30.
admin-error-no-such-time = This time does not exist, or exists twice, where the clocks are changed. Enter another one.
admin-error-row-gone = Somebody has deleted this row meanwhile. Save again to add it anew, or empty it to go on without it.
admin-error-gone = Somebody has deleted this object meanwhile. Nothing of yours is saved yet: save again to add it anew with what you typed.
admin-error-gone-for-good = Somebody has deleted this object meanwhile. Nothing of yours is saved.
admin-error-too-many-rows = Please submit at most { $count } rows.
admin-card = Administration
admin-card-about = Write questions and keep the site in order. For staff.
admin-status = Status
admin-status-about = The numbers of the process that has answered, since it began. Where several answer for the site, each has its own.
admin-status-version = Version
admin-status-process = Process
admin-status-began = Running since
admin-status-votes = Votes
admin-status-waiting = Votes that wait to be written
admin-status-page-memory = Pages
admin-status-page-bytes = Memory of pages, in bytes
admin-status-connections = Connections in use, of at most
admin-status-database = The database answers in
admin-status-silent = It does not answer.
admin-status-database-errors = Errors of the database
admin-status-backup = Last backup
admin-status-recount = Last recount
admin-status-overdue = more than a week ago
admin-status-never = never
admin-status-outbound = Outbound work that waits
admin-status-given-up = Outbound work that was given up
admin-status-votes-chart = Votes in the last six hours
admin-status-requests-chart = Requests in the last six hours
admin-status-errors-chart = Errors of the database in the last six hours
admin-status-nothing = None.
admin-status-most = At most { $count } in ten minutes
admin-status-from = From
admin-status-count = Number
admin-status-counted = counted
admin-status-refused = refused
admin-status-queue-full = queue full
admin-status-late = late
admin-status-failed = failed
admin-status-hit = from memory
admin-status-miss = made anew
admin-status-busy = busy
admin-status-unreachable = unreachable
admin-status-too-slow = too slow
admin-status-other = other
admin-confirm-title = Please enter your password
admin-confirm-text = Who may use this site, with which rights and which address for mails, is changed only by who knows the password of this account. What you have typed is kept.
admin-confirm-label = Your password:
admin-confirm-go = Go on
