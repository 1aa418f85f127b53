home-title = Welcome
home-lead = What would you like to do?
home-polls = Polls
home-polls-about = Answer a question, then see how everyone else answered.
home-bookmark = Bookmarks
home-bookmark-about = Links that are worth coming back to.
home-admin = Administration
home-admin-about = Write questions and keep the site in order. For staff.
