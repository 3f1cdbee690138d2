-- SPDX-License-Identifier: MIT
-- What people have set at their telephones, as of now.

CREATE TABLE settings (
    extension   TEXT NOT NULL,      -- '': of the whole office
    setting     TEXT NOT NULL,
    value       TEXT NOT NULL,      -- JSON
    PRIMARY KEY (extension, setting)
) STRICT;
