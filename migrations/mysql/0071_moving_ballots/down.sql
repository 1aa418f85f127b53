-- What is on its way is taken for deleted.

ALTER TABLE `polls_deleted_choice` DROP KEY `polls_deleted_choice_deleted_at`, DROP COLUMN `moving`;
