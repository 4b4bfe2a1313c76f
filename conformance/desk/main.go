// Command desk plays, for the judges, the service around a person's own desk: it
// gives out what is to be signed, and takes back, seals and raises what another
// program signed.
//
//	desk give PDF OUT              the bytes that are given out
//	desk take OUT RETURNED SEALED PKI LEVEL
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/timestamp"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "desk:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "give":
		return give(args[1], args[2])
	case len(args) == 6 && args[0] == "take":
		return take(args[1], args[2], args[3], args[4], args[5])
	}
	return errors.New("usage: desk give PDF OUT | desk take OUT RETURNED SEALED PKI LEVEL")
}

func give(in, out string) error {
	b, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	prepared, err := signing.Prepare(bytes.NewReader(b), signing.Request{Reviewed: true, Time: time.Now()})
	if err != nil {
		return err
	}
	return write(out, prepared)
}

func take(given, returned, out, pki, level string) error {
	to, err := record.ParseLevel(level)
	if err != nil {
		return err
	}
	before, err := os.ReadFile(given)
	if err != nil {
		return err
	}
	back, err := os.ReadFile(returned)
	if err != nil {
		return err
	}
	if _, err := signing.AcceptMark(bytes.NewReader(before), bytes.NewReader(back), time.Now(), false); err != nil {
		return err
	}
	p, err := devpki.Load(pki)
	if err != nil {
		return err
	}
	k, err := key.Open(filepath.Join(pki, devpki.SignerFile), filepath.Join(pki, devpki.PasswordFile))
	if err != nil {
		return err
	}
	ctx := context.Background()
	sealed, err := signing.Seal(ctx, bytes.NewReader(back), k, signing.Request{CopyForm: "Sao y", Time: time.Now()})
	if err != nil {
		return err
	}
	options := signing.RaiseOptions{TSA: &timestamp.Client{URLs: []string{p.URL + "/tsa"}, Roots: p.Roots()}, Evidence: signing.NewEvidence(true), Roots: p.Roots()}
	if to != record.BB {
		if sealed, _, err = signing.Raise(ctx, sealed, to, options); err != nil {
			return err
		}
	}
	return write(out, sealed)
}

func write(path string, s signing.Source) error {
	b, err := io.ReadAll(io.NewSectionReader(s, 0, s.Size()))
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}
