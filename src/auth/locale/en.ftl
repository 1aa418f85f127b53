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
auth-correct-errors = { $count ->
    [one] Please correct the error below.
   *[other] Please correct the errors below.
}
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
auth-own-password = Your own password is changed here, with the old one.

auth-setup = Make the first administrator
auth-setup-about = This site has no users yet. Whoever you enter here may do everything.
auth-setup-make = Make the administrator

# Users, groups and the log in the admin.
auth-app = Authentication and Authorization
auth-user = user
auth-user-plural = Users
auth-group = group
auth-group-plural = Groups
auth-user-group-plural = User-group relationships
auth-user-permission-plural = User-permission relationships
auth-group-permission-plural = Group-permission relationships
auth-group-name = Name
auth-group-permissions-help = What the users of this group may do.
auth-error-group-taken = Group with this Name already exists.

auth-personal-info = Personal info
auth-permissions = Permissions
auth-important-dates = Important dates
auth-first-name = First name
auth-last-name = Last name
auth-is-active = Active
auth-is-active-help = Designates whether this user should be treated as active. Unselect this instead of deleting accounts.
auth-is-staff = Staff status
auth-is-staff-help = Designates whether the user can log into this admin site.
auth-is-superuser = Superuser status
auth-is-superuser-help = Designates that this user has all permissions without explicitly assigning them.
auth-groups = Groups
auth-groups-help = The groups this user belongs to. A user will get all permissions granted to each of their groups.
auth-user-permissions = User permissions
auth-user-permissions-help = Specific permissions for this user.
auth-last-login = Last login
auth-date-joined = Date joined

auth-set-password = Set password
auth-reset-password = Reset password
auth-change-password = Change password
auth-enable-password = Enable password-based authentication
auth-disable-password = Disable password-based authentication
auth-title-change-password = Change password: { $object }
auth-title-set-password = Set password: { $object }
auth-set-password-about = Enter a new password for the user { $username }. Wherever they are logged in, they will be logged out.
auth-set-password-enables = This action will enable password-based authentication for this user.
auth-unusable-warning = If password-based authentication is disabled, the current password for this user will be lost.
auth-password-set = Password changed successfully.
auth-password-disabled = Password-based authentication was disabled.
auth-conflicting-form = Conflicting form data submitted. Please try again.
auth-password-raw-help = Raw passwords are not stored, so there is no way to see the user’s password.
auth-password-help =
    • { auth-password-help-similar }
    • { auth-password-help-short }
    • { auth-password-help-common }
    • { auth-password-help-numeric }
auth-usable-password = Password-based authentication
auth-usable-password-help = Whether the user will be able to authenticate using a password or not.
auth-enabled = Enabled
auth-disabled = Disabled

auth-refused-superuser = Only a superuser can change or delete a superuser.
auth-refused-more = Only somebody who has every permission of this user can change or delete them.
auth-refused-make-superuser = Only a superuser can make somebody a superuser.
auth-refused-permissions-of-group = You can only give or take permissions that you have yourself.
auth-refused-permissions = You can only give permissions that you have yourself.
auth-refused-groups = You can only add somebody to groups whose permissions you all have yourself.
auth-refused-self = You cannot delete your own account. Ask another administrator to do it.
auth-deleted-users = Deleted users
auth-refused-last = This is the last active superuser with staff status: without them nobody could manage the site. Make somebody else a superuser first.

auth-permission = permission
auth-permission-add = Can add { $name }
auth-permission-change = Can change { $name }
auth-permission-delete = Can delete { $name }
auth-permission-view = Can view { $name }
auth-content-types-app = Content Types
auth-content-type = content type
auth-sessions-app = Sessions
auth-session = session

auth-log-app = Administration
auth-log-entry = log entry
auth-log-entry-plural = Log entries
auth-log-time = Action time
auth-log-user = User
auth-log-content-type = Content type
auth-log-object-id = Object id
auth-log-object = Object repr
auth-log-flag = Action flag
auth-log-message = Change message
auth-log-addition = Addition
auth-log-change = Change
auth-log-deletion = Deletion
auth-log-type = { $app } | { $model }

# The public site's own pages for users.
auth-account-login-wrong = Please enter a correct username and password. Note that both fields may be case-sensitive.
auth-account-logged-out = You are logged out. What you voted still counts.
auth-account-home = To the home page
auth-logged-in-as = Logged in as
auth-change-password-link = Change password
auth-log-out = Log out

# New passwords by mail, in Django's words where it has some.
auth-forgotten = Forgotten your login credentials?
auth-reset = Password reset
auth-reset-about = Forgotten your password? Enter your email address below, and we’ll email instructions for setting a new one.
auth-reset-ask = Reset my password
auth-reset-too-many = Too many links were asked for from here. Please wait a few minutes and try again.
auth-reset-sent = Password reset sent
auth-reset-sent-about = We’ve emailed you instructions for setting your password, if an account exists with the email you entered. You should receive them shortly.
auth-reset-sent-else = If you don’t receive an email, please make sure you’ve entered the address you registered with, and check your spam folder.
auth-reset-enter = Enter new password
auth-reset-enter-about = Please enter the new password of { $username } twice so we can verify you typed it in correctly. Wherever this account is logged in, it will be logged out.
auth-reset-failed = Password reset unsuccessful
auth-reset-invalid = The password reset link was invalid, possibly because it has already been used, is too old, or was cut off in the mail. Please request a new password reset.
auth-reset-again = Request a new link
auth-reset-complete = Password reset complete
auth-reset-complete-about = Your password has been set. You may go ahead and log in now. Wherever else you were logged in, you are logged out.

# The mails. A link stands alone in its line, so that mail programs find it whole.
auth-reset-mail-subject = Password reset on { $site }
auth-reset-mail-body =
    You’re receiving this email because somebody requested a password reset for your user account at { $site }.

    Please go to the following page and choose a new password:

    { $link }

    Your username, in case you’ve forgotten: { $username }

    The link can be used once, within { $hours ->
        [1] an hour.
       *[other] { $hours } hours.
    }
    If it was not you who asked for it, you need do nothing: your password stays as it is.
auth-changed-mail-subject = Your password on { $site } was changed
auth-changed-mail-body =
    The password of your user account { $username } at { $site } was changed just now, by a link that was sent to this address. Wherever the account was logged in, it is logged out.

    If it was not you, somebody else can read your mail. Secure your mailbox first, and then set another password:

    { $link }
# Tokens of the API.
auth-tokens = API tokens
auth-tokens-about = With a token, a program uses the API of this site in your name: it may do what you may do. Whoever has a token has these rights, so make one for each program, and revoke it when it is no longer needed. A new password does not revoke tokens.
auth-tokens-none = You have no tokens.
auth-token-name = Name
auth-token-name-help = What the token is for, so that you know it later.
auth-token-begins = Begins with
auth-token-scope = May
auth-token-scope-read = Read
auth-token-scope-write = Read and write
auth-token-created = Made
auth-token-expires = Expires
auth-token-never = Never
auth-token-days = { $count ->
    [one] In { $count } day
   *[other] In { $count } days
}
auth-token-last-used = Last used
auth-token-unused = Not yet
auth-token-state = State
auth-token-usable = Usable
auth-token-revoked = Revoked
auth-token-expired = Expired
auth-token-revoke = Revoke
auth-token-was-revoked = The token was revoked.
auth-token-make = Make a token
auth-token-made = This is the new token. Copy it now: it is shown only this once.
auth-token-made-before = This token was made already, and it was shown then. If you did not copy it, revoke it and make another.
auth-token-too-many = You have too many tokens. Revoke one first.
auth-token-error-name = Type a name of at most { $count } characters.

# Own sessions
auth-sessions = Where you are logged in
auth-sessions-about = If you do not know one of these, end it and change your password.
auth-session-device = { $browser } on { $system }
auth-session-unknown = An unknown browser
auth-session-this = This one
auth-session-began = Logged in
auth-session-seen = last seen about
auth-session-end = Log out there
auth-session-ended = That login was ended.

# The second factor
auth-second-factor = Second factor
auth-second-factor-about = With a second factor, a login asks for a code from an app on your phone as well as for your password. Any app for time-based codes (TOTP) will do.
auth-second-factor-required = This site requires a second factor for your account.
auth-second-factor-begin = Set it up
auth-second-factor-scan = Scan this picture with the app, and then type the code that the app shows.
auth-second-factor-qr = QR code with the secret for the app
auth-second-factor-type = Or type this secret into the app:
auth-second-factor-confirm = Switch it on
auth-second-factor-since = Switched on
auth-second-factor-off = Switch it off
auth-recovery-codes = Codes on paper
auth-recovery-codes-about = Each of these codes is good for one login if you do not have your phone. Print them or write them down now: they are not shown again, and earlier ones are no longer good.
auth-recovery-codes-make = Make new codes on paper
auth-recovery-codes-left = { $count ->
    [one] { $count } code on paper is left.
   *[other] { $count } codes on paper are left.
}
auth-code = Code
auth-code-help = Six digits from your app, or one of your codes on paper.
auth-code-of-app = Six digits, which change every 30 seconds.
auth-code-wrong = That code is not right, or was used before. The app shows a new one every 30 seconds.
auth-code-other = Log in as somebody else
auth-old-password-wrong = The password is not right.
