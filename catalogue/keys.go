package catalogue

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
)

// CreateKey makes an API key for an agency and returns its secret, which is not
// kept: only its SHA-256 is. A zero expires means never.
func (c *Catalogue) CreateKey(ctx context.Context, agency, scope, label string, expires time.Time, actor record.Actor) (record.Key, string, error) {
	if !slices.Contains(record.Scopes, scope) {
		return record.Key{}, "", fmt.Errorf("scope %.40q is none of %s: %w", scope, strings.Join(record.Scopes, ", "), record.ErrInvalid)
	}
	if _, err := c.Agency(ctx, agency); err != nil {
		return record.Key{}, "", err
	}
	k := record.Key{ID: strings.ToLower(rand.Text()[:12]), Agency: agency, Scope: scope, Label: label, ExpiresAt: expires, CreatedAt: c.nowUTC()}
	secret := "sohoa_" + k.ID + "_" + strings.ToLower(rand.Text()+rand.Text())
	_, err := c.write.ExecContext(ctx, `INSERT INTO keys (id, agency, scope, label, hash, expires_at, revoked_at, actor, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8)`, k.ID, k.Agency, k.Scope, k.Label, hashSecret(secret), stampOrNone(expires), string(actor), stamp(k.CreatedAt))
	return k, secret, err
}

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func stampOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

// KeyBySecret returns the key that a secret belongs to. An unknown, expired or
// revoked one is an error of kind record.ErrNotFound, without telling which.
func (c *Catalogue) KeyBySecret(ctx context.Context, secret string) (record.Key, error) {
	unknown := fmt.Errorf("api key: %w", record.ErrNotFound)
	parts := strings.Split(secret, "_")
	if len(parts) != 3 || parts[0] != "sohoa" {
		return record.Key{}, unknown
	}
	k, hash, err := scanKey(c.read.QueryRowContext(ctx, keyColumns+" WHERE id = $1", parts[1]))
	if err == sql.ErrNoRows {
		return record.Key{}, unknown
	}
	if err != nil {
		return record.Key{}, err
	}
	gone := !k.RevokedAt.IsZero() || !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(c.now())
	if subtle.ConstantTimeCompare([]byte(hash), []byte(hashSecret(secret))) != 1 || gone {
		return record.Key{}, unknown
	}
	return k, nil
}

const keyColumns = "SELECT id, agency, scope, label, hash, expires_at, revoked_at, created_at FROM keys"

func scanKey(row interface{ Scan(...any) error }) (k record.Key, hash string, err error) {
	var expires, revoked, created string
	err = row.Scan(&k.ID, &k.Agency, &k.Scope, &k.Label, &hash, &expires, &revoked, &created)
	k.ExpiresAt, k.RevokedAt, k.CreatedAt = parseStamp(expires), parseStamp(revoked), parseStamp(created)
	return k, hash, err
}

// Keys returns the keys of an agency, newest first.
func (c *Catalogue) Keys(ctx context.Context, agency string) ([]record.Key, error) {
	rows, err := c.read.QueryContext(ctx, keyColumns+" WHERE agency = $1 ORDER BY created_at DESC, id", agency)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []record.Key{}
	for rows.Next() {
		k, _, err := scanKey(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, rows.Err()
}

// RevokeKey ends a key of an agency.
func (c *Catalogue) RevokeKey(ctx context.Context, agency, id string, actor record.Actor) error {
	return changed(c.write.ExecContext(ctx, "UPDATE keys SET revoked_at = $1, actor = $2 WHERE id = $3 AND agency = $4 AND revoked_at = ''",
		stamp(c.nowUTC()), string(actor), id, agency))
}

// changed is an error of kind record.ErrNotFound unless one row was changed.
func changed(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("%d rows: %w", n, record.ErrNotFound)
	}
	return nil
}

// AddGrant lets another agency read what is sealed, until a time.
func (c *Catalogue) AddGrant(ctx context.Context, g record.Grant, actor record.Actor) (record.Grant, error) {
	g.ID, g.CreatedAt = NewID(), c.nowUTC()
	if g.Agency == g.To || strings.TrimSpace(g.Purpose) == "" || !g.Until.After(g.CreatedAt) {
		return g, fmt.Errorf("a grant is to another agency, has a purpose and ends in the future: %w", record.ErrInvalid)
	}
	for _, id := range []string{g.Agency, g.To} {
		if _, err := c.Agency(ctx, id); err != nil {
			return g, err
		}
	}
	for _, id := range g.Dossiers {
		if d, err := c.Dossier(ctx, id); err != nil || d.Agency != g.Agency {
			return g, fmt.Errorf("dossier %s of agency %s: %w", id, g.Agency, record.ErrNotFound)
		}
	}
	dossiers, err := json.Marshal(g.Dossiers)
	if err != nil {
		return g, err
	}
	_, err = c.write.ExecContext(ctx, `INSERT INTO grants (id, agency, to_agency, dossiers, purpose, until, revoked_at, actor, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8)`, g.ID, g.Agency, g.To, string(dossiers), g.Purpose, stamp(g.Until), string(actor), stamp(g.CreatedAt))
	return g, err
}

// Grants returns the grants that an agency gave, newest first, ended ones too.
func (c *Catalogue) Grants(ctx context.Context, agency string) ([]record.Grant, error) {
	return c.grants(ctx, " WHERE agency = $1 ORDER BY created_at DESC, id", agency)
}

// GrantsTo returns the grants that an agency holds now.
func (c *Catalogue) GrantsTo(ctx context.Context, agency string) ([]record.Grant, error) {
	return c.grants(ctx, " WHERE to_agency = $1 AND revoked_at = '' AND until > $2 ORDER BY created_at", agency, stamp(c.nowUTC()))
}

func (c *Catalogue) grants(ctx context.Context, where string, args ...any) ([]record.Grant, error) {
	rows, err := c.read.QueryContext(ctx, "SELECT id, agency, to_agency, dossiers, purpose, until, revoked_at, created_at FROM grants"+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []record.Grant{}
	for rows.Next() {
		var g record.Grant
		var dossiers, until, revoked, created string
		if err := rows.Scan(&g.ID, &g.Agency, &g.To, &dossiers, &g.Purpose, &until, &revoked, &created); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(dossiers), &g.Dossiers); err != nil {
			return nil, err
		}
		g.Until, g.RevokedAt, g.CreatedAt = parseStamp(until), parseStamp(revoked), parseStamp(created)
		all = append(all, g)
	}
	return all, rows.Err()
}

// RevokeGrant ends a grant that an agency gave.
func (c *Catalogue) RevokeGrant(ctx context.Context, agency, id string, actor record.Actor) error {
	return changed(c.write.ExecContext(ctx, "UPDATE grants SET revoked_at = $1, actor = $2 WHERE id = $3 AND agency = $4 AND revoked_at = ''",
		stamp(c.nowUTC()), string(actor), id, agency))
}
