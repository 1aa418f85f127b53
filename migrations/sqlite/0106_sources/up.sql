-- The bookmarks that are the sources of polls, copied with the first vote (src/polls/sources.rs). A deleted question leaves
-- its sources, which are shown again when the deletion is undone.

CREATE TABLE "polls_source" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "question_id" bigint NOT NULL,
    "bookmark_id" bigint NOT NULL,
    "position" integer NOT NULL,
    "title" text NOT NULL,
    "url" text NOT NULL,
    "description" text NOT NULL,
    "frozen_at" datetime NULL,
    "is_late" bool NOT NULL,
    "withdrawn_at" datetime NULL
);

CREATE INDEX "polls_source_question_id" ON "polls_source" ("question_id");
