-- Of MySQL and MariaDB only: texts are compared byte for byte here.

SELECT 1;
