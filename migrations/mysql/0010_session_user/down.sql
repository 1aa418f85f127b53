-- Forgets whose sessions they are.
-- The columns may be gone although this was not recorded.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'django_session' AND `column_name` = 'user_id'
    ),
    'ALTER TABLE `django_session` DROP COLUMN `user_id`, DROP COLUMN `created_at`',
    'DO 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
