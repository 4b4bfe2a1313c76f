package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
)

type verifyCommand struct {
	Files  []string `arg:"" name:"file" help:"PDFs."`
	Trust  []string `help:"Whom to trust: certificate files (PEM, DER, p7b) and trust lists; may be repeated. Without any nothing can pass." placeholder:"FILE"`
	Key    string   `name:"trust-key" env:"SOHOA_TRUST_KEY" help:"Public key that trust lists must be signed with. Default: the one beside the list, LIST.pub." placeholder:"FILE"`
	At     string   `help:"Verify as of this time (RFC 3339). Default: now." placeholder:"TIME"`
	Online bool     `help:"Fetch missing revocation data from the addresses in the certificates."`
	Policy string   `default:"strict" enum:"strict,legacy-vn" help:"strict, or legacy-vn, which says of older state files what else holds and passes nothing more."`
	JSON   bool     `name:"json" help:"One JSON object a line and a file."`
}

// Run prints a verdict for each file. It ends with 0 only if every file passed,
// 1 if one did not, 2 if it could not look.
func (c *verifyCommand) Run(ctx context.Context) error {
	policy, err := c.policy()
	if err != nil {
		tell(err)
		return exitCode(exitUsage)
	}
	code := exitDone
	for _, file := range c.Files {
		v, err := verify.File(ctx, file, policy)
		if err != nil {
			v = couldNotLook(file, err, &code)
		}
		v.File = file
		if v.Outcome != record.Passed {
			code = max(code, exitRefused)
		}
		c.print(v)
	}
	if code != exitDone {
		return exitCode(code)
	}
	return nil
}

func (c *verifyCommand) policy() (verify.Policy, error) {
	anchors, err := trust.Load(c.Key, c.Trust...)
	if err != nil {
		return verify.Policy{}, err
	}
	p := verify.Policy{Name: c.Policy, Anchors: anchors}
	if c.Online {
		p.Online = &verify.Fetcher{Private: true} // whoever calls a command may ask his own machine
	}
	if c.At != "" {
		if p.At, err = time.Parse(time.RFC3339, c.At); err != nil {
			return p, fmt.Errorf("--at: %w", err)
		}
	}
	return p, nil
}

// couldNotLook is the answer for a file that is not there or killed its reader:
// unreadable, with the reason. Only our own failure ends the program with 2.
func couldNotLook(file string, err error, code *int) record.Verdict {
	reason := record.ReasonOf(err)
	if reason == record.Internal || reason == record.InputMissing {
		*code = exitUsage
	}
	return record.Verdict{File: file, Outcome: record.Unreadable, Reason: string(reason), Detail: err.Error(), At: time.Now().UTC(), Signatures: []record.SignatureVerdict{}}
}

func (c *verifyCommand) print(v record.Verdict) {
	if c.JSON {
		b, _ := json.Marshal(v) // plain strings, numbers and times
		fmt.Printf("%s\n", b)
		return
	}
	fmt.Fprintln(os.Stdout, say.Verdict(language(), v))
}
