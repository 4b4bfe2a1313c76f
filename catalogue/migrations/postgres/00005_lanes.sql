-- +goose Up
-- Jobs wait in lanes, so that none waits for what takes longer by its nature. A
-- job belongs to the trace that its document came with.

ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT 'read';
ALTER TABLE jobs ADD COLUMN trace TEXT NOT NULL DEFAULT '';
UPDATE jobs SET lane = CASE kind WHEN 'ingest' THEN 'read' WHEN 'raise' THEN 'raise' ELSE 'seal' END;
