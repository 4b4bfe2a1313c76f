package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/record"
)

const maxForm = 16 << 10 // bytes of the form with the key

// caller returns the key of somebody who signed in, or an error of kind
// record.ErrNotFound.
func (s *screens) caller(r *http.Request) (record.Key, error) {
	c, err := r.Cookie(api.SessionCookie)
	if err != nil {
		return record.Key{}, record.ErrNotFound
	}
	return s.server.Catalogue.KeyBySecret(r.Context(), c.Value)
}

// home sends people to where they begin.
func (s *screens) home(w http.ResponseWriter, r *http.Request) {
	key, err := s.caller(r)
	switch {
	case err != nil:
		http.Redirect(w, r, "/signin", http.StatusSeeOther)
	case key.Holds(record.ScopeClerk) || key.Holds(record.ScopeApprover):
		http.Redirect(w, r, "/dossiers", http.StatusSeeOther)
	default:
		http.Redirect(w, r, "/documents", http.StatusSeeOther) // a reader has no dossiers of his own
	}
}

func (s *screens) askForKey(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "signin", page{Next: localPath(r.URL.Query().Get("next"))})
}

// signIn takes a key and keeps it in a cookie that no script can read.
func (s *screens) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	secret, next := strings.TrimSpace(r.PostFormValue("key")), localPath(r.PostFormValue("next"))
	key, err := s.server.Catalogue.KeyBySecret(r.Context(), secret)
	if errors.Is(err, record.ErrNotFound) {
		s.show(w, r, http.StatusUnauthorized, "signin", page{Next: next, Trouble: "signin.wrong"})
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "signed in", "key", key.ID, "agency", key.Agency)
	http.SetCookie(w, sessionCookie(r, secret))
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (s *screens) signOut(w http.ResponseWriter, r *http.Request) {
	gone := sessionCookie(r, "")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	w.Header().Set("Clear-Site-Data", `"cache"`) // page pictures of documents
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
}

func sessionCookie(r *http.Request, value string) *http.Cookie {
	return &http.Cookie{Name: api.SessionCookie, Value: value, Path: "/", HttpOnly: true, Secure: api.Secure(r), SameSite: http.SameSiteStrictMode}
}

// localPath returns a path of ours, "/" for anything that leads elsewhere.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, `\`) {
		return "/"
	}
	return next
}
