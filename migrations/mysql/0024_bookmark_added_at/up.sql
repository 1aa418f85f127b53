-- When a bookmark was added; Django, which does not know the column, leaves it NULL. Of those that are there
-- the admin's log may know.
-- The column may be there although this was not recorded.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'bookmark_bookmark' AND `column_name` = 'added_at'
    ),
    'DO 0',
    'ALTER TABLE `bookmark_bookmark` ADD COLUMN `added_at` datetime(6) NULL'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

UPDATE `bookmark_bookmark` SET `added_at` = (
    SELECT MAX(`entry`.`action_time`) FROM `django_admin_log` AS `entry`
    INNER JOIN `django_content_type` AS `type` ON `type`.`id` = `entry`.`content_type_id`
    WHERE `type`.`app_label` = 'bookmark' AND `type`.`model` = 'bookmark' AND `entry`.`action_flag` = 1
        AND `entry`.`object_id` = CAST(`bookmark_bookmark`.`id` AS char)
) WHERE `added_at` IS NULL;
