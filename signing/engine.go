package signing

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"

	digitorus "github.com/digitorus/pdf"
	engine "github.com/digitorus/pdfsign/sign"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/stamp"
)

// valueBytes is the room for a signature value: a CMS with its chain, and later
// its time-stamp. It is fixed, because the engine calls signer and all again with
// an odd size when its own guess was too small.
const valueBytes = 24 << 10

// placeholders are the texts that the engine searches the whole file for.
func placeholders() [][]byte {
	return [][]byte{[]byte("/ByteRange[0 *"), append([]byte("/Contents<"), bytes.Repeat([]byte("0"), 64)...)}
}

// sign appends a B-B signature by k to in. The engine makes it where it can; what
// it cannot do, RSASSA-PSS, large files and those with another program's revision,
// is a revision with an empty value, into whose place goes our own CMS.
func sign(ctx context.Context, f *pdf.File, in Source, k *keyOnce, r Request, mark *stamp.Mark) (Source, error) {
	_, isRSA := k.Public().(*rsa.PublicKey)
	data, err := forEngine(f, in)
	if err != nil {
		return nil, err
	}
	if data != nil && !(r.PSS && isRSA) {
		return engineSign(ctx, in, data, k, k.chain, r, mark)
	}
	out, err := emptySeal(ctx, f, in, k.chain, r, mark)
	if err != nil {
		return nil, err
	}
	s, err := lastSignature(out)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	h := HashFor(k.Public())
	digest, err := s.digest(out, h)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	der, err := cms.Build(cms.Draft{
		Signer: k, Certificate: k.chain[0], Certificates: k.chain[1:], Hash: h, PSS: r.PSS && isRSA, Digest: digest,
	})
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return replaceValue(out, s, der)
}

// emptySeal appends a signature whose value means nothing yet.
func emptySeal(ctx context.Context, f *pdf.File, in Source, chain []*x509.Certificate, r Request, mark *stamp.Mark) (Source, error) {
	data, err := forEngine(f, in)
	if err != nil {
		return nil, err
	}
	if data == nil {
		return appendEmptySeal(f, in, r, mark)
	}
	return engineSign(ctx, in, data, noKey{chain[0].PublicKey}, chain, r, mark)
}

// A noKey gives the engine a value that means nothing.
type noKey struct{ public crypto.PublicKey }

func (n noKey) Public() crypto.PublicKey { return n.public }

func (n noKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return make([]byte, 256), nil
}

// engineSign has the engine append a B-B signature by k to data, the bytes of in.
// The engine is kept inside a fence: no time-stamp, no revocation, no texts, a
// fixed size, our own appearance; what it returns is not trusted before selfCheck.
func engineSign(ctx context.Context, in Source, data []byte, k crypto.Signer, chain []*x509.Certificate, r Request, mark *stamp.Mark) (Source, error) {
	reader, err := digitorus.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("sign: open for the engine: %w", err)
	}
	instructions := engine.SignData{
		Signature: engine.SignDataSignature{
			CertType: engine.ApprovalSignature,
			Info:     engine.SignDataSignatureInfo{Date: r.Time.In(stamp.Vietnam)},
		},
		Signer:            k,
		DigestAlgorithm:   HashFor(chain[0].PublicKey),
		Certificate:       chain[0],
		CertificateChains: [][]*x509.Certificate{chain},
		SubFilter:         engine.SubFilterETSICAdESDetached,
		Context:           ctx,
		PreSignCallback: func(c *engine.SignContext) error {
			c.SignatureMaxLength = 2 * valueBytes
			return nil
		},
		Appearance: engine.Appearance{
			Visible: true, Page: 1,
			LowerLeftX: mark.Rect[0], LowerLeftY: mark.Rect[1], UpperRightX: mark.Rect[2], UpperRightY: mark.Rect[3],
			Renderer: func(c *engine.SignContext, _ [4]float64) ([]byte, error) { return mark.Appearance(c.AddObject) },
		},
	}
	var out bytes.Buffer
	out.Grow(len(data) + 3*valueBytes)
	//lint:ignore SA1019 the fluent API has no signing date, no fixed size and no renderer of ours; the version is pinned
	if err := engine.SignWithData(bytes.NewReader(data), &out, reader, int64(len(data)), instructions); err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if !bytes.HasPrefix(out.Bytes(), data) {
		return nil, errors.New("sign: the engine has changed the bytes before the signature")
	}
	return pdf.Append(in, bytes.Clone(out.Bytes()[len(data):])), nil
}

// digestAlgorithm is of all that is digested here, where no key wants a longer one.
const digestAlgorithm = crypto.SHA256

// HashFor is the digest that a signature with such a key is over: one as strong as
// the key (FIPS 186-5, 6.1.1), for ECDSA P-384 SHA-384, for all others that
// [key.Key.Check] lets pass SHA-256.
func HashFor(public crypto.PublicKey) crypto.Hash {
	if p, is := public.(*ecdsa.PublicKey); is && p.Curve.Params().BitSize > 256 {
		return crypto.SHA384
	}
	return digestAlgorithm
}

// A keyOnce signs once and not after its context is done.
type keyOnce struct {
	ctx    context.Context
	signer crypto.Signer
	chain  []*x509.Certificate
	used   bool
}

func (k *keyOnce) Public() crypto.PublicKey { return k.signer.Public() }

func (k *keyOnce) Sign(rand io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if err := k.ctx.Err(); err != nil {
		return nil, err
	}
	if k.used {
		return nil, errors.New("the key was asked for a second signature")
	}
	k.used = true
	if _, signs := k.signer.(*witness); !signs {
		crash.Trace("key", digest)
	}
	if elsewhere, ok := k.signer.(key.ContextSigner); ok {
		return elsewhere.SignContext(k.ctx, rand, digest, opts)
	}
	return k.signer.Sign(rand, digest, opts)
}
