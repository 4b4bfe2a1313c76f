package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"
)

const (
	maxCRLBytes    = 20 << 20
	maxAnswerBytes = 1 << 20 // of an OCSP answer or a certificate
	maxRedirects   = 3
	fetchTimeout   = 20 * time.Second
	refetchAfter   = 10 * time.Minute // an answer older than what it should prove is asked for again after this
	maxKept        = 256              // answers
	maxKeptBytes   = 64 << 20
)

// A Client asks authorities for the status of certificates and keeps what they
// answer while it is current. It may be used by several goroutines at once.
type Client struct {
	HTTP *http.Client     // nil: HTTPClient(false)
	Now  func() time.Time // nil: the machine's clock

	mu   sync.Mutex
	kept map[string]kept
	size int
}

// kept is an answer that was verified.
type kept struct {
	answer  Answer
	fetched time.Time
}

// HTTPClient returns a client that follows few redirects, gives up soon, uses no
// proxy and, unless private is set, connects to public addresses only: what a
// certificate names is not to be trusted with the inside of a network.
func HTTPClient(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: fetchTimeout / 2}
	if !private {
		dialer.Control = publicOnly
	}
	return &http.Client{
		Timeout:   fetchTimeout,
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: fetchTimeout / 2, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return fmt.Errorf("more than %d redirects", maxRedirects)
			}
			return nil
		},
	}
}

// publicOnly is asked after the name was resolved, so no name leads around it.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := at.Addr().Unmap()
	shared := netip.MustParsePrefix("100.64.0.0/10") // RFC 6598
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip) {
		return fmt.Errorf("%s is not a public address", ip)
	}
	return nil
}

func (c *Client) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// publicHTTP serves clients that were given none.
var publicHTTP = sync.OnceValue(func() *http.Client { return HTTPClient(false) })

// fetch gets what lies at address, or the answer to body if there is one.
func (c *Client) fetch(ctx context.Context, address string, body []byte, mediaType string, limit int64) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("fetch %.100q: not an HTTP address", address)
	}
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("fetch %.100q: %w", address, err)
	}
	if body != nil {
		r.Header.Set("Content-Type", mediaType)
	}
	client := c.HTTP
	if client == nil {
		client = publicHTTP()
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch %.100q: it answered %s", address, resp.Status)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, fmt.Errorf("fetch %.100q: %w", address, err)
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("fetch %.100q: %w", address, errTooLarge)
	}
	return b, nil
}

var errTooLarge = errors.New("the answer is larger than the limit")

// remembered returns a kept answer that is current, and not older than after
// unless its authority was asked a short while ago.
func (c *Client) remembered(name string, after time.Time) (Answer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.kept[name]
	now := c.now()
	if !ok || k.answer.NextUpdate.Before(now) || k.answer.ThisUpdate.Before(after) && now.Sub(k.fetched) > refetchAfter {
		return Answer{}, false
	}
	return k.answer, true
}

// remember keeps an answer; when there is too much, it forgets all and starts anew.
func (c *Client) remember(name string, a Answer) {
	if a.NextUpdate.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= maxKept || c.size+len(a.Raw) > maxKeptBytes {
		c.kept, c.size = map[string]kept{}, 0
	}
	c.size += len(a.Raw) - len(c.kept[name].answer.Raw)
	c.kept[name] = kept{a, c.now()}
}
