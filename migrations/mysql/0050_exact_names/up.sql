-- Addresses of bookmarks and names of groups are compared byte for byte, as on the other databases: by the default
-- collations `/A` is `/a`, and by the older ones every emoji is every other.
-- An index of Django's older tables takes keys of this length in the row format DYNAMIC only.

ALTER TABLE `bookmark_bookmark` ROW_FORMAT = DYNAMIC,
    MODIFY COLUMN `url` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL;

ALTER TABLE `auth_group` ROW_FORMAT = DYNAMIC,
    MODIFY COLUMN `name` varchar(150) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL;
