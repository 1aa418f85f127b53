-- Takes away content types and Django's record of its migrations.

DROP TABLE IF EXISTS `django_content_type`;
DROP TABLE IF EXISTS `django_migrations`;
