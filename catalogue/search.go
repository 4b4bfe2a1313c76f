package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sohoa/sohoa/record"
)

// index writes what a document can be found by.
func (c *Catalogue) index(ctx context.Context, tx *sql.Tx, d record.Document, change record.Change) error {
	if _, err := tx.ExecContext(ctx, "UPDATE search SET status = $1 WHERE document = $2", string(d.Status), d.ID); err != nil {
		return err
	}
	if change.Fields != nil {
		f := found(change.Fields)
		if _, err := tx.ExecContext(ctx, "UPDATE search SET number = $1, notation = $2, organ = $3, person = $4, issued = $5, type = $6, subject = $7 WHERE document = $8",
			f[0], f[1], f[2], f[3], f[4], f[5], f[6], d.ID); err != nil {
			return err
		}
	}
	if change.Text == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, "UPDATE search SET fold = $1 WHERE document = $2", Fold(d.Name+" "+change.Text), d.ID)
	return err
}

// found is what a document is found by: number, notation, organ, person, date of
// issue, type, subject.
func found(fields record.Fields) [7]string {
	f := func(name string) string { return normal(fields, name) }
	return [7]string{f(record.CodeNumber), Fold(f(record.CodeNotation)), Fold(f(record.OrganName)), Fold(f(record.SignerName)), f(record.IssuedDate),
		Fold(f(record.TypeName)), Fold(f(record.Subject))}
}

// normal is the value that a field is found by, without leading zeros of a number.
func normal(fields record.Fields, name string) string {
	f := fields[name]
	value := f.Normal
	if value == "" {
		value = f.Value
	}
	if n, err := strconv.Atoi(value); err == nil && name == record.CodeNumber {
		return strconv.Itoa(n)
	}
	return value
}

// A Search selects documents by text and fields. Agency is who searches; with
// SealedOnly it sees only sealed documents, its own and those of Grants.
type Search struct {
	Agency     string
	SealedOnly bool
	Grants     []record.Grant
	Text       string // words in any order, with or without accents
	Number     string // số
	Notation   string // ký hiệu
	Organ      string // part of the agency's name
	Person     string // part of the signer's name
	From, To   string // dates of issue, ISO 8601, inclusive
	Status     record.Status
	Dossier    string
	Cursor     string
	Limit      int
}

// rankCap bounds the matches that are ranked: among more than that, the newest
// come first, for ranking them all would take half a second.
const rankCap = 2000

// Find returns the documents that a search selects, best or newest first, and the
// cursor of the next page.
func (c *Catalogue) Find(ctx context.Context, s Search) ([]record.Document, string, error) {
	offset := 0
	if s.Cursor != "" {
		var err error
		if offset, err = strconv.Atoi(s.Cursor); err != nil || offset < 0 {
			return nil, "", fmt.Errorf("cursor %.60q: %w", s.Cursor, record.ErrInvalid)
		}
	}
	w := &where{}
	from, order := "search", "search.id DESC"
	if query := c.textQuery(s.Text); query != "" {
		from = c.dialect.textFrom
		w.and(c.dialect.match, query) // must be parameter $1
		many, err := c.moreThan(ctx, query, rankCap)
		if err != nil {
			return nil, "", err
		}
		order = c.dialect.rankBy + ", search.id DESC"
		if many {
			order = c.dialect.newest
		}
	}
	w.search(s)
	// Only ids: whoever sorts need not carry the documents along.
	ids, err := texts(c.read.QueryContext(ctx, fmt.Sprintf("SELECT search.document FROM %s WHERE %s ORDER BY %s LIMIT %d OFFSET %d", from, w.text(), order, s.Limit+1, offset), w.args...))
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(ids) > s.Limit {
		ids, next = ids[:s.Limit], strconv.Itoa(offset+s.Limit)
	}
	all, err := c.inOrder(ctx, ids)
	return all, next, err
}

// inOrder returns the documents with these ids, in their order.
func (c *Catalogue) inOrder(ctx context.Context, ids []string) ([]record.Document, error) {
	if len(ids) == 0 {
		return []record.Document{}, nil
	}
	w, marks := &where{}, strings.TrimSuffix(strings.Repeat("?, ", len(ids)), ", ")
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	w.and("id IN ("+marks+")", args...)
	all, err := bodies[record.Document](c.read.QueryContext(ctx, "SELECT body FROM documents WHERE "+w.text(), w.args...))
	place := func(d record.Document) int { return slices.Index(ids, d.ID) }
	slices.SortFunc(all, func(a, b record.Document) int { return place(a) - place(b) })
	return all, err
}

// texts reads a column of text.
func texts(rows *sql.Rows, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// moreThan reports whether the words stand in more than n documents.
func (c *Catalogue) moreThan(ctx context.Context, query string, n int) (bool, error) {
	var found int
	err := c.read.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) AS enough", c.dialect.words, c.dialect.match, n+1), query).Scan(&found)
	return found > n, err
}

// textQuery is the words of a search in the database's own language; the last may
// be the beginning of a word.
func (c *Catalogue) textQuery(text string) string {
	words := strings.Fields(Fold(text))
	for i, w := range words {
		last := i == len(words)-1
		switch {
		case c.dialect.name == "postgres" && last:
			words[i] = w + ":*"
		case c.dialect.name != "postgres" && last:
			words[i] = `"` + w + `"*`
		case c.dialect.name != "postgres":
			words[i] = `"` + w + `"`
		}
	}
	if c.dialect.name == "postgres" {
		return strings.Join(words, " & ")
	}
	return strings.Join(words, " ")
}

// A where collects conditions whose ? are numbered parameters.
type where struct {
	conditions []string
	args       []any
}

// and adds a condition; each ? in it is one of args, a $1 is written out by the caller.
func (w *where) and(condition string, args ...any) {
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(w.args)), 1)
	}
	w.conditions = append(w.conditions, condition)
}

func (w *where) text() string { return strings.Join(w.conditions, " AND ") }

func (w *where) search(s Search) {
	if s.SealedOnly {
		w.readable(s)
	} else {
		w.and("search.agency = ?", s.Agency)
	}
	for column, value := range map[string]string{"number": trimZeros(s.Number), "status": string(s.Status), "dossier": s.Dossier, "notation": Fold(s.Notation)} {
		if value != "" {
			w.and("search."+column+" = ?", value)
		}
	}
	for column, value := range map[string]string{"organ": Fold(s.Organ), "person": Fold(s.Person)} {
		if value != "" {
			// By id, so that an index alone is read. Fold leaves neither % nor _.
			w.and("search.id IN (SELECT id FROM search WHERE "+column+" LIKE ?)", "%"+value+"%")
		}
	}
	if s.From != "" {
		w.and("search.issued >= ?", s.From)
	}
	if s.To != "" {
		w.and("search.issued <= ? AND search.issued <> ''", s.To)
	}
}

func trimZeros(number string) string {
	if n, err := strconv.Atoi(strings.TrimSpace(number)); err == nil {
		return strconv.Itoa(n)
	}
	return number
}

// readable selects what a reader may see: sealed documents of its own agency and
// of grants.
func (w *where) readable(s Search) {
	alternatives := []string{"search.agency = ?"}
	args := []any{s.Agency}
	for _, g := range s.Grants {
		condition := "search.agency = ?"
		args = append(args, g.Agency)
		if len(g.Dossiers) > 0 {
			condition += " AND search.dossier IN (?" + strings.Repeat(", ?", len(g.Dossiers)-1) + ")"
			for _, d := range g.Dossiers {
				args = append(args, d)
			}
		}
		alternatives = append(alternatives, "("+condition+")")
	}
	w.and("search.status = 'sealed' AND ("+strings.Join(alternatives, " OR ")+")", args...)
}

// An Answer is what was answered to a request with an idempotency key.
type Answer struct {
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

// Answered returns the answer that was given to the request with this key before,
// or an error of kind record.ErrNotFound. request is the digest of all that makes
// the request what it is; another one under the same key is refused with
// record.IdempotencyUsed.
func (c *Catalogue) Answered(ctx context.Context, agency, key, request string) (Answer, error) {
	var a Answer
	var held, body string
	err := c.read.QueryRowContext(ctx, "SELECT request, answer FROM idempotency WHERE agency = $1 AND key = $2", agency, key).Scan(&held, &body)
	if err != nil {
		return a, one(err, "idempotency key %.80s", key)
	}
	if held != request {
		return a, &record.Error{Reason: record.IdempotencyUsed, Kind: record.ErrConflict, Detail: fmt.Sprintf("idempotency key %.80s", key)}
	}
	return a, json.Unmarshal([]byte(body), &a)
}

// KeepAnswer keeps the first answer under a key.
func (c *Catalogue) KeepAnswer(ctx context.Context, agency, key, request string, a Answer, actor record.Actor) error {
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = c.write.ExecContext(ctx, `INSERT INTO idempotency (agency, key, request, answer, actor, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (agency, key) DO NOTHING`, agency, key, request, string(body), string(actor), stamp(c.nowUTC()))
	return err
}
