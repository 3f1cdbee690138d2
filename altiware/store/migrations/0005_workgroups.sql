-- SPDX-License-Identifier: MIT
-- What workgroups tell of themselves: one row per fact; every figure is made of them.
-- Times are ISO 8601 in UTC, so that they sort.

CREATE TABLE workgroup_events (
    id          INTEGER PRIMARY KEY,
    at          TEXT NOT NULL,
    workgroup   TEXT NOT NULL,
    fact        TEXT NOT NULL,
    call        TEXT NOT NULL,      -- '': of none
    agent       TEXT NOT NULL,      -- an extension; '': of none
    seconds     REAL NOT NULL,
    in_time     INTEGER NOT NULL,   -- 1: answered within the service level of then
    what        TEXT NOT NULL       -- a recording's file
) STRICT;
CREATE INDEX workgroup_events_at ON workgroup_events (at);
