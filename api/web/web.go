// Package web has the screens: sign in, dossiers, upload, list, review, and the
// public verification. They are plain pages whose modules call the API of the same
// service from the browser; nothing is fetched from elsewhere, and no script or
// style stands in a page.
//
// It promises that whatever a person can do on a screen went through a route of
// the API and its table of scopes, and that every word stands in Vietnamese,
// English and French. It refuses to know anything of documents itself: the pages
// that it makes are the same for every document.
package web

import (
	"net/http"
	"strings"

	"github.com/sohoa/sohoa/api"
)

// policy is the Content-Security-Policy of every page.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// screens answers for the pages of one service.
type screens struct {
	server *api.Server
}

// Handler serves the screens and, beside them, the API. An unsafe request that a
// browser sends from another origin is refused, for the cookie would come with it.
func Handler(s *api.Server) http.Handler {
	templates() // a fault in one shows here, not on a page
	w := &screens{server: s}
	pages := http.NewServeMux()
	pages.HandleFunc("GET /{$}", w.home)
	pages.HandleFunc("GET /signin", w.askForKey)
	pages.HandleFunc("POST /signin", w.signIn)
	pages.HandleFunc("POST /signout", w.signOut)
	pages.HandleFunc("GET /dossiers", w.inside("dossiers"))
	pages.HandleFunc("GET /dossiers/{id}", w.inside("dossier"))
	pages.HandleFunc("GET /dossiers/{id}/batch", w.inside("batch"))
	pages.HandleFunc("GET /documents", w.inside("documents"))
	pages.HandleFunc("GET /documents/{id}", w.inside("review"))
	pages.HandleFunc("GET /verify", w.open("verify"))
	pages.HandleFunc("GET /verify/{id}", w.open("verifyid"))
	pages.HandleFunc("GET /words/{file}", w.words)
	pages.Handle("GET /static/", static())
	pages.HandleFunc("/", w.others(pages))
	return guard(beside(s.Handler(), secure(pages)))
}

// beside sends requests for the API there and all others to the pages.
func beside(service, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/api/"), r.URL.Path == "/livez", r.URL.Path == "/readyz", r.URL.Path == "/version", r.URL.Path == "/metrics":
			service.ServeHTTP(w, r)
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

// secure sets the headers of a page.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// guard refuses what another origin has a browser send.
func guard(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(api.RefuseOrigin))
	return p.Handler(next)
}
