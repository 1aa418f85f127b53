-- Secret polls: who has voted is stored apart from the ballots. A row has no id and no time, and the rows lie in the order
-- of the voters (WITHOUT ROWID), so that nothing joins a voter with a ballot.

ALTER TABLE "polls_question" ADD COLUMN "is_secret" bool NOT NULL DEFAULT 0;
CREATE TABLE "polls_participation" (
    "question_id" bigint NOT NULL,
    "voter" varchar(32) NOT NULL,
    PRIMARY KEY ("question_id", "voter")
) WITHOUT ROWID;
