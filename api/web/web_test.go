package web_test

import (
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/api"
	"github.com/sohoa/sohoa/api/web"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
)

// pages serves the screens without workers.
func pages(t *testing.T, development bool) (*httptest.Server, *app.App, string) {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), SpoolBytes: 1 << 30, UploadBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	s := &api.Server{Catalogue: a.Catalogue, Store: a.Store, Spool: a.Spool, Manifests: a.WriteManifests, Ready: a.Ready, UploadBytes: 1 << 20, VerifyBytes: 1 << 20, Development: development, Version: "test"}
	server := httptest.NewServer(web.Handler(s))
	t.Cleanup(func() {
		server.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return server, a, firstKey(t, a)
}

// person is a browser without modules: it keeps cookies and follows no redirects.
func person(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func get(t *testing.T, c *http.Client, address string) (*http.Response, string) {
	t.Helper()
	resp, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body(t, resp)
}

func body(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func enter(t *testing.T, c *http.Client, server, key, next string) *http.Response {
	t.Helper()
	resp, err := c.PostForm(server+"/signin", url.Values{"key": {key}, "next": {next}})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func TestSignIn(t *testing.T) {
	server, a, secret := pages(t, false)
	expired, expiredSecret, err := a.Catalogue.CreateKey(t.Context(), "H48.01", record.ScopeClerk, "expired", time.Now().Add(-time.Hour), "cli")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		situation, key, next string
		status               int
		to                   string
	}{
		{"the right key", secret, "/documents", http.StatusSeeOther, "/documents"},
		{"copied with a line break", secret + "\n", "", http.StatusSeeOther, "/"},
		{"a wrong key", "sohoa_a_b", "", http.StatusUnauthorized, ""},
		{"no key", "", "", http.StatusUnauthorized, ""},
		{"an expired key", expiredSecret, "", http.StatusUnauthorized, ""},
		{"sent elsewhere afterwards", secret, "https://example.org/", http.StatusSeeOther, "/"},
		{"sent elsewhere without a scheme", secret, "//example.org/", http.StatusSeeOther, "/"},
		{"sent elsewhere with backslashes", secret, `/\example.org`, http.StatusSeeOther, "/"},
		{"a key longer than the form may be", strings.Repeat("x", 1<<20), "", http.StatusUnauthorized, ""},
	} {
		resp := enter(t, person(t), server.URL, c.key, c.next)
		text := body(t, resp)
		if resp.StatusCode != c.status || resp.Header.Get("Location") != c.to {
			t.Errorf("%s (%s): %d to %q; want %d to %q", c.situation, expired.ID, resp.StatusCode, resp.Header.Get("Location"), c.status, c.to)
		}
		cookies := resp.Cookies()
		if c.status != http.StatusSeeOther {
			if len(cookies) != 0 || !strings.Contains(text, `role="alert"`) {
				t.Errorf("%s: cookies %v, and the page says %.200q", c.situation, cookies, text)
			}
			continue
		}
		i := slices.IndexFunc(cookies, func(c *http.Cookie) bool { return c.Name == api.SessionCookie })
		if i < 0 || !cookies[i].HttpOnly || cookies[i].SameSite != http.SameSiteStrictMode || cookies[i].Path != "/" || cookies[i].Secure {
			t.Errorf("%s: cookies %v; want one of the session, HttpOnly, SameSite=Strict, for /", c.situation, cookies)
		}
	}
}

func TestTheSessionIsSecureUnderTLS(t *testing.T) {
	server, a, secret := pages(t, false)
	server.Close()
	s := &api.Server{Catalogue: a.Catalogue, Store: a.Store, Spool: a.Spool, Manifests: a.WriteManifests, Ready: a.Ready}
	tls := httptest.NewTLSServer(web.Handler(s))
	defer tls.Close()
	c := tls.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp := enter(t, c, tls.URL, secret, "")
	body(t, resp)
	if got := resp.Cookies(); len(got) != 1 || !got[0].Secure {
		t.Errorf("cookies under TLS: %v; want a Secure one", got)
	}
}

// A proxy that ends TLS is believed if it is named, and a stranger who says the
// same is not.
func TestTheSessionIsSecureBehindAProxy(t *testing.T) {
	server, _, secret := pages(t, false)
	for _, c := range []struct {
		trusted []netip.Prefix
		want    bool
	}{{[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, true}, {[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, false}, {nil, false}} {
		proxied := httptest.NewServer(api.Behind(c.trusted, server.Config.Handler))
		defer proxied.Close()
		form := url.Values{"key": {secret}}
		req, err := http.NewRequest("POST", proxied.URL+"/signin", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Forwarded-Proto", "https")
		resp, err := person(t).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		strict := resp.Header.Get("Strict-Transport-Security") != ""
		if got := resp.Cookies(); len(got) != 1 || got[0].Secure != c.want || strict != c.want {
			t.Errorf("trusting %v: cookies %v, strict transport %v; want Secure %v", c.trusted, got, strict, c.want)
		}
	}
}

func TestWhoIsNotSignedInIsAskedToAndComesBack(t *testing.T) {
	server, _, secret := pages(t, false)
	c := person(t)
	for _, path := range []string{"/dossiers", "/dossiers/x", "/documents?q=a&status=sealed", "/documents/x"} {
		resp, _ := get(t, c, server.URL+path)
		if want := "/signin?next=" + url.QueryEscape(path); resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != want {
			t.Errorf("GET %s = %d to %q; want a redirect to %q", path, resp.StatusCode, resp.Header.Get("Location"), want)
		}
	}
	body(t, enter(t, c, server.URL, secret, "/documents"))
	if resp, text := get(t, c, server.URL+"/documents"); resp.StatusCode != http.StatusOK || !strings.Contains(text, "Uỷ ban nhân dân huyện Thử Nghiệm") {
		t.Errorf("GET /documents after signing in = %d, %.300q; want the page with the agency's name", resp.StatusCode, text)
	}
	if resp, _ := get(t, c, server.URL+"/api/v1/whoami"); resp.StatusCode != http.StatusOK {
		t.Errorf("the API with the cookie: %d; want 200", resp.StatusCode)
	}
	resp, err := c.Post(server.URL+"/signout", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	body(t, resp)
	if resp, _ := get(t, c, server.URL+"/api/v1/whoami"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("the API after signing out: %d; want 401", resp.StatusCode)
	}
	if resp, _ := get(t, c, server.URL+"/documents"); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("a page after signing out: %d; want a redirect", resp.StatusCode)
	}
}

func TestAReaderBeginsWithDocuments(t *testing.T) {
	server, a, _ := pages(t, false)
	_, reader, err := a.Catalogue.CreateKey(t.Context(), "H48.01", record.ScopeReader, "reader", time.Time{}, "cli")
	if err != nil {
		t.Fatal(err)
	}
	c := person(t)
	body(t, enter(t, c, server.URL, reader, ""))
	if resp, _ := get(t, c, server.URL+"/"); resp.Header.Get("Location") != "/documents" {
		t.Errorf("a reader is sent to %q; want /documents", resp.Header.Get("Location"))
	}
	if _, text := get(t, c, server.URL+"/documents"); strings.Contains(text, `href="/dossiers"`) {
		t.Error("a reader is shown the way to the dossiers, which are not his")
	}
}

func TestAnotherOriginIsRefused(t *testing.T) {
	server, _, secret := pages(t, false)
	for _, c := range []struct {
		situation, method, path string
		header                  map[string]string
		want                    int
	}{
		{"another site's form", "POST", "/api/v1/dossiers", map[string]string{"Sec-Fetch-Site": "cross-site", "Cookie": api.SessionCookie + "=" + secret}, http.StatusForbidden},
		{"a neighbour's form", "POST", "/api/v1/dossiers", map[string]string{"Sec-Fetch-Site": "same-site", "Cookie": api.SessionCookie + "=" + secret}, http.StatusForbidden},
		{"an old browser", "POST", "/signout", map[string]string{"Origin": "https://example.org"}, http.StatusForbidden},
		{"signing somebody in", "POST", "/signin", map[string]string{"Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		{"our own page", "POST", "/api/v1/dossiers", map[string]string{"Sec-Fetch-Site": "same-origin", "Cookie": api.SessionCookie + "=" + secret, "Content-Type": "application/json"}, http.StatusCreated},
		{"a program with a key", "GET", "/api/v1/whoami", map[string]string{"Authorization": "Bearer " + secret}, http.StatusOK},
		{"reading from elsewhere", "GET", "/verify", map[string]string{"Sec-Fetch-Site": "cross-site"}, http.StatusOK},
	} {
		req, err := http.NewRequest(c.method, server.URL+c.path, strings.NewReader(`{"code":"1","title":""}`))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range c.header {
			req.Header.Set(name, value)
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		if text := body(t, resp); resp.StatusCode != c.want {
			t.Errorf("%s: %s %s = %d %.200s; want %d", c.situation, c.method, c.path, resp.StatusCode, text, c.want)
		}
	}
}

func TestPagesAreStrict(t *testing.T) {
	server, _, secret := pages(t, true)
	c := person(t)
	body(t, enter(t, c, server.URL, secret, ""))
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|<script[^>]*>[^<]|(src|href)="(https?:)?//`)
	for _, path := range []string{"/signin", "/dossiers", "/dossiers/x", "/documents", "/documents/x", "/verify", "/verify/x", "/nowhere"} {
		resp, text := get(t, c, server.URL+path)
		policy := resp.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !slices.Contains(strings.Split(policy, "; "), part) {
				t.Errorf("GET %s: policy %q; want %q in it", path, policy, part)
			}
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("GET %s: %s %q; want %q", path, name, got, want)
			}
		}
		if found := inline.FindString(text); found != "" {
			t.Errorf("GET %s: the page has %q", path, found)
		}
		if !strings.Contains(text, `class="development"`) {
			t.Errorf("GET %s does not say that the authority is one of development", path)
		}
	}
}

func TestARealServiceIsNotCalledDevelopment(t *testing.T) {
	server, _, _ := pages(t, false)
	if _, text := get(t, person(t), server.URL+"/verify"); strings.Contains(text, `class="development"`) {
		t.Error("the page of a service with a real authority speaks of development")
	}
}

func TestLanguage(t *testing.T) {
	server, _, _ := pages(t, false)
	c := person(t)
	for _, step := range []struct{ path, want string }{
		{"/verify", "vi"}, {"/verify?lang=fr", "fr"}, {"/verify", "fr"}, {"/signin", "fr"}, {"/verify?lang=xx", "fr"}, {"/verify?lang=en", "en"}, {"/", "en"}, {"/verify?lang=vi", "vi"}, {"/verify", "vi"},
	} {
		resp, text := get(t, c, server.URL+step.path)
		if resp.StatusCode == http.StatusSeeOther {
			continue
		}
		if got := resp.Header.Get("Content-Language"); got != step.want || !strings.Contains(text, `<html lang="`+step.want+`">`) {
			t.Errorf("GET %s speaks %q; want %q", step.path, got, step.want)
		}
	}
	if _, text := get(t, c, server.URL+"/verify/abc?x=1&lang=vi"); !strings.Contains(text, `href="/verify/abc?lang=fr&amp;x=1"`) {
		t.Error("the switch of language does not lead to the same page")
	}
}

func TestUnknownPagesAndFiles(t *testing.T) {
	server, _, _ := pages(t, false)
	for path, want := range map[string]int{"/nowhere": 404, "/static/nothing.js": 404, "/static/": 404, "/static/../words/vi.json": 200, "/words/xx.json": 404, "/words/vi": 404, "/static/style.css": 200, "/livez": 200, "/api/v1/nowhere": 404} {
		resp, text := get(t, person(t), server.URL+path)
		if resp.StatusCode != want && resp.StatusCode != http.StatusTemporaryRedirect && resp.StatusCode != http.StatusMovedPermanently {
			t.Errorf("GET %s = %d; want %d", path, resp.StatusCode, want)
		}
		if strings.Contains(text, "goroutine") {
			t.Errorf("GET %s shows a stack", path)
		}
	}
	for _, c := range []struct{ method, path, allow string }{
		{"POST", "/verify", "GET, HEAD"}, {"PUT", "/signin", "GET, HEAD, POST"}, {"DELETE", "/signout", "POST"}, {"PATCH", "/static/style.css", "GET, HEAD"}, {"POST", "/nowhere", ""},
	} {
		req, err := http.NewRequest(c.method, server.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body(t, resp)
		if got := resp.Header.Get("Allow"); got != c.allow || (resp.StatusCode == http.StatusMethodNotAllowed) != (c.allow != "") {
			t.Errorf("%s %s = %d, Allow %q; want Allow %q", c.method, c.path, resp.StatusCode, got, c.allow)
		}
	}
	resp, _ := get(t, person(t), server.URL+"/static/review.js")
	req, err := http.NewRequest("GET", server.URL+"/static/review.js", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("If-None-Match", resp.Header.Get("ETag"))
	again, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body(t, again)
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("a module that is held: %d; want 304", again.StatusCode)
	}
}

func wordsOf(t *testing.T, lang string) map[string]string {
	t.Helper()
	b, err := os.ReadFile("words/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(b, &words); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	return words
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

func TestEveryLanguageHasTheSameWords(t *testing.T) {
	first := wordsOf(t, say.Languages[0])
	for _, lang := range say.Languages {
		words := wordsOf(t, lang)
		for key, text := range first {
			got, want := placeholder.FindAllString(words[key], -1), placeholder.FindAllString(text, -1)
			slices.Sort(got)
			slices.Sort(want)
			if words[key] == "" || !slices.Equal(got, want) {
				t.Errorf("%s: %s = %q; want words with %v", lang, key, words[key], want)
			}
		}
		if len(words) != len(first) {
			t.Errorf("%s has %d words; %s has %d", lang, len(words), say.Languages[0], len(first))
		}
	}
}

// Every key that a template or a module asks for has words, and every word is asked
// for somewhere.
func TestEveryKeyIsSaidAndEveryWordIsUsed(t *testing.T) {
	words := wordsOf(t, "vi")
	asked := map[string]bool{}
	var made []string // beginnings of keys that are put together
	literal := regexp.MustCompile(`\bt\(([^)]*)\)|\{\{t "([\w.-]+)"\}\}|"([a-z]+\.[a-z]+)"`)
	key := regexp.MustCompile("['\"]([a-z]+\\.[\\w-]+)['\"]|`([a-z]+\\.(?:[a-z]+\\.)?)\\$\\{|`\\$\\{\\w+\\}(\\.[a-z]+)`")
	for _, pattern := range []string{"templates/*.html", "static/*.js", "*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range key.FindAllStringSubmatch(string(b), -1) {
				switch {
				case m[1] != "":
					asked[m[1]] = true
				case m[2] != "":
					made = append(made, m[2])
				case m[3] != "":
					made = append(made, m[3])
				}
			}
			for _, m := range literal.FindAllStringSubmatch(string(b), -1) {
				if m[2] != "" && words[m[2]] == "" {
					t.Errorf("%s asks for %s, which has no words", file, m[2])
				}
				for _, k := range regexp.MustCompile(`'([a-z]+\.[\w-]+)'`).FindAllStringSubmatch(m[1], -1) {
					if words[k[1]] == "" {
						t.Errorf("%s asks for %s, which has no words", file, k[1])
					}
				}
			}
		}
	}
	for k := range words {
		used := asked[k] || strings.HasSuffix(k, ".title") || slices.ContainsFunc(made, func(p string) bool { return strings.HasPrefix(k, p) || strings.HasSuffix(k, p) })
		if !used {
			t.Errorf("nobody says %s", k)
		}
	}
	for _, name := range []string{"review", "dossier", "verifyid"} {
		if words[name+".title"] == "" {
			t.Errorf("the page %s has no title", name)
		}
	}
}

// Modules import only what is there, from here.
func TestModulesAreWhole(t *testing.T) {
	modules, err := fs.Glob(os.DirFS("static"), "*.js")
	if err != nil || len(modules) == 0 {
		t.Fatal(modules, err)
	}
	imports := regexp.MustCompile(`(?m)^import .* from '([^']+)';$`)
	for _, module := range modules {
		b, err := os.ReadFile("static/" + module)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range imports.FindAllStringSubmatch(string(b), -1) {
			if name, ok := strings.CutPrefix(m[1], "./"); !ok || !slices.Contains(modules, name) {
				t.Errorf("%s imports %s, which is not here", module, m[1])
			}
		}
		for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"} {
			if strings.Contains(string(b), word) {
				t.Errorf("%s has %s: text of documents must not become markup, and nothing comes from elsewhere", module, word)
			}
		}
	}
}
