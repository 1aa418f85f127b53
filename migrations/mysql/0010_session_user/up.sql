-- Whose session it is and when it began, to end all of a user's and each in time.
-- Django, which does not know the columns, leaves them NULL.
-- The columns may be there although this was not recorded; one statement adds all or none.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'django_session' AND `column_name` = 'user_id'
    ),
    'DO 0',
    'ALTER TABLE `django_session` ADD COLUMN `user_id` integer NULL, ADD COLUMN `created_at` datetime(6) NULL, ADD KEY `django_session_user_id` (`user_id`)'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
