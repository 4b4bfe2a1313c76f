package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
)

// markCommand is a desk with a person's own key: it signs documents that wait for
// her mark, over the API. The key does not leave it.
type markCommand struct {
	Documents    []string `arg:"" name:"document" help:"Ids of documents that wait for a mark."`
	URL          string   `name:"url" default:"http://127.0.0.1:8417" help:"The service." placeholder:"URL"`
	APIKey       string   `name:"api-key-file" required:"" help:"File that holds the person's API key." placeholder:"FILE"`
	Key          string   `required:"" help:"The person's key: a PKCS#12 file, or pkcs11:token=…;object=…?module-path=…" placeholder:"KEY"`
	PasswordFile string   `help:"File that holds its password or PIN." placeholder:"FILE"`
	Way          string   `default:"value" enum:"value,pdf" help:"value: the service gives out what is to be signed and gets the signature. pdf: it gives out the PDF and gets it back signed."`
	PSS          bool     `name:"pss" help:"Sign with RSASSA-PSS (value only)."`
}

// Run marks each document and waits until the service has taken the mark.
func (c *markCommand) Run(ctx context.Context) error {
	secret, err := os.ReadFile(c.APIKey)
	if err != nil {
		return record.Refuse(record.Unauthenticated, err, "read the API key")
	}
	k, err := key.Open(c.Key, c.PasswordFile)
	if err != nil {
		return err
	}
	defer k.Close()
	if err := k.Check(time.Now()); err != nil {
		return err
	}
	d := desk{demo: demo{url: c.URL, secret: strings.TrimSpace(string(secret))}, key: k, pss: c.PSS}
	way := d.byValue
	if c.Way == "pdf" {
		way = d.byDocument
	}
	code := exitDone
	for _, id := range c.Documents {
		err := way(ctx, id)
		if err == nil {
			err = d.taken(ctx, id)
		}
		if err != nil {
			tell(fmt.Errorf("mark document %s: %w", id, err))
			code = exitRefused
			continue
		}
		fmt.Printf("%s: marked by %s\n", id, k.Certificate().Subject.CommonName)
	}
	if code != exitDone {
		return exitCode(code)
	}
	return nil
}

// A desk speaks with the service as a program at a person's desk would.
type desk struct {
	demo
	key *key.Key
	pss bool
}

// byValue has the attributes given out, signs them, and sends the value.
func (d *desk) byValue(ctx context.Context, id string) error {
	var chain [][]byte
	for _, c := range d.key.Chain {
		chain = append(chain, c.Raw)
	}
	if err := d.call(ctx, "POST", "/documents/"+id+"/mark/prepare", map[string]any{"certificates": chain, "pss": d.pss}, nil); err != nil {
		return err
	}
	doc, err := d.until(ctx, id, func(doc record.Document) bool { return doc.Mark.Prepared() })
	if err != nil {
		return err
	}
	h := signing.HashFor(d.key.Signer.Public())
	var opts crypto.SignerOpts = h
	if d.pss {
		opts = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: h}
	}
	value, err := d.key.Signer.Sign(rand.Reader, doc.Mark.Digest, opts)
	if err != nil {
		return err
	}
	return d.call(ctx, "POST", "/documents/"+id+"/mark/complete", map[string]any{"signature": value}, nil)
}

// byDocument fetches the PDF, signs it here, and sends it back.
func (d *desk) byDocument(ctx context.Context, id string) error {
	if _, err := d.until(ctx, id, func(doc record.Document) bool {
		_, ok := doc.Rendition(record.RenditionToMark)
		return ok
	}); err != nil {
		return err
	}
	before, err := d.fetch(ctx, "/documents/"+id+"/content/to-mark")
	if err != nil {
		return err
	}
	signed, err := signing.Sign(ctx, bytes.NewReader(before), d.key, signing.Request{Person: d.key.Certificate().Subject.CommonName, Time: time.Now()})
	if err != nil {
		return err
	}
	return d.send(ctx, "POST", "/documents/"+id+"/mark", "application/pdf", io.NewSectionReader(signed, 0, signed.Size()), nil)
}

// taken waits until the service has looked at what it got.
func (d *desk) taken(ctx context.Context, id string) error {
	_, err := d.until(ctx, id, func(doc record.Document) bool { return doc.Status != record.AwaitingMark })
	return err
}

// until follows a document that awaits its mark.
func (d *desk) until(ctx context.Context, id string, arrived func(record.Document) bool) (record.Document, error) {
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	for {
		var doc record.Document
		if err := d.call(ctx, "GET", "/documents/"+id, nil, &doc); err != nil {
			return doc, err
		}
		switch {
		case arrived(doc):
			return doc, nil
		case doc.Status != record.AwaitingMark:
			return doc, &record.Error{Reason: record.WrongState, Kind: record.ErrConflict, Detail: "it is " + string(doc.Status)}
		case doc.Reason != "":
			return doc, &record.Error{Reason: doc.Reason, Kind: record.ErrMalformed, Detail: "the service refused"}
		}
		select {
		case <-ctx.Done():
			return doc, errors.Join(errors.New("the service has not answered yet"), ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
