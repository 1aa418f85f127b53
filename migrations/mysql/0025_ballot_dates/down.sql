-- There was no index of dates here.

SELECT 1;
