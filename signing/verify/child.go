package verify

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
)

// Child is the name under which [Serve] is registered with sandbox.Serve.
const Child = "verify"

// What a child may use. A file of 100 MB with 200 signatures needs a fifth of it.
const (
	childMemory = 768 << 20
	childFiles  = 64
)

// grace is what a child gets beyond the time limit of the verification itself.
func grace(limit time.Duration) time.Duration { return limit/4 + time.Second }

// A request is what the parent asks of the child: a policy without what cannot
// cross a pipe.
type request struct {
	Path    string    `json:"path"`
	Name    string    `json:"policy"`
	File    string    `json:"file"`
	Anchors []anchor  `json:"anchors"`
	At      time.Time `json:"at"`
	Online  *Fetcher  `json:"online"`
	Limits  Limits    `json:"limits"`
}

type anchor struct {
	DER     []byte        `json:"der"`
	Service trust.Service `json:"service"`
	From    time.Time     `json:"from"`
	Until   time.Time     `json:"until"`
}

// File judges the PDF at path in a child process with limits. A child that
// crashes, hangs or swells gives a verdict of "unreadable" with the reason. The
// error is for a file that is not there or cannot be opened, and for ctx.
func File(ctx context.Context, path string, p Policy) (record.Verdict, error) {
	if p.File == "" {
		p.File = path
	}
	f, err := open(path) // that it is not there is an error, and no child's to find out
	if err != nil {
		return record.Verdict{}, err
	}
	f.Close()
	p.Limits = p.Limits.orDefault()
	run, cancel := context.WithTimeout(ctx, p.Limits.Time+grace(p.Limits.Time))
	defer cancel()
	child, err := sandbox.Start(run, Child, sandbox.Limits{Memory: childMemory, CPU: p.Limits.Time + grace(p.Limits.Time), FileSize: 1, Files: childFiles, Network: p.Online != nil})
	if err != nil {
		return record.Verdict{}, fmt.Errorf("verify %s: %w", p.File, err)
	}
	defer child.Close()
	var v record.Verdict
	err = child.Call(run, newRequest(path, p), &v)
	if err == nil || ctx.Err() != nil {
		return v, errors.Join(err, ctx.Err())
	}
	failure, ok := errors.AsType[*sandbox.Error](err)
	if !ok {
		return record.Verdict{}, fmt.Errorf("verify %s: %w", p.File, err)
	}
	reason := record.Reason(failure.Reason)
	switch reason {
	case record.TooMuchTime, record.TooMuchMemory, record.ChildCrashed:
		sum, err := digestFile(path)
		if err != nil {
			return record.Verdict{}, err
		}
		at := p.At
		if at.IsZero() {
			at = time.Now()
		}
		return record.Verdict{File: p.File, SHA256: sum, Outcome: record.Unreadable, Reason: string(reason), Detail: failure.Message,
			Policy: or(p.Name, Strict), Verifier: Version, At: at.UTC().Truncate(time.Second), Signatures: []record.SignatureVerdict{}}, nil
	}
	return record.Verdict{}, record.Refuse(reason, err, "verify %s", p.File)
}

func digestFile(path string) (record.Digest, error) {
	f, err := open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum, _, err := record.ReadDigest(f)
	if err != nil {
		return "", record.Refuse(record.InputUnreadable, err, "read %s", path)
	}
	return sum, nil
}

// open opens a regular file for reading.
func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, record.Refuse(record.InputMissing, err, "open %s", path)
	}
	if err != nil {
		return nil, record.Refuse(record.InputUnreadable, err, "open %s", path)
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, record.Refuse(record.InputUnreadable, err, "open %s: no regular file", path)
	}
	return f, nil
}

func newRequest(path string, p Policy) request {
	r := request{Path: path, Name: p.Name, File: p.File, At: p.At, Online: p.Online, Limits: p.Limits}
	for _, c := range p.Roots {
		r.Anchors = append(r.Anchors, anchor{DER: c.Raw})
	}
	for _, a := range p.Anchors {
		r.Anchors = append(r.Anchors, anchor{DER: a.Certificate.Raw, Service: a.Service, From: a.From, Until: a.Until})
	}
	return r
}

// Serve answers requests of [File]: the child function of this room.
func Serve(c *sandbox.Conn) error {
	for {
		var r request
		if err := c.Next(&r); err != nil {
			return err
		}
		v, err := r.verify()
		if err := c.Reply(v, err); err != nil {
			return err
		}
	}
}

func (r request) verify() (record.Verdict, error) {
	p := Policy{Name: r.Name, File: r.File, At: r.At, Online: r.Online, Limits: r.Limits}
	for _, a := range r.Anchors {
		cert, err := x509.ParseCertificate(a.DER)
		if err != nil {
			return record.Verdict{}, record.Refuse(record.TrustUnreadable, err, "read a trust anchor")
		}
		p.Anchors = append(p.Anchors, trust.Anchor{Certificate: cert, Service: a.Service, From: a.From, Until: a.Until})
	}
	f, err := open(r.Path)
	if err != nil {
		return record.Verdict{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return record.Verdict{}, record.Refuse(record.InputUnreadable, err, "open %s", r.Path)
	}
	return Verify(context.Background(), f, info.Size(), p)
}

// HandOver belongs on the first line of main of a program that calls [File]: in the
// child process that File starts it serves, and does not return.
func HandOver() { sandbox.Serve(map[string]sandbox.Func{Child: Serve}) }
