package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/record"
)

// Whatever is refused says why in the language of who asks, be it by us or by the
// description of the route.
func TestProblemsSpeakThreeLanguages(t *testing.T) {
	h := open(t)
	for _, c := range []struct {
		what, method, path string
		body               any
		status             int
		reason             record.Reason
	}{
		{"no such document", "GET", "/api/v1/documents/unknown", nil, http.StatusNotFound, record.NotFound},
		{"no such route", "GET", "/api/v1/nowhere", nil, http.StatusNotFound, record.NotFound},
		{"a route by another method", "PATCH", "/api/v1/dossiers", nil, http.StatusMethodNotAllowed, record.WrongMethod},
		{"a body that does not fit", "POST", "/api/v1/dossiers", map[string]any{"code": 7}, http.StatusUnprocessableEntity, record.Invalid},
		{"a number that is none", "GET", "/api/v1/documents?limit=many", nil, http.StatusUnprocessableEntity, record.Invalid},
		{"a body that is no JSON", "POST", "/api/v1/dossiers", []byte("{"), http.StatusBadRequest, record.Invalid},
		{"a body that is too large", "POST", "/api/v1/dossiers", []byte(`{"code":"` + strings.Repeat("x", 2<<20) + `"}`), http.StatusRequestEntityTooLarge, record.TooManyBytes},
	} {
		titles := map[string]bool{}
		for _, lang := range []string{"vi", "en", "fr"} {
			got := h.ask("H01 clerk", c.method, c.path, c.body, "Accept-Language", lang)
			got.want(t, c.status, c.reason)
			titles[problemIn(t, got).Title] = true
		}
		if len(titles) != 3 {
			t.Errorf("%s: titles %v; want one in each language", c.what, titles)
		}
	}
}

// A route that is called by another method names those that it takes.
func TestWrongMethod(t *testing.T) {
	h := open(t)
	for _, c := range []struct{ method, path, want string }{
		{"DELETE", "/api/v1/dossiers", "GET, HEAD, POST"},
		{"POST", "/api/v1/documents/unknown/fields", "GET, HEAD, PUT"},
		{"GET", "/api/v1/verify", "POST"},
		{"PUT", "/api/v1/admin/keys/k", "DELETE"},
		{"POST", "/api/v1/openapi.yaml", "GET, HEAD"},
	} {
		got := h.ask("", c.method, c.path, nil)
		got.want(t, http.StatusMethodNotAllowed, record.WrongMethod)
		if allow := got.Header.Get("Allow"); allow != c.want {
			t.Errorf("%s %s: Allow %q; want %q", c.method, c.path, allow, c.want)
		}
	}
}

// Whoever changes the agency's name loses no setting that was made elsewhere.
func TestTheAgencyKeepsItsSettings(t *testing.T) {
	h := open(t)
	change := func(body map[string]any) record.Agency {
		return read[record.Agency](t, h.ask("H01 admin", "PUT", "/api/v1/admin/agency", body))
	}
	if a := change(map[string]any{"name": "Sở Một", "text": "redo", "signedInput": "embed"}); a.Text != record.RedoText || a.Signed != record.EmbedSigned {
		t.Errorf("settings: text %q, signed input %q; want redo and embed", a.Text, a.Signed)
	}
	if a := change(map[string]any{"name": "Sở Hai"}); a.Name != "Sở Hai" || a.Text != record.RedoText || a.Signed != record.EmbedSigned {
		t.Errorf("after a new name: %q, text %q, signed input %q; want redo and embed still", a.Name, a.Text, a.Signed)
	}
	h.ask("H01 admin", "PUT", "/api/v1/admin/agency", map[string]any{"name": "Sở", "signedInput": "keep"}).want(t, http.StatusUnprocessableEntity, record.Invalid)
}

func problemIn(t *testing.T, r reply) api.Problem {
	t.Helper()
	r.StatusCode = http.StatusOK // it is read as what it is
	return read[api.Problem](t, r)
}
