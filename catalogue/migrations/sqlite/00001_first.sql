-- +goose Up
-- Every row bears its agency and its actor. Times are UTC text of fixed width
-- (2006-01-02T15:04:05.000000Z), so that both databases sort and compare them alike.

CREATE TABLE agencies (
    id         TEXT PRIMARY KEY,
    body       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE keys (
    id         TEXT PRIMARY KEY,
    agency     TEXT NOT NULL REFERENCES agencies (id),
    scope      TEXT NOT NULL,
    label      TEXT NOT NULL,
    hash       TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT NOT NULL,
    actor      TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE grants (
    id         TEXT PRIMARY KEY,
    agency     TEXT NOT NULL REFERENCES agencies (id),
    to_agency  TEXT NOT NULL REFERENCES agencies (id),
    dossiers   TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    until      TEXT NOT NULL,
    revoked_at TEXT NOT NULL,
    actor      TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX grants_to ON grants (to_agency);

CREATE TABLE dossiers (
    id         TEXT PRIMARY KEY,
    agency     TEXT NOT NULL REFERENCES agencies (id),
    code       TEXT NOT NULL,
    body       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (agency, code)
) STRICT;

CREATE TABLE documents (
    id         TEXT PRIMARY KEY,
    agency     TEXT NOT NULL REFERENCES agencies (id),
    dossier    TEXT NOT NULL REFERENCES dossiers (id),
    status     TEXT NOT NULL,
    version    INTEGER NOT NULL,
    original   TEXT NOT NULL,
    body       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX documents_dossier ON documents (dossier, created_at);
CREATE INDEX documents_agency ON documents (agency, status, created_at);
CREATE INDEX documents_original ON documents (dossier, original);

CREATE TABLE events (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    subject     TEXT NOT NULL,
    number      INTEGER NOT NULL,
    agency      TEXT NOT NULL,
    actor       TEXT NOT NULL,
    kind        TEXT NOT NULL,
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    note        TEXT NOT NULL,
    at          TEXT NOT NULL,
    UNIQUE (subject, number)
) STRICT;
CREATE INDEX events_agency ON events (agency, seq);

-- Manifests that are not known to lie in the object store yet.
CREATE TABLE manifests (
    subject TEXT NOT NULL,
    number  INTEGER NOT NULL,
    body    TEXT NOT NULL,
    agency  TEXT NOT NULL,
    actor   TEXT NOT NULL,
    PRIMARY KEY (subject, number)
) STRICT;

CREATE TABLE jobs (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    document   TEXT NOT NULL REFERENCES documents (id),
    agency     TEXT NOT NULL,
    actor      TEXT NOT NULL,
    state      TEXT NOT NULL,
    gen        INTEGER NOT NULL,
    attempts   INTEGER NOT NULL,
    worker     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    not_before TEXT NOT NULL,
    queued_at  TEXT NOT NULL,
    beat_at    TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX jobs_state ON jobs (state, not_before);
CREATE INDEX jobs_document ON jobs (document);

CREATE TABLE idempotency (
    agency     TEXT NOT NULL,
    key        TEXT NOT NULL,
    request    TEXT NOT NULL,
    answer     TEXT NOT NULL,
    actor      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (agency, key)
) STRICT;

-- What a document can be found by. fold is the text without accents and case.
CREATE TABLE search (
    id         INTEGER PRIMARY KEY,
    document   TEXT NOT NULL UNIQUE REFERENCES documents (id),
    agency     TEXT NOT NULL,
    dossier    TEXT NOT NULL,
    status     TEXT NOT NULL,
    number     TEXT NOT NULL,
    notation   TEXT NOT NULL,
    organ      TEXT NOT NULL,
    person     TEXT NOT NULL,
    issued     TEXT NOT NULL,
    type       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    fold       TEXT NOT NULL
) STRICT;
CREATE INDEX search_agency ON search (agency, status);
CREATE INDEX search_number ON search (number);
CREATE INDEX search_issued ON search (issued);

CREATE VIRTUAL TABLE search_text USING fts5 (fold, content='search', content_rowid='id', tokenize='unicode61 remove_diacritics 0');
-- +goose StatementBegin
CREATE TRIGGER search_in AFTER INSERT ON search BEGIN
    INSERT INTO search_text (rowid, fold) VALUES (new.id, new.fold);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_out AFTER DELETE ON search BEGIN
    INSERT INTO search_text (search_text, rowid, fold) VALUES ('delete', old.id, old.fold);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER search_change AFTER UPDATE OF fold ON search BEGIN
    INSERT INTO search_text (search_text, rowid, fold) VALUES ('delete', old.id, old.fold);
    INSERT INTO search_text (rowid, fold) VALUES (new.id, new.fold);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN
    SELECT RAISE(ABORT, 'events are only appended');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN
    SELECT RAISE(ABORT, 'events are only appended');
END;
-- +goose StatementEnd
