-- SPDX-License-Identifier: MIT
-- Every version of the configuration.  Nothing here is ever changed but "confirm_by" and "written".

CREATE TABLE configurations (
    number      INTEGER PRIMARY KEY,
    made        TEXT NOT NULL,      -- ISO 8601, UTC
    author      TEXT NOT NULL,
    note        TEXT NOT NULL,
    base        INTEGER,            -- the version that undoing this one brings back; NULL: none
    confirm_by  TEXT,               -- ISO 8601, UTC; NULL: holds for good
    written     INTEGER NOT NULL,   -- 1: the file has had this text
    text        TEXT NOT NULL
) STRICT;
