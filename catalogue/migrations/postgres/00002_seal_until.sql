-- +goose Up
-- When the last time-stamp of a seal has to be followed by another one.

ALTER TABLE documents ADD COLUMN seal_until TEXT NOT NULL DEFAULT '';
CREATE INDEX documents_until ON documents (seal_until) WHERE seal_until <> '';
