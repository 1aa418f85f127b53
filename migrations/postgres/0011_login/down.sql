-- Forgets failed logins and the link to the first administrator.

DROP TABLE "auth_setup_link";
DROP TABLE "auth_login_turn";
DROP TABLE "auth_login_failure";
