bookmark-title = Bookmarks
bookmark-empty = There are no bookmarks yet.
bookmark-address = Address
bookmark-open = Open the page
bookmark-not-linked = This address is not a web address, so it is not linked.
bookmark-back = All bookmarks

# In the admin.
bookmark-app = Bookmark
bookmark-name = bookmark
bookmark-name-plural = Bookmarks
bookmark-field-title = Title
bookmark-field-url = URL
bookmark-field-added = Date added
bookmark-error-duplicate = Bookmark with this URL already exists.
bookmark-about = Links that are worth coming back to.
bookmark-latest = Latest bookmarks
