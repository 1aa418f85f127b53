-- Secret polls: who has voted is stored apart from the ballots. A row has no id and no time. Its system columns name the
-- transaction that wrote it, which also wrote the ballot; so each vote rewrites some other rows of the poll as well.

ALTER TABLE "polls_question" ADD COLUMN "is_secret" boolean NOT NULL DEFAULT false;
CREATE TABLE "polls_participation" (
    "question_id" bigint NOT NULL,
    "voter" varchar(32) COLLATE "C" NOT NULL,
    PRIMARY KEY ("question_id", "voter")
);
