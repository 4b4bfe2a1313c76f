package api_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/sohoa/sohoa/api"
)

func TestBehindProxies(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		what, peer     string
		forwarded      []string
		proto          string
		tls            bool
		client         string
		secure, strict bool
	}{
		{what: "a client of our own", peer: "203.0.113.9:4711", client: "203.0.113.9:4711"},
		{what: "and by TLS", peer: "203.0.113.9:4711", tls: true, client: "203.0.113.9:4711", secure: true},
		{what: "a stranger who says that he is a proxy", peer: "203.0.113.9:4711", forwarded: []string{"198.51.100.1"}, proto: "https", client: "203.0.113.9:4711"},
		{what: "behind a proxy", peer: "10.1.2.3:80", forwarded: []string{"198.51.100.1"}, proto: "https", client: "198.51.100.1:0", secure: true, strict: true},
		{what: "behind a proxy without TLS", peer: "10.1.2.3:80", forwarded: []string{"198.51.100.1"}, proto: "http", client: "198.51.100.1:0"},
		{what: "behind two", peer: "10.1.2.3:80", forwarded: []string{"198.51.100.1, 10.9.9.9"}, proto: "https", client: "198.51.100.1:0", secure: true, strict: true},
		{what: "a client that forges the beginning", peer: "10.1.2.3:80", forwarded: []string{"192.0.2.1, 198.51.100.1"}, client: "198.51.100.1:0"},
		{what: "the same in two headers", peer: "10.1.2.3:80", forwarded: []string{"192.0.2.1", "198.51.100.1"}, client: "198.51.100.1:0"},
		{what: "nonsense before the proxy", peer: "10.1.2.3:80", forwarded: []string{"unknown"}, client: "10.1.2.3:0"},
		{what: "a proxy that says nothing", peer: "10.1.2.3:80", client: "10.1.2.3:0"},
		{what: "an address of version 6", peer: "[fd00::1]:80", forwarded: []string{"2001:db8::7"}, client: "[2001:db8::7]:0"},
		{what: "version 4 written as version 6", peer: "[::ffff:10.1.2.3]:80", forwarded: []string{"::ffff:198.51.100.1"}, client: "198.51.100.1:0"},
	} {
		r := httptest.NewRequest("GET", "http://sohoa.example/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.forwarded
		r.Header.Set("X-Forwarded-Proto", c.proto)
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		answer := httptest.NewRecorder()
		var client string
		var secure bool
		api.Behind(trusted, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { client, secure = r.RemoteAddr, api.Secure(r) })).ServeHTTP(answer, r)
		if strict := answer.Header().Get("Strict-Transport-Security") != ""; client != c.client || secure != c.secure || strict != c.strict {
			t.Errorf("%s: client %s, secure %v, strict %v; want %s, %v, %v", c.what, client, secure, strict, c.client, c.secure, c.strict)
		}
	}
}

// Each visitor behind a proxy has a rate of her own, and a stranger cannot borrow
// another's.
func TestTheRateIsTheClients(t *testing.T) {
	h := open(t)
	served := httptest.NewServer(api.Behind([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}, h.server.Handler()))
	t.Cleanup(served.Close)
	h.url = served.URL
	verify := func(client string) int {
		return h.ask("", "GET", "/api/v1/verify/unknown", nil, "X-Forwarded-For", client).StatusCode
	}
	refused := false
	for range 100 {
		refused = refused || verify("198.51.100.1") == http.StatusTooManyRequests
	}
	if got := verify("198.51.100.2"); !refused || got != http.StatusNotFound {
		t.Errorf("one visitor was refused: %v, and then another got %d; want true, 404", refused, got)
	}
	if got := verify("198.51.100.3, 198.51.100.1"); got != http.StatusTooManyRequests {
		t.Errorf("a forged address got %d; want 429", got)
	}
}
