package api

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Behind serves a service that stands behind proxies. What a request says of the
// client's address (X-Forwarded-For) and of TLS (X-Forwarded-Proto) is believed if
// it comes from one of the trusted networks, and from nobody else: the address is
// then that of the last one on the way that is not trusted.
func Behind(trusted []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !within(trusted, peer.Addr()) {
			next.ServeHTTP(w, r)
			return
		}
		ctx := r.Context()
		if last(r.Header.Values("X-Forwarded-Proto")) == "https" {
			ctx = context.WithValue(ctx, secureKey, true)
			w.Header().Set("Strict-Transport-Security", strictTransport)
		}
		r = r.WithContext(ctx)
		r.RemoteAddr = netip.AddrPortFrom(client(trusted, peer.Addr(), r.Header.Values("X-Forwarded-For")), 0).String()
		next.ServeHTTP(w, r)
	})
}

// client goes back along the addresses that the request passed, as far as each was
// named by one that is trusted.
func client(trusted []netip.Prefix, peer netip.Addr, forwarded []string) netip.Addr {
	way := strings.Split(strings.Join(forwarded, ","), ",")
	for _, step := range slices.Backward(way) {
		address, err := netip.ParseAddr(strings.TrimSpace(step))
		if err != nil {
			return peer
		}
		if peer = address.Unmap(); !within(trusted, peer) {
			return peer
		}
	}
	return peer
}

func within(networks []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(a.Unmap()) })
}

// last is the last element of a header that may be given as a list.
func last(values []string) string {
	all := strings.Split(strings.Join(values, ","), ",")
	return strings.ToLower(strings.TrimSpace(all[len(all)-1]))
}

// Secure reports whether the client speaks TLS, with us or with a trusted proxy.
func Secure(r *http.Request) bool {
	told, _ := r.Context().Value(secureKey).(bool)
	return told || r.TLS != nil
}
