-- Here the foreign key stays: only PostgreSQL has triggers that look once for all ballots of a statement.

SELECT 1;
