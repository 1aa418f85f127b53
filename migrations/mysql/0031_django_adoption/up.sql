-- When a database that Django made was adopted: Django goes on using it, so what we write is for Django to read.

CREATE TABLE IF NOT EXISTS `django_adoption` (
    `adopted_at` datetime(6) NOT NULL PRIMARY KEY
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
