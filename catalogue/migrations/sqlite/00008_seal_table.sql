-- +goose Up
-- By which table of algorithms it was worked out when a seal ends.

ALTER TABLE documents ADD COLUMN seal_table TEXT NOT NULL DEFAULT '';
CREATE INDEX documents_seal_table ON documents (seal_table) WHERE seal_until <> '';
