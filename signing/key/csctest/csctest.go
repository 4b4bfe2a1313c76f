// Package csctest plays a remote signing service after the CSC API v1.0.4, for
// tests and judges: a sound one, and one that fails as a test asks for. It is no
// part of the product.
package csctest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// What the account logs in with, and what its credentials are authorised with.
const (
	Login = "clerk:secret"
	PIN   = "246810"
)

// Path is where the service answers.
const Path = "/csc/v1"

// The algorithms as the CSC API names them.
const (
	oidRSA      = "1.2.840.113549.1.1.1"
	oidPSS      = "1.2.840.113549.1.1.10"
	oidECSHA256 = "1.2.840.10045.4.3.2"
	oidECSHA384 = "1.2.840.10045.4.3.3"
	oidSHA256   = "2.16.840.1.101.3.4.2.1"
	oidSHA384   = "2.16.840.1.101.3.4.2.2"
)

// A Service has one account, and one key behind its credentials. It signs digests
// of SHA-256 and SHA-384. [New] makes one; while it serves, its fields are set in [Service.Change].
type Service struct {
	Key         crypto.Signer
	Chain       []*x509.Certificate // of the key, its own certificate first
	Credentials []string
	Info        map[string]any                                  // changed or added in credentials/info
	SCAL        string                                          // "1", or "2": an authorisation names the digests it is for
	Multisign   int                                             // signatures that one authorisation may be for
	Raw         bool                                            // ECDSA values as r and s side by side
	Lie         bool                                            // signs something else
	Answer      func(w http.ResponseWriter, method string) bool // true: it has answered

	mu     sync.Mutex
	tokens int // logins so far: the newest token is good
	sads   map[string]int
	bound  map[string][]string
	calls  map[string]int
}

// New is a service with the one credential cred/1, at SCAL 1, for one signature
// an authorisation.
func New(k crypto.Signer, chain ...*x509.Certificate) *Service {
	return &Service{Key: k, Chain: chain, Credentials: []string{"cred/1"}, SCAL: "1", Multisign: 1,
		sads: map[string]int{}, bound: map[string][]string{}, calls: map[string]int{}}
}

// Change sets fields between two calls.
func (s *Service) Change(change func(*Service)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// Calls says how often a method was called.
func (s *Service) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// EndToken lets the newest access token end, and EndAuthorisations all that was
// authorised. Both are for [Service.Change].
func (s *Service) EndToken()          { s.tokens++ }
func (s *Service) EndAuthorisations() { clear(s.sads) }

// ServeHTTP answers one call.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	method := strings.TrimPrefix(r.URL.Path, Path+"/")
	s.calls[method]++
	var in map[string]any
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Method != http.MethodPost {
		Refuse(w, 400, "invalid_request")
		return
	}
	if s.Answer != nil && s.Answer(w, method) {
		return
	}
	if method == "auth/login" {
		s.login(w, r)
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+s.token() {
		Refuse(w, 401, "invalid_token")
		return
	}
	if id, ok := in["credentialID"].(string); method != "credentials/list" && (!ok || !slices.Contains(s.Credentials, id)) {
		Refuse(w, 400, "invalid_request")
		return
	}
	switch method {
	case "credentials/list":
		give(w, map[string]any{"credentialIDs": s.Credentials})
	case "credentials/info":
		give(w, s.describe())
	case "credentials/authorize":
		s.authorize(w, in)
	case "signatures/signHash":
		s.sign(w, in)
	default:
		Refuse(w, 501, "invalid_request")
	}
}

func (s *Service) token() string { return "token-" + strings.Repeat("x", s.tokens) }

func give(w http.ResponseWriter, v any) { json.NewEncoder(w).Encode(v) }

// Refuse gives an error answer.
func Refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	give(w, map[string]string{"error": code, "error_description": "as the test wants it"})
}

func (s *Service) login(w http.ResponseWriter, r *http.Request) {
	if user, password, _ := r.BasicAuth(); user+":"+password != Login {
		Refuse(w, 400, "authentication_error")
		return
	}
	s.tokens++
	give(w, map[string]any{"access_token": s.token(), "expires_in": 3600})
}

func (s *Service) describe() map[string]any {
	var chain []string
	for _, c := range s.Chain {
		chain = append(chain, base64.StdEncoding.EncodeToString(c.Raw))
	}
	out := map[string]any{
		"key":      map[string]any{"status": "enabled", "algo": []string{oidRSA, oidPSS, oidECSHA256, oidECSHA384}},
		"cert":     map[string]any{"status": "valid", "certificates": chain},
		"authMode": "explicit", "SCAL": s.SCAL, "multisign": s.Multisign, "PIN": map[string]any{"presence": "true", "format": "N"},
	}
	maps.Copy(out, s.Info)
	return out
}

func (s *Service) authorize(w http.ResponseWriter, in map[string]any) {
	n, _ := in["numSignatures"].(float64)
	hashes, _ := in["hash"].([]any)
	switch {
	case in["PIN"] != PIN:
		Refuse(w, 400, "invalid_pin")
	case n < 1 || int(n) > s.Multisign || s.SCAL == "2" && len(hashes) != int(n):
		Refuse(w, 400, "invalid_request")
	default:
		sad := rand.Text()
		s.sads[sad] = int(n)
		if s.SCAL == "2" {
			for _, h := range hashes {
				s.bound[sad] = append(s.bound[sad], h.(string))
			}
		}
		give(w, map[string]any{"SAD": sad, "expiresIn": 300})
	}
}

func (s *Service) sign(w http.ResponseWriter, in map[string]any) {
	sad, _ := in["SAD"].(string)
	hashes, _ := in["hash"].([]any)
	h := map[any]crypto.Hash{oidSHA256: crypto.SHA256, oidSHA384: crypto.SHA384}[in["hashAlgo"]]
	if len(hashes) != 1 || s.sads[sad] < 1 || s.SCAL == "2" && !slices.Contains(s.bound[sad], hashes[0].(string)) || h == 0 {
		Refuse(w, 400, "invalid_request")
		return
	}
	s.sads[sad]--
	digest, _ := base64.StdEncoding.DecodeString(hashes[0].(string))
	if s.Lie {
		digest[0]++
	}
	var opts crypto.SignerOpts = h
	if in["signAlgo"] == oidPSS {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
	}
	value, err := s.Key.Sign(rand.Reader, digest, opts)
	if err != nil {
		Refuse(w, 500, "server_error")
		return
	}
	if s.Raw {
		value = sideBySide(value)
	}
	give(w, map[string]any{"signatures": []string{base64.StdEncoding.EncodeToString(value)}})
}

func sideBySide(der []byte) []byte {
	var pair struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &pair); err != nil {
		panic(err)
	}
	half := 32
	if max(pair.R.BitLen(), pair.S.BitLen()) > 8*half {
		half = 48
	}
	out := make([]byte, 2*half)
	pair.R.FillBytes(out[:half])
	pair.S.FillBytes(out[half:])
	return out
}
