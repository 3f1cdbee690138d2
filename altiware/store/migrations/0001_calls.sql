-- SPDX-License-Identifier: MIT
-- Calls, what led to each, and the boards that were seen.
-- Times are ISO 8601; "opened" and "closed" in UTC, so that they sort.

CREATE TABLE calls (
    id          TEXT PRIMARY KEY,
    opened      TEXT NOT NULL,
    closed      TEXT,               -- NULL: the call is going on
    cause       TEXT,
    record      TEXT NOT NULL       -- the whole CallRecord as JSON
) STRICT;
CREATE INDEX calls_opened ON calls (opened);
CREATE INDEX calls_going_on ON calls (id) WHERE closed IS NULL;

CREATE TABLE trace (
    id          INTEGER PRIMARY KEY,
    call        TEXT NOT NULL,
    at          REAL NOT NULL,      -- engine seconds
    kind        TEXT NOT NULL,
    source      TEXT NOT NULL,
    target      TEXT NOT NULL,
    what        TEXT NOT NULL,
    fields      TEXT NOT NULL       -- JSON object
) STRICT;
CREATE INDEX trace_call ON trace (call);

CREATE TABLE boards (
    serial      TEXT NOT NULL,
    address     TEXT NOT NULL,
    model       TEXT NOT NULL,
    firmware    TEXT NOT NULL,
    first_seen  TEXT NOT NULL,
    last_seen   TEXT NOT NULL,
    PRIMARY KEY (serial, address)
) STRICT;
