-- What the other databases spare themselves costs nothing here.

SELECT 1;
