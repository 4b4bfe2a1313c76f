-- +goose Up
-- Jobs of one dossier are sealed together, take turns with those of others, and are
-- told of together.

ALTER TABLE jobs ADD COLUMN dossier TEXT NOT NULL DEFAULT '';
UPDATE jobs SET dossier = (SELECT dossier FROM documents WHERE documents.id = jobs.document);
CREATE INDEX jobs_dossier ON jobs (dossier, state);
