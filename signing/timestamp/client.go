package timestamp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"time"

	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/record"
)

const (
	maxResponseBytes = 1 << 20          // real answers have 2 to 9 kB
	clockTolerance   = 5 * time.Minute  // between the authority's clock and ours
	defaultTimeout   = 60 * time.Second // the state's TSA was seen to take 2 to 131 s: configure more for it
)

// A Client asks time-stamp authorities. Its fields must not change while it is
// used; it may be used by several goroutines at once.
type Client struct {
	URLs    []string              // asked in turn until one gives a sound token
	Roots   []*x509.Certificate   // what an authority's certificate must lead to; none: any authority is taken, its token checked otherwise
	Policy  asn1.ObjectIdentifier // asked for and insisted on; empty: the authority's own
	HTTP    *http.Client          // nil: one that follows no redirects
	Timeout time.Duration         // of one try; 0: a minute
	Slots   chan struct{}         // its capacity bounds the requests at the same time; nil: no bound
	Now     func() time.Time      // nil: the machine's clock
}

// Token returns a token (DER) over imprint, which was made with h: SHA-256, 384 or
// 512. When no authority gives a sound one the error is that of the last:
// tsa-unreachable and tsa-refused may pass when tried again, tsa-untrusted not.
func (c *Client) Token(ctx context.Context, imprint []byte, h crypto.Hash) ([]byte, error) {
	if len(c.URLs) == 0 {
		return nil, record.Refuse(record.TSAUnreachable, record.ErrInvalid, "ask for a time-stamp: no authority is configured")
	}
	if c.Slots != nil {
		select {
		case c.Slots <- struct{}{}:
			defer func() { <-c.Slots }()
		case <-ctx.Done():
			return nil, record.Fail(record.TSAUnreachable, ctx.Err(), "wait for a turn to ask for a time-stamp")
		}
	}
	var last error
	for _, url := range c.URLs {
		timed, done := observe.Stamp(ctx)
		token, err := c.ask(timed, url, imprint, h)
		done(err)
		if err == nil {
			return token, nil
		}
		last = err
		if ctx.Err() != nil {
			break
		}
	}
	return nil, last
}

// ask is one try at one authority.
func (c *Client) ask(ctx context.Context, url string, imprint []byte, h crypto.Hash) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, err
	}
	q, err := request(h, imprint, c.Policy, nonce)
	if err != nil {
		return nil, fmt.Errorf("ask %s for a time-stamp: %w", url, err)
	}
	answer, err := c.post(ctx, url, q)
	if err != nil {
		return nil, record.Fail(record.TSAUnreachable, err, "ask %s for a time-stamp", url)
	}
	token, refusal, err := response(answer)
	if err != nil {
		return nil, record.Refuse(record.TSAUntrusted, err, "ask %s for a time-stamp", url)
	}
	if refusal != "" {
		return nil, record.Fail(record.TSARefused, nil, "ask %s for a time-stamp: it answered %s", url, refusal)
	}
	if err := c.checkAnswer(token, h, imprint, nonce); err != nil {
		return nil, record.Refuse(record.TSAUntrusted, err, "check the time-stamp of %s", url)
	}
	return token, nil
}

// checkAnswer looks whether token answers the request.
func (c *Client) checkAnswer(token []byte, h crypto.Hash, imprint []byte, nonce *big.Int) error {
	info, err := Check(token, h, imprint)
	if err != nil {
		return err
	}
	if info.Nonce == nil || info.Nonce.Cmp(nonce) != 0 {
		return errors.New("the nonce is not the one that was sent: an answer to another request")
	}
	if len(c.Policy) > 0 && !info.Policy.Equal(c.Policy) {
		return fmt.Errorf("policy %v, asked for %v", info.Policy, c.Policy)
	}
	now := time.Now
	if c.Now != nil {
		now = c.Now
	}
	if off := now().Sub(info.Time).Abs(); off > clockTolerance+min(info.Accuracy, time.Minute) {
		return fmt.Errorf("its time %s is %s from now", info.Time.UTC().Format(time.RFC3339), off.Round(time.Second))
	}
	if info.Time.Before(info.Certificate.NotBefore) || info.Time.After(info.Certificate.NotAfter) {
		return fmt.Errorf("its time %s is outside its certificate's validity", info.Time.UTC().Format(time.RFC3339))
	}
	if len(c.Roots) > 0 {
		_, err = info.Chains(c.Roots)
	}
	return err
}

func (c *Client) post(ctx context.Context, url string, body []byte) ([]byte, error) {
	timeout := c.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/timestamp-query")
	r.Header.Set("Accept", "application/timestamp-reply")
	client := c.HTTP
	if client == nil {
		client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answered %s", resp.Status)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxResponseBytes+1))
	if err == nil && len(b) > maxResponseBytes {
		err = fmt.Errorf("its answer is longer than %d bytes", maxResponseBytes)
	}
	return b, err
}
