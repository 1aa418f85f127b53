DROP TABLE "ops_last_done";
