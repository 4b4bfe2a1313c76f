-- +goose Up
-- The same originals in another dossier of the agency.

CREATE INDEX documents_held ON documents (agency, original);
