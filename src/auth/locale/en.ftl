# Login, logout and passwords, in Django's words.

auth-username = Username
auth-email = Email address
auth-password = Password
auth-password-again = Password confirmation
auth-password-again-help = Enter the same password as before, for verification.
auth-old-password = Old password
auth-new-password = New password
auth-new-password-again = New password confirmation
auth-username-help = Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.
auth-email-help = It may be left out.
auth-password-help-similar = Your password can’t be too similar to your other personal information.
auth-password-help-short = Your password must contain at least 8 characters.
auth-password-help-common = Your password can’t be a commonly used password.
auth-password-help-numeric = Your password can’t be entirely numeric.

auth-title-error = Error:
auth-correct-errors = Please correct the errors below.
auth-error-required = This field is required.
auth-error-null = Null characters are not allowed.
auth-error-too-long = Ensure this value has at most { $most } characters (it has { $length }).
auth-error-username = Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.
auth-error-username-taken = A user with that username already exists.
auth-error-email = Enter a valid email address.
auth-error-mismatch = The two password fields didn’t match.
auth-error-similar = The password is too similar to the { $attribute }.
auth-error-short = This password is too short. It must contain at least { $least } characters.
auth-error-common = This password is too common.
auth-error-numeric = This password is entirely numeric.
auth-error-old-password = Your old password was entered incorrectly. Please enter it again.

# As the sentence above names them.
auth-attribute-username = username
auth-attribute-first-name = first name
auth-attribute-last-name = last name
auth-attribute-email = email address

auth-log-in = Log in
auth-login-wrong = Please enter the correct username and password for a staff account. Note that both fields may be case-sensitive.
auth-login-too-many = Too many logins have failed from here. Please wait a few minutes and try again.
auth-unauthorised = You are authenticated as { $username }, but are not authorized to access this page. Would you like to log in to a different account?

auth-logged-out = Logged out
auth-thanks = Thanks for spending some quality time with the web site today.
auth-log-in-again = Log in again

auth-password-change = Password change
auth-password-change-about = Please enter your old password, for security’s sake, and then enter your new password twice so we can verify you typed it in correctly.
auth-change-my-password = Change my password
auth-password-change-done = Password change successful
auth-password-changed = Your password was changed. Wherever else you were logged in, you are logged out.
auth-end-others-about = If you are still logged in on another device, you can log out there from here.
auth-end-others = Log out everywhere else
auth-others-ended = You are logged out everywhere else.

auth-setup = Make the first administrator
auth-setup-about = This site has no users yet. Whoever you enter here may do everything.
auth-setup-make = Make the administrator
