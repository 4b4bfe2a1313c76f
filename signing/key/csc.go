package key

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/sohoa/sohoa/record"
)

const (
	remoteScheme = "csc:"
	remoteTime   = 60 * time.Second // of one call, when the caller sets no earlier end
	keptGrant    = time.Hour        // after its end, what was not signed of an authorisation is forgotten
	maxBatch     = 50               // signatures that one authorisation is asked for at most
)

// A remote is a key at a remote signing service (CSC API v1.0.4).
type remote struct {
	service    *service
	credential string
	pin        string
	info       credentialInfo
	public     crypto.PublicKey

	mu   sync.Mutex
	sad  string // signature activation data, good for the signatures left until it ends
	left int
	ends time.Time

	granted map[string]grant // at SCAL 2: by digest that is not signed yet

	refused error // the PIN was wrong or the credential is locked: not asked again
}

// A grant is activation data that is bound to digests, this one among them.
type grant struct {
	sad   string
	ends  time.Time
	taken bool // a signature is being made with it
}

// OpenCSC finds a credential at a remote signing service. The address is
// csc:https://HOST/csc/v1?credential=ID with login-file=FILE (USER:PASSWORD, for
// auth/login) or token-file=FILE (an access token); without credential the
// account must have exactly one. The PIN of the credential is the first line of
// passwordFile. A credential that wants a one-time password cannot be used by a
// machine and is refused. Reasons: key-unreadable, key-password, key-locked,
// key-mismatch, certificate-expired, certificate-revoked.
func OpenCSC(address, passwordFile string) (*Key, error) {
	s, credential, err := parseService(address)
	if err != nil {
		return nil, record.Refuse(record.KeyUnreadable, err, "read the address of a remote key")
	}
	pin, err := readPassword(passwordFile)
	if err != nil {
		return nil, record.Refuse(record.KeyPassword, err, "read the PIN of remote key %s", credential)
	}
	ctx, cancel := context.WithTimeout(context.Background(), remoteTime)
	defer cancel()
	if credential == "" {
		if credential, err = s.onlyCredential(ctx); err != nil {
			return nil, err
		}
	}
	r := &remote{service: s, credential: credential, pin: pin}
	chain, err := r.inform(ctx)
	if err != nil {
		return nil, err
	}
	r.public = chain[0].PublicKey
	return &Key{Signer: r, Chain: chain}, nil
}

func parseService(address string) (*service, string, error) {
	u, err := url.Parse(strings.TrimPrefix(address, remoteScheme))
	if err != nil || u.Host == "" {
		return nil, "", errors.New("not csc:https://HOST/PATH?credential=ID")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !net.ParseIP(u.Hostname()).IsLoopback()) {
		return nil, "", errors.New("a service on another machine is asked by https only")
	}
	q := u.Query()
	for name := range q {
		if name != "credential" && name != "login-file" && name != "token-file" {
			return nil, "", fmt.Errorf("parameter %.40s is not known", name)
		}
	}
	s := &service{loginFile: q.Get("login-file"), tokenFile: q.Get("token-file")}
	if (s.loginFile == "") == (s.tokenFile == "") {
		return nil, "", errors.New("one of login-file and token-file has to be given")
	}
	u.RawQuery, u.Fragment = "", ""
	s.base = strings.TrimSuffix(u.String(), "/")
	return s, q.Get("credential"), nil
}

// credentialInfo is the answer to credentials/info (CSC API v1.0.4, 11.5).
type credentialInfo struct {
	Key struct {
		Status string   `json:"status"`
		Algo   []string `json:"algo"`
	} `json:"key"`
	Cert struct {
		Status       string   `json:"status"`
		Certificates []string `json:"certificates"`
	} `json:"cert"`
	AuthMode string `json:"authMode"`
	SCAL     string `json:"SCAL"`
	PIN      struct {
		Presence string `json:"presence"`
	} `json:"PIN"`
	OTP struct {
		Presence string `json:"presence"`
	} `json:"OTP"`
	Multisign int `json:"multisign"`
}

// inform asks what the credential is and whether a machine may use it.
func (r *remote) inform(ctx context.Context) ([]*x509.Certificate, error) {
	request := map[string]any{"credentialID": r.credential, "certificates": "chain", "authInfo": true}
	if err := r.service.call(ctx, "credentials/info", request, &r.info); err != nil {
		return nil, err
	}
	refuse := func(reason record.Reason, what string, args ...any) error {
		return record.Refuse(reason, nil, "open remote key %s: %s", r.credential, fmt.Sprintf(what, args...))
	}
	switch {
	case r.info.Key.Status != "enabled":
		return nil, refuse(record.KeyLocked, "the key is %.20q", r.info.Key.Status)
	case r.info.Cert.Status == "revoked", r.info.Cert.Status == "suspended":
		return nil, refuse(record.CertRevoked, "the certificate is %s", r.info.Cert.Status)
	case r.info.Cert.Status == "expired":
		return nil, refuse(record.CertExpired, "the certificate is expired")
	case r.info.AuthMode == "oauth2code", r.info.OTP.Presence == "true":
		return nil, refuse(record.KeyUnreadable, "every signature of it has to be authorised by a person (mode %q)", r.info.AuthMode)
	case r.info.PIN.Presence == "true" && r.pin == "":
		return nil, refuse(record.KeyPassword, "it has a PIN, and no password file was given")
	}
	var bag []*x509.Certificate
	for _, text := range r.info.Cert.Certificates {
		der, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, record.Refuse(record.KeyUnreadable, err, "read a certificate of remote key %s", r.credential)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, record.Refuse(record.KeyUnreadable, err, "read a certificate of remote key %s", r.credential)
		}
		bag = append(bag, c)
	}
	if len(bag) == 0 {
		return nil, refuse(record.KeyMismatch, "it has no certificate")
	}
	r.public = bag[0].PublicKey // the first is the credential's own
	return chainOf(r, bag), nil
}

// Public is the key in the certificate.
func (r *remote) Public() crypto.PublicKey { return r.public }
