-- SPDX-License-Identifier: MIT
-- Messages, greetings and passwords of mailboxes; the sounds lie beside, as files.
-- Times are ISO 8601 in UTC, so that they sort.

CREATE TABLE messages (
    id           TEXT PRIMARY KEY,  -- a UUID; the sound is ID.wav, a comment ID-comment.wav
    mailbox      TEXT NOT NULL,     -- an extension
    received     TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('new', 'saved', 'deleted')),
    saved        TEXT,              -- since when it is; it is kept so many days
    seconds      REAL NOT NULL,
    bytes        INTEGER NOT NULL,
    number       TEXT NOT NULL,     -- who called
    name         TEXT NOT NULL,
    outside      INTEGER NOT NULL,
    urgent       INTEGER NOT NULL,
    private      INTEGER NOT NULL,
    callback     TEXT NOT NULL,
    comment      INTEGER NOT NULL,  -- whether there is one
    forwarded_by TEXT NOT NULL,
    told         INTEGER NOT NULL DEFAULT 0,  -- a notification call was heard, or isn't wanted
    mailed       INTEGER NOT NULL DEFAULT 0   -- it has been sent by e-mail, or can't be
) STRICT;
CREATE INDEX messages_of_mailbox ON messages (mailbox, received);

CREATE TABLE recordings (           -- messages that are being recorded
    file         TEXT PRIMARY KEY,  -- temporary
    id           TEXT NOT NULL,     -- that the message will have
    mailbox      TEXT NOT NULL,
    began        TEXT NOT NULL,
    number       TEXT NOT NULL,
    name         TEXT NOT NULL,
    outside      INTEGER NOT NULL
) STRICT;

CREATE TABLE greetings (
    mailbox      TEXT NOT NULL,
    greeting     TEXT NOT NULL,
    file         TEXT NOT NULL,
    PRIMARY KEY (mailbox, greeting)
) STRICT;

CREATE TABLE passwords (
    mailbox      TEXT PRIMARY KEY,
    hash         TEXT NOT NULL,     -- argon2id
    wrong        INTEGER NOT NULL DEFAULT 0,  -- in a row, from elsewhere than the owner's set
    locks        INTEGER NOT NULL DEFAULT 0,  -- since the last right one
    locked_until TEXT
) STRICT;
