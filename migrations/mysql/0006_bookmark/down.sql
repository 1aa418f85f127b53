-- Takes away bookmarks.

DROP TABLE IF EXISTS `bookmark_bookmark`;
DELETE FROM `django_migrations` WHERE `app` = 'bookmark';
