-- Secret polls: who has voted is stored apart from the ballots. A row has no id and no time, and the rows lie in the order
-- of the voters (the primary key), so that nothing joins a voter with a ballot.
-- Columns may be there although this was not recorded; only MariaDB has ADD COLUMN IF NOT EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_question' AND `column_name` = 'is_secret'
    ),
    'DO 0',
    'ALTER TABLE `polls_question` ADD COLUMN `is_secret` bool NOT NULL DEFAULT 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

CREATE TABLE IF NOT EXISTS `polls_participation` (
    `question_id` bigint NOT NULL,
    `voter` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (`question_id`, `voter`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
