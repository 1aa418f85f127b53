bookmark-title = Bookmarks
bookmark-empty = There are no bookmarks yet.
bookmark-address = Address
bookmark-open = Open the page
bookmark-not-linked = This address is not a web address, so it is not linked.
bookmark-back = All bookmarks
bookmark-about = Links that are worth coming back to.
bookmark-search = Search
bookmark-search-label = Search bookmarks
bookmark-search-hint = Words or #tag
bookmark-search-help = Words are looked for in titles, descriptions, addresses and tags. Quotes make a phrase, # a tag. A minus before a word leaves it out; or and parentheses combine.
bookmark-found = Search: { $search }
bookmark-nothing-found = No bookmark was found.
bookmark-all = Show all
bookmark-sort = Order
bookmark-sort-newest = Newest
bookmark-sort-oldest = Oldest
bookmark-sort-title = Title
bookmark-tags = Tags
bookmark-no-tags = No bookmark has a tag yet.
bookmark-feed = Feed
bookmark-details = Details
bookmark-details-of = Details: { $title }
bookmark-private = Private
bookmark-unread = Read later
bookmark-archived = Archived
bookmark-edit = Edit
bookmark-duplicate = This page is bookmarked already
bookmark-add-all-the-same = Add it all the same
bookmark-checked = Last checked:
bookmark-was-missing = The page was not found
bookmark-bookmarklet = Add pages in one step
bookmark-bookmarklet-help = Drag this link to your browser's bookmarks bar. Clicked on any page, it opens the form that adds that page.
bookmark-bookmarklet-name = Add to bookmarks

# In the admin.
bookmark-app = Bookmark
bookmark-name = bookmark
bookmark-name-plural = Bookmarks
bookmark-field-title = Title
bookmark-field-url = URL
bookmark-field-description = Description
bookmark-field-tags = Tags
bookmark-field-private = Private
bookmark-field-unread = Read later
bookmark-field-archived = Archived
bookmark-field-notes = Notes
bookmark-field-added = Date added
bookmark-field-changed = Last changed
bookmark-field-folder = Folder
bookmark-help-folder = The folder in which browsers show it after an export. Folders within each other are separated by /.
bookmark-help-tags = Separated by commas, or by spaces. With commas, a space within a tag becomes a hyphen.
bookmark-help-private = Only for users who may view bookmarks in the admin.
bookmark-help-archived = Kept, and in no public list, feed or count of tags.
bookmark-help-notes = Only for users who may view bookmarks in the admin.
bookmark-filter-tag = Tag
bookmark-filter-yes = Yes
bookmark-filter-no = No
bookmark-action-private = Make selected bookmarks private
bookmark-action-public = Make selected bookmarks public
bookmark-action-unread = Mark selected bookmarks to be read later
bookmark-action-read = Mark selected bookmarks as read
bookmark-action-archive = Archive selected bookmarks
bookmark-action-unarchive = Take selected bookmarks out of the archive
bookmark-action-done = { $count ->
    [one] Changed { $count } bookmark.
   *[other] Changed { $count } bookmarks.
}
bookmark-error-duplicate = Bookmark with this URL already exists.
bookmark-latest = Latest bookmarks
bookmark-error-tag-too-long = A tag may have at most { $count } characters.
bookmark-error-too-many-tags = A bookmark may have at most { $count } tags.
bookmark-link-ok = OK
bookmark-link-moved = Moved
bookmark-link-gone = Gone
bookmark-link-refused = Access refused
bookmark-link-unsafe = Unsafe certificate
bookmark-link-unreachable = Unreachable
bookmark-link-faulty = Faulty answer
bookmark-link-not-allowed = Not allowed to ask
bookmark-link-robots = Closed to programs
bookmark-field-link-state = Link
bookmark-field-link-checked = Last checked
bookmark-field-link-answer = Answer
bookmark-field-link-failing = Failing since
bookmark-field-new-address = New address
bookmark-field-archive = Web archive
bookmark-archive = Look for copies of the page
bookmark-fieldset-link = Link check
bookmark-action-check = Check the links of selected bookmarks
bookmark-action-queued = { $count ->
    [one] { $count } link will be checked by polls outbound.
   *[other] { $count } links will be checked by polls outbound.
}
bookmark-action-new-address = Take the new addresses of selected bookmarks
bookmark-action-not-moved = { $count ->
    [one] { $count } bookmark has no new address that it could have.
   *[other] { $count } bookmarks have no new address that they could have.
}
bookmark-action-add-tags = Add tags to selected bookmarks
bookmark-action-remove-tags = Remove tags from selected bookmarks
bookmark-action-no-tags = Type the tags for this action.
bookmark-action-too-many-tags = { $count ->
    [one] { $count } bookmark would have too many tags and stays as it was.
   *[other] { $count } bookmarks would have too many tags and stay as they were.
}
bookmark-action-replace-tag = Replace a tag of selected bookmarks by another
bookmark-action-no-pair = Type the old tag and the new one, separated by a comma.
bookmark-action-without-tag = { $count ->
    [one] { $count } bookmark does not have the tag.
   *[other] { $count } bookmarks do not have the tag.
}
