package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/record"
)

// SessionCookie holds the key of somebody who signed in on a screen.
const SessionCookie = "sohoa_session"

type contextKey int

const (
	callerKey contextKey = iota
	languageKey
	secureKey
)

// caller returns the key that the request came with.
func caller(ctx context.Context) record.Key {
	k, _ := ctx.Value(callerKey).(record.Key) // the zero key holds no scope
	return k
}

// actor is how the caller stands in events.
func actor(ctx context.Context) record.Actor { return record.Actor("key:" + caller(ctx).ID) }

// authenticate lets a request through if its key holds a scope of its route.
func (s *Server) authenticate(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		ctx = huma.WithValue(ctx, languageKey, languageFrom(ctx.Header("Accept-Language"), ctx.Query("lang")))
		r := route(ctx.Operation().OperationID)
		if r.Open {
			next(ctx)
			return
		}
		key, err := s.Catalogue.KeyBySecret(ctx.Context(), secretFrom(ctx.Header("Authorization"), ctx.Header("Cookie")))
		if err == nil && !mayCall(key, r) {
			err = errForbidden
		} else if isNotFound(err) {
			err = errUnauthenticated
		}
		if err != nil {
			refuse(api, ctx, err)
			return
		}
		next(huma.WithValue(ctx, callerKey, key))
	}
}

func mayCall(k record.Key, r Route) bool {
	for _, scope := range r.Scopes {
		if k.Holds(scope) {
			return true
		}
	}
	return false
}

// secretFrom finds the key in the Authorization header, else in the cookie of the
// screens.
func secretFrom(authorization, cookies string) string {
	if secret, ok := strings.CutPrefix(authorization, "Bearer "); ok {
		return strings.TrimSpace(secret)
	}
	parsed, err := http.ParseCookie(cookies)
	if err != nil {
		return ""
	}
	for _, c := range parsed {
		if c.Name == SessionCookie {
			return c.Value
		}
	}
	return ""
}

// document returns a document that the caller may see. One of another agency
// looks like one that does not exist; a reader sees sealed ones only.
func (s *Server) document(ctx context.Context, id string) (record.Document, error) {
	k := caller(ctx)
	d, err := s.Catalogue.Document(ctx, id)
	if err != nil {
		return d, err
	}
	insider := k.Holds(record.ScopeClerk) || k.Holds(record.ScopeApprover)
	switch {
	case d.Agency == k.Agency && (insider || d.Status == record.Sealed):
		return d, nil
	case d.Agency != k.Agency && d.Status == record.Sealed && readsByGrant(k):
		ok, err := s.granted(ctx, k, d)
		if ok || err != nil {
			return d, err
		}
	}
	return record.Document{}, notFound("document", id)
}

// readsByGrant reports whether the key may read what another agency granted.
func readsByGrant(k record.Key) bool { return k.Holds(record.ScopeReader) }

func (s *Server) granted(ctx context.Context, k record.Key, d record.Document) (bool, error) {
	grants, err := s.Catalogue.GrantsTo(ctx, k.Agency)
	for _, g := range grants {
		if g.Agency == d.Agency && (len(g.Dossiers) == 0 || contains(g.Dossiers, d.Dossier)) {
			return true, nil
		}
	}
	return false, err
}

// ownDocument returns a document of the caller's own agency.
func (s *Server) ownDocument(ctx context.Context, id string) (record.Document, error) {
	d, err := s.document(ctx, id)
	if err == nil && d.Agency != caller(ctx).Agency {
		return record.Document{}, notFound("document", id)
	}
	return d, err
}

// dossier returns a dossier of the caller's agency.
func (s *Server) dossier(ctx context.Context, id string) (record.Dossier, error) {
	d, err := s.Catalogue.Dossier(ctx, id)
	if err == nil && d.Agency != caller(ctx).Agency {
		return record.Dossier{}, notFound("dossier", id)
	}
	return d, err
}

// RefuseOrigin answers a request that a browser sent from a page of another origin.
func RefuseOrigin(w http.ResponseWriter, r *http.Request) {
	writeProblem(w, problemOf(errForbidden, languageOf(r)))
}
