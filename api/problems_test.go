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

func problemIn(t *testing.T, r reply) api.Problem {
	t.Helper()
	r.StatusCode = http.StatusOK // it is read as what it is
	return read[api.Problem](t, r)
}
