package key

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/sohoa/sohoa/record"
)

// The algorithms as the service names them.
const (
	oidRSA       = "1.2.840.113549.1.1.1"
	oidPSS       = "1.2.840.113549.1.1.10"
	oidSHA256RSA = "1.2.840.113549.1.1.11"
	oidECSHA256  = "1.2.840.10045.4.3.2"
	oidECSHA384  = "1.2.840.10045.4.3.3"
)

var hashOIDs = map[crypto.Hash]string{crypto.SHA256: "2.16.840.1.101.3.4.2.1", crypto.SHA384: "2.16.840.1.101.3.4.2.2", crypto.SHA512: "2.16.840.1.101.3.4.2.3"}

// Sign is SignContext with the time limit of each call alone.
func (r *remote) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return r.SignContext(context.Background(), rand, digest, opts)
}

// SignContext has digest signed. The value is verified here before it is
// believed. Activation data that was left from an earlier authorisation and is
// not taken any more is replaced once.
func (r *remote) SignContext(ctx context.Context, _ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	request, err := r.request(digest, opts)
	if err != nil {
		return nil, record.Refuse(record.KeyUnreadable, err, "sign with remote key %s", r.credential)
	}
	sad, old, err := r.activation(ctx, digest, opts.HashFunc())
	if err != nil {
		return nil, err
	}
	value, err := r.signHash(ctx, request, sad)
	if refused, ok := errors.AsType[*refusal](err); ok && old && refused.Status < 500 && record.ReasonOf(err) != record.KeyLocked {
		r.drop(sad)
		if sad, _, err = r.activation(ctx, digest, opts.HashFunc()); err == nil {
			value, err = r.signHash(ctx, request, sad)
		}
	}
	r.release(digest, err == nil)
	if err != nil {
		return nil, err
	}
	return r.checked(value, digest, opts)
}

// activation returns signature activation data for one signature, and whether it
// was left from an earlier authorisation. At SCAL 2 it is bound to the digest.
func (r *remote) activation(ctx context.Context, digest []byte, h crypto.Hash) (sad string, old bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refused != nil {
		return "", false, r.refused
	}
	if r.info.SCAL == "2" {
		return r.bound(ctx, digest, h)
	}
	if r.left > 0 && time.Now().Before(r.ends) {
		r.left--
		return r.sad, true, nil
	}
	n := max(1, min(r.info.Multisign, maxBatch))
	sad, ends, err := r.authorise(ctx, n, nil, h)
	if err == nil {
		r.sad, r.left, r.ends = sad, n-1, ends
	}
	return sad, false, err
}

// bound returns activation data for a digest. Where that which it had has ended,
// all that was authorised with it and is not signed yet is authorised with it
// again. r.mu is held.
func (r *remote) bound(ctx context.Context, digest []byte, h crypto.Hash) (sad string, old bool, err error) {
	g, known := r.granted[string(digest)]
	if known && time.Now().Before(g.ends) {
		if g.taken { // the same digest is being signed beside this
			sad, _, err = r.authorise(ctx, 1, [][]byte{digest}, h)
			return sad, false, err
		}
		r.granted[string(digest)] = grant{g.sad, g.ends, true}
		return g.sad, true, nil
	}
	digests := [][]byte{digest}
	for other, og := range r.granted {
		if known && og.sad == g.sad && other != string(digest) {
			digests = append(digests, []byte(other))
		}
	}
	if sad, err = r.grant(ctx, digests, h); err == nil {
		g = r.granted[string(digest)]
		r.granted[string(digest)] = grant{g.sad, g.ends, true}
	}
	return sad, false, err
}

// grant has digests authorised together. r.mu is held.
func (r *remote) grant(ctx context.Context, digests [][]byte, h crypto.Hash) (string, error) {
	sad, ends, err := r.authorise(ctx, len(digests), digests, h)
	if err != nil {
		return "", err
	}
	if r.granted == nil {
		r.granted = map[string]grant{}
	}
	maps.DeleteFunc(r.granted, func(_ string, g grant) bool { return time.Since(g.ends) > keptGrant })
	for _, d := range digests {
		r.granted[string(d)] = grant{sad, ends, false}
	}
	return sad, nil
}

// Batch is how many digests one authorisation covers at SCAL 2; at SCAL 1 it is
// asked for a number of signatures, whatever they sign.
func (r *remote) Batch() int {
	if r.info.SCAL != "2" {
		return 1
	}
	return max(1, min(r.info.Multisign, maxBatch))
}

// Authorise binds one authorisation to all the digests (CSC API v1.0.4, 11.6).
func (r *remote) Authorise(ctx context.Context, digests [][]byte, opts crypto.SignerOpts) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refused != nil {
		return r.refused
	}
	_, err := r.grant(ctx, digests, opts.HashFunc())
	return err
}

// authorise asks for activation data for n signatures, bound to the digests if
// there are any. r.mu is held.
func (r *remote) authorise(ctx context.Context, n int, digests [][]byte, h crypto.Hash) (sad string, ends time.Time, err error) {
	request := map[string]any{"credentialID": r.credential, "numSignatures": n}
	if len(digests) > 0 {
		var hashes []string
		for _, d := range digests {
			hashes = append(hashes, base64.StdEncoding.EncodeToString(d))
		}
		request["hash"], request["hashAlgo"] = hashes, hashOIDs[h]
	}
	if r.pin != "" {
		request["PIN"] = r.pin
	}
	var answer struct {
		SAD       string `json:"SAD"`
		ExpiresIn int    `json:"expiresIn"`
	}
	if err := r.service.call(ctx, "credentials/authorize", request, &answer); err != nil {
		if refused, ok := errors.AsType[*refusal](err); ok && (refused.Code == "invalid_pin" || record.ReasonOf(err) == record.KeyLocked) {
			r.refused = err
		}
		return "", ends, err
	}
	if answer.SAD == "" {
		return "", ends, record.Refuse(record.KeyUnreadable, nil, "authorise remote key %s: no activation data in the answer", r.credential)
	}
	if answer.ExpiresIn == 0 {
		answer.ExpiresIn = 3600 // CSC API v1.0.4, 11.6
	}
	return answer.SAD, time.Now().Add(time.Duration(answer.ExpiresIn) * time.Second * 9 / 10), nil
}

// drop ends activation data that the service does not take any more.
func (r *remote) drop(sad string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sad == sad {
		r.left = 0
	}
	for digest, g := range r.granted {
		if g.sad == sad {
			r.granted[digest] = grant{sad, time.Now(), false}
		}
	}
}

// release notes of a digest that was tried whether it is signed: if not, what it was
// authorised with is good for another try.
func (r *remote) release(digest []byte, signed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g, known := r.granted[string(digest)]
	switch {
	case signed:
		delete(r.granted, string(digest))
	case known:
		r.granted[string(digest)] = grant{g.sad, g.ends, false}
	}
}

// request is what signatures/signHash is asked, without the activation data.
func (r *remote) request(digest []byte, opts crypto.SignerOpts) (map[string]any, error) {
	h := opts.HashFunc()
	if hashOIDs[h] == "" || len(digest) != h.Size() {
		return nil, fmt.Errorf("a digest of %d bytes by %v", len(digest), h)
	}
	request := map[string]any{"credentialID": r.credential, "hash": []string{base64.StdEncoding.EncodeToString(digest)}, "hashAlgo": hashOIDs[h]}
	var wanted []string
	switch r.public.(type) {
	case *rsa.PublicKey:
		wanted = []string{oidSHA256RSA, oidRSA}
		if h != crypto.SHA256 {
			wanted = wanted[1:]
		}
		if _, pss := opts.(*rsa.PSSOptions); pss {
			wanted = []string{oidPSS}
			params, err := pssParameters(h)
			if err != nil {
				return nil, err
			}
			request["signAlgoParams"] = base64.StdEncoding.EncodeToString(params)
		}
	case *ecdsa.PublicKey:
		wanted = []string{map[crypto.Hash]string{crypto.SHA256: oidECSHA256, crypto.SHA384: oidECSHA384}[h]}
	}
	for _, algorithm := range wanted {
		if slices.Contains(r.info.Key.Algo, algorithm) {
			request["signAlgo"] = algorithm
			return request, nil
		}
	}
	return nil, fmt.Errorf("it can do %.10q, wanted is one of %q", r.info.Key.Algo, wanted)
}

// pssParameters are those of RFC 4055, 3.1: MGF1 with the same hash, salt as long.
func pssParameters(h crypto.Hash) ([]byte, error) {
	var hash asn1.ObjectIdentifier
	switch h {
	case crypto.SHA256:
		hash = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	case crypto.SHA384:
		hash = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	default:
		hash = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	}
	type identifier struct {
		Algorithm  asn1.ObjectIdentifier
		Parameters any `asn1:"optional"`
	}
	of := identifier{hash, asn1.NullRawValue}
	return asn1.Marshal(struct {
		Hash identifier `asn1:"explicit,tag:0"`
		MGF  identifier `asn1:"explicit,tag:1"`
		Salt int        `asn1:"explicit,tag:2"`
	}{of, identifier{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}, of}, h.Size()})
}

func (r *remote) signHash(ctx context.Context, request map[string]any, sad string) ([]byte, error) {
	request["SAD"] = sad
	var answer struct {
		Signatures []string `json:"signatures"`
	}
	if err := r.service.call(ctx, "signatures/signHash", request, &answer); err != nil {
		return nil, err
	}
	if len(answer.Signatures) != 1 {
		return nil, record.Refuse(record.KeyUnreadable, nil, "sign with remote key %s: %d signatures for one digest", r.credential, len(answer.Signatures))
	}
	value, err := base64.StdEncoding.DecodeString(answer.Signatures[0])
	if err != nil {
		return nil, record.Refuse(record.KeyUnreadable, err, "sign with remote key %s", r.credential)
	}
	return value, nil
}

// checked returns the signature in the form that Go wants, if it verifies.
func (r *remote) checked(value, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	ok := false
	switch p := r.public.(type) {
	case *rsa.PublicKey:
		if pss, isPSS := opts.(*rsa.PSSOptions); isPSS {
			ok = rsa.VerifyPSS(p, opts.HashFunc(), digest, value, pss) == nil
		} else {
			ok = rsa.VerifyPKCS1v15(p, opts.HashFunc(), digest, value) == nil
		}
	case *ecdsa.PublicKey:
		if size := (p.Curve.Params().BitSize + 7) / 8; !ecdsa.VerifyASN1(p, digest, value) && len(value) == 2*size {
			// Some services give r and s side by side.
			pair := struct{ R, S *big.Int }{new(big.Int).SetBytes(value[:size]), new(big.Int).SetBytes(value[size:])}
			value, _ = asn1.Marshal(pair) // two integers
		}
		ok = ecdsa.VerifyASN1(p, digest, value)
	}
	if !ok {
		return nil, record.Refuse(record.KeyMismatch, nil, "check the signature of remote key %s: it does not verify with its certificate", r.credential)
	}
	return value, nil
}
