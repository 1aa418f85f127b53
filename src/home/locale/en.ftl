home-title = Welcome
home-lead = What would you like to do?
