-- Here the foreign key stays: with one writer at a time nobody waits for it.

SELECT 1;
