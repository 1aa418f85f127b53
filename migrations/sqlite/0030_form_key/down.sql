-- Forgets what forms came to.

DROP TABLE "web_form_key";
