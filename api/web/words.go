package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/internal/say"
)

//go:embed words/*.json
var wordFiles embed.FS

//go:embed static
var staticFiles embed.FS

const languageCookie = "sohoa_lang"

// tables of words by language and key.
var tables = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range say.Languages {
		b, err := wordFiles.ReadFile("words/" + lang + ".json")
		if err != nil {
			panic(err) // embedded: the build is broken
		}
		var words map[string]string
		if err := json.Unmarshal(b, &words); err != nil {
			panic(lang + ".json: " + err.Error())
		}
		all[lang] = words
	}
	return all
})

// language is the one asked for in the address, which is then remembered, else the
// one remembered, else Vietnamese: browsers in offices there are often installed in
// English, so what they ask for by themselves says little.
func language(w http.ResponseWriter, r *http.Request) string {
	if asked := r.URL.Query().Get("lang"); slices.Contains(say.Languages, asked) {
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: asked, Path: "/", MaxAge: 365 * 24 * 60 * 60, HttpOnly: true, Secure: api.Secure(r), SameSite: http.SameSiteLaxMode})
		return asked
	}
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(say.Languages, c.Value) {
		return c.Value
	}
	return say.Languages[0]
}

// words answers with all words of a language for the modules: those of the screens
// and those for codes.
func (s *screens) words(w http.ResponseWriter, r *http.Request) {
	lang, ok := strings.CutSuffix(r.PathValue("file"), ".json")
	if !ok || tables()[lang] == nil {
		s.unknown(w, r)
		return
	}
	b, err := json.Marshal(map[string]any{"screen": tables()[lang], "say": say.Table(lang)})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	kept(w, r, b, "")
}

// static serves the modules, the style and the pictures.
func static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		b, err := fs.ReadFile(staticFiles, name)
		if err != nil {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		kept(w, r, b, types[path.Ext(name)])
	})
}

// types are said here, for those of the operating system differ.
var types = map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

// kept answers with bytes that a browser may keep as long as they are the same.
func kept(w http.ResponseWriter, r *http.Request, b []byte, mediaType string) {
	sum := sha256.Sum256(b)
	etag := `"` + hex.EncodeToString(sum[:16]) + `"`
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", etag)
	if mediaType != "" {
		h.Set("Content-Type", mediaType)
	}
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(b) // the client may be gone
}
