-- +goose Up
-- How often an agency was changed: each change is a manifest, so that agencies
-- without a dossier come back from the bucket too.

ALTER TABLE agencies ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
