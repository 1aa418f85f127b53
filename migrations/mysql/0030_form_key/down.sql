-- Forgets what forms came to.

DROP TABLE IF EXISTS `web_form_key`;
