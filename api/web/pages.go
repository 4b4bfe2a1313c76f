package web

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
)

//go:embed templates/*.html
var templateFiles embed.FS

// names of the pages: each is templates/NAME.html inside templates/layout.html.
var names = []string{"signin", "dossiers", "dossier", "batch", "documents", "review", "verify", "verifyid", "trouble"}

// templates by language and name. The words are put in when a page is made.
var templates = sync.OnceValue(func() map[string]map[string]*template.Template {
	all := map[string]map[string]*template.Template{}
	for _, lang := range say.Languages {
		all[lang] = map[string]*template.Template{}
		funcs := template.FuncMap{"t": func(key string) string { return tables()[lang][key] }}
		for _, name := range names {
			all[lang][name] = template.Must(template.New("layout.html").Funcs(funcs).ParseFS(templateFiles, "templates/layout.html", "templates/"+name+".html"))
		}
	}
	return all
})

// A page is what a template is given: who looks, in which language, at what.
type page struct {
	Lang        string
	Languages   []string
	Name        string // of the page
	ID          string // of the dossier or document
	Key         record.Key
	Agency      string // its name
	SignedIn    bool
	Decides     bool // holds the scope of an approver
	Insider     bool
	Development bool
	Version     string
	Next        string // where to go after signing in
	Trouble     string // key of the words

	at *url.URL
}

// Scripted reports whether the page has a module of its own.
func (p page) Scripted() bool { return p.Name != "signin" && p.Name != "trouble" }

// In is the address of the same page in another language.
func (p page) In(lang string) string {
	q := p.at.Query()
	q.Set("lang", lang)
	return p.at.Path + "?" + q.Encode()
}

// inside answers with a page for somebody who signed in.
func (s *screens) inside(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, err := s.caller(r)
		if errors.Is(err, record.ErrNotFound) {
			http.Redirect(w, r, "/signin?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.show(w, r, http.StatusOK, name, page{ID: r.PathValue("id")})
	}
}

// open answers with a page for everybody.
func (s *screens) open(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, http.StatusOK, name, page{ID: r.PathValue("id")})
	}
}

func (s *screens) unknown(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusNotFound, "trouble", page{Trouble: "trouble.unknown"})
}

// others answers for addresses that no page has, and for methods that a page does
// not take.
func (s *screens) others(pages *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		allowed := api.MethodsAt(pages, "/", r)
		if len(allowed) == 0 {
			s.unknown(w, r)
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.show(w, r, http.StatusMethodNotAllowed, "trouble", page{Trouble: "trouble.method"})
	}
}

// fail says that something is wrong here; what it is stays in the log.
func (s *screens) fail(w http.ResponseWriter, r *http.Request, err error) {
	slog.ErrorContext(r.Context(), "page failed", "path", r.URL.Path, "error", err)
	s.show(w, r, http.StatusInternalServerError, "trouble", page{Trouble: "trouble.ours"})
}

// show writes a page.
func (s *screens) show(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	p.Lang, p.Languages, p.Name, p.at = language(w, r), say.Languages, name, r.URL
	p.Development, p.Version = s.server.Development, s.server.Version
	if key, err := s.caller(r); err == nil {
		p.Key, p.SignedIn = key, true
		p.Decides = key.Holds(record.ScopeApprover)
		p.Insider = p.Decides || key.Holds(record.ScopeClerk)
		p.Agency = key.Agency
		if agency, err := s.server.Catalogue.Agency(r.Context(), key.Agency); err == nil {
			p.Agency = agency.Name
		}
	}
	var out bytes.Buffer
	if err := templates()[p.Lang][name].Execute(&out, p); err != nil {
		slog.ErrorContext(r.Context(), "page failed", "page", name, "error", err)
		http.Error(w, tables()[p.Lang]["trouble.ours"], http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", p.Lang)
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // the client may be gone
}
