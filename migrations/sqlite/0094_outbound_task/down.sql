-- Forgets what was to be done.

DROP TABLE "outbound_host";
DROP TABLE "outbound_task";
