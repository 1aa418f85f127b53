home-title = Questions for everyone
home-lead = Answer a question, see how everyone else answered, and find links that are worth coming back to.
