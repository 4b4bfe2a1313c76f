-- +goose Up
-- Parts of names and dates are looked for in indexes: the rows of search are
-- heavy with text.

DROP INDEX search_issued;
CREATE INDEX search_issued ON search (agency, issued);
CREATE INDEX search_person ON search (agency, person);
CREATE INDEX search_organ ON search (agency, organ);
CREATE INDEX search_dossier ON search (dossier);

-- The beginnings of words that are being typed have an index of their own: two
-- letters stand for thousands of words. A third more disk.
DROP TABLE search_text;
CREATE VIRTUAL TABLE search_text USING fts5 (fold, content='search', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='2');
INSERT INTO search_text (search_text) VALUES ('rebuild');
