package key

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/ThalesGroup/crypto11"
	"github.com/miekg/pkcs11"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
)

const (
	maxSessions = 16 // with a token at a time; more signatures wait
	sessionWait = 30 * time.Second
)

// OpenPKCS11 finds a key on a token and logs in. The PIN is the first line of
// passwordFile, or of pin-source if that is empty; the key stays on the token.
// Reasons: key-unreadable, key-password, key-locked, key-mismatch. A token must be
// given one wrong PIN at most: nothing here tries again.
func OpenPKCS11(uri, passwordFile string) (*Key, error) {
	u, err := parseTokenURI(uri)
	if err != nil {
		return nil, record.Refuse(record.KeyUnreadable, err, "read the address of a key on a token")
	}
	if passwordFile == "" {
		passwordFile = u.pinFile
	}
	pin, err := readPassword(passwordFile)
	if err != nil {
		return nil, record.Refuse(record.KeyPassword, err, "read the PIN of token %s", u)
	}
	t := &token{uri: u, pin: pin}
	bag, err := t.open()
	if err != nil {
		return nil, tokenError(err, "open token %s", u)
	}
	if u.chain != "" {
		more, err := trust.LoadPEM(u.chain)
		if err != nil {
			return nil, errors.Join(record.Refuse(record.KeyUnreadable, err, "read the certificates for token %s", u), t.Close())
		}
		bag = append(bag, more...)
	}
	chain := chainOf(t, bag)
	if chain == nil {
		return nil, errors.Join(record.Refuse(record.KeyMismatch, nil, "open token %s: neither it nor x-chain has a certificate of the key", u), t.Close())
	}
	return &Key{Signer: t, Chain: chain, close: t.Close}, nil
}

// A token is a key on one, with the sessions to it.
type token struct {
	uri tokenURI
	pin string

	mu      sync.Mutex
	context *crypto11.Context // nil: it was lost and has to be opened again
	key     crypto11.Signer
	public  crypto.PublicKey
}

// open logs in, finds the key and returns the certificate beside it. t.mu is held
// or t is not shared yet.
func (t *token) open() ([]*x509.Certificate, error) {
	ctx, err := crypto11.Configure(&crypto11.Config{
		Path: t.uri.module, TokenLabel: t.uri.token, TokenSerial: t.uri.serial, SlotNumber: t.uri.slot, Pin: t.pin,
		MaxSessions: maxSessions, PoolWaitTimeout: sessionWait,
	})
	if err != nil {
		return nil, err
	}
	k, err := ctx.FindKeyPair(t.uri.id, []byte(t.uri.object))
	if err != nil {
		return nil, errors.Join(err, ctx.Close())
	}
	if t.public != nil && !sameKey(t.public, k.Public()) {
		return nil, errors.Join(errors.New("another key lies there now"), ctx.Close())
	}
	t.context, t.key, t.public = ctx, k, k.Public()
	var id, label []byte
	if id = t.uri.id; len(id) == 0 {
		label = []byte(t.uri.object)
	}
	c, err := ctx.FindCertificate(id, label, nil)
	if c == nil || err != nil {
		return nil, nil // x-chain may have it
	}
	return []*x509.Certificate{c}, nil
}

func (t *token) Public() crypto.PublicKey { return t.public }

// Sign signs on the token, without a time limit.
func (t *token) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return t.SignContext(context.Background(), rand, digest, opts)
}

// SignContext gives up when ctx ends. What the token was asked for goes on there,
// for PKCS#11 knows no way to stop it.
func (t *token) SignContext(ctx context.Context, rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	type result struct {
		value []byte
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := t.sign(rand, digest, opts)
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return nil, record.Fail(record.KeyUnreadable, ctx.Err(), "wait for token %s", t.uri)
	}
}

func (t *token) sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	k, err := t.current()
	if err != nil {
		return nil, tokenError(err, "open token %s again", t.uri)
	}
	value, err := k.Sign(rand, digest, opts)
	if err == nil {
		return value, nil
	}
	if isLost(err) {
		t.drop(k)
	}
	return nil, tokenError(err, "sign on token %s", t.uri)
}

func (t *token) current() (crypto11.Signer, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.context == nil {
		if _, err := t.open(); err != nil {
			return nil, err
		}
	}
	return t.key, nil
}

// drop forgets sessions that the token does not know any more; the next signature
// opens new ones.
func (t *token) drop(k crypto11.Signer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.key == k && t.context != nil {
		_ = t.context.Close() // it is lost: what closing says tells nothing
		t.context = nil
	}
}

// Close logs out.
func (t *token) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.context == nil {
		return nil
	}
	err := t.context.Close()
	t.context = nil
	return err
}

// isLost reports whether the sessions with the token have gone: it was pulled out,
// or its device started anew.
func isLost(err error) bool {
	code, ok := errors.AsType[pkcs11.Error](err)
	if !ok {
		return false
	}
	switch code {
	case pkcs11.CKR_SESSION_HANDLE_INVALID, pkcs11.CKR_SESSION_CLOSED, pkcs11.CKR_DEVICE_REMOVED, pkcs11.CKR_DEVICE_ERROR,
		pkcs11.CKR_TOKEN_NOT_PRESENT, pkcs11.CKR_USER_NOT_LOGGED_IN, pkcs11.CKR_OBJECT_HANDLE_INVALID, pkcs11.CKR_KEY_HANDLE_INVALID:
		return true
	}
	return false
}

// tokenError gives an error of a token its reason. A wrong PIN or a locked token
// must not be tried again by itself; all else may pass.
func tokenError(err error, format string, args ...any) error {
	code, _ := errors.AsType[pkcs11.Error](err)
	switch code {
	case pkcs11.CKR_PIN_LOCKED, pkcs11.CKR_PIN_EXPIRED, pkcs11.CKR_USER_PIN_NOT_INITIALIZED:
		return record.Refuse(record.KeyLocked, err, format, args...)
	case pkcs11.CKR_PIN_INCORRECT, pkcs11.CKR_PIN_INVALID, pkcs11.CKR_PIN_LEN_RANGE:
		return record.Refuse(record.KeyPassword, err, format, args...)
	}
	return record.Fail(record.KeyUnreadable, err, format, args...)
}
