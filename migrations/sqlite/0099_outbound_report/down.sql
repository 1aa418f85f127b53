-- Forgets errors of which nobody was told.

DROP TABLE "outbound_report";
