-- The rules of a poll, a choice's place, and ballots with several marks. Django, which does not know these columns, leaves
-- them at their defaults: a question whose rules are as they were before.
-- Columns may be there although this was not recorded; one statement adds all of a table or none. Only MariaDB has ADD
-- COLUMN IF NOT EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_question' AND `column_name` = 'kind'
    ),
    'DO 0',
    'ALTER TABLE `polls_question` ADD COLUMN `description` longtext NOT NULL DEFAULT (''''), ADD COLUMN `kind` varchar(10) NOT NULL DEFAULT ''single'', ADD COLUMN `min_choices` smallint NOT NULL DEFAULT 0, ADD COLUMN `max_choices` smallint NOT NULL DEFAULT 0, ADD COLUMN `voters` varchar(10) NOT NULL DEFAULT ''open'', ADD COLUMN `results` varchar(10) NOT NULL DEFAULT ''always'', ADD COLUMN `choice_order` varchar(10) NOT NULL DEFAULT ''written'', ADD COLUMN `is_draft` bool NOT NULL DEFAULT 0, ADD COLUMN `may_change` bool NOT NULL DEFAULT 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_choice' AND `column_name` = 'position'
    ),
    'DO 0',
    'ALTER TABLE `polls_choice` ADD COLUMN `position` integer NOT NULL DEFAULT 0, ADD COLUMN `withdrawn_at` datetime(6) NULL'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

-- A ballot has a row for each of its marks, numbered from 0, so a voter's second ballot of a question is still refused.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_ballot' AND `column_name` = 'mark'
    ),
    'DO 0',
    'ALTER TABLE `polls_ballot` ADD COLUMN `mark` smallint NOT NULL DEFAULT 0, ADD COLUMN `value` smallint NOT NULL DEFAULT 1, DROP KEY `polls_ballot_question_id_voter_uniq`, ADD UNIQUE KEY `polls_ballot_question_id_voter_uniq` (`question_id`, `voter`, `mark`)'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_deleted_choice' AND `column_name` = 'position'
    ),
    'DO 0',
    'ALTER TABLE `polls_deleted_choice` ADD COLUMN `position` integer NOT NULL DEFAULT 0, ADD COLUMN `withdrawn_at` datetime(6) NULL'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_deleted_ballot' AND `column_name` = 'mark'
    ),
    'DO 0',
    'ALTER TABLE `polls_deleted_ballot` ADD COLUMN `mark` smallint NOT NULL DEFAULT 0, ADD COLUMN `value` smallint NOT NULL DEFAULT 1'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
