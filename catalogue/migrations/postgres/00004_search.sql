-- +goose Up
-- Parts of names and dates are looked for in indexes: the rows of search are
-- heavy with text.

DROP INDEX search_issued;
CREATE INDEX search_issued ON search (agency, issued);
CREATE INDEX search_person ON search (agency, person);
CREATE INDEX search_organ ON search (agency, organ);
CREATE INDEX search_dossier ON search (dossier);
