package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
	"github.com/sohoa/sohoa/signing/verify/pages"
)

type verifyCommand struct {
	Files   []string `arg:"" name:"file" help:"PDFs."`
	Trust   []string `help:"Whom to trust: certificate files (PEM, DER, p7b) and trust lists; may be repeated. Without any nothing can pass." placeholder:"FILE"`
	Key     string   `name:"trust-key" env:"SOHOA_TRUST_KEY" help:"Public key that trust lists must be signed with. Default: the one beside the list, LIST.pub." placeholder:"FILE"`
	At      string   `help:"Verify as of this time (RFC 3339). Default: now." placeholder:"TIME"`
	Online  bool     `help:"Fetch missing revocation data from the addresses in the certificates."`
	Policy  string   `default:"strict" enum:"strict,legacy-vn" help:"strict, or legacy-vn, which says of older state files what else holds and passes nothing more."`
	Changes string   `help:"Put pictures of the pages that look different since they were signed into this folder, the differences marked." placeholder:"DIR"`
	JSON    bool     `name:"json" help:"One JSON object a line and a file."`
}

// Run prints a verdict for each file. It ends with 0 only if every file passed,
// 1 if one did not, 2 if it could not look.
func (c *verifyCommand) Run(ctx context.Context) error {
	policy, err := c.policy()
	if err != nil {
		tell(err)
		return exitCode(exitUsage)
	}
	if c.Changes != "" {
		if err := makeFolder(c.Changes); err != nil {
			return err
		}
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
		c.print(v, c.compare(ctx, v))
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

// A comparison is what looks different since a signature was made.
type comparison struct {
	Signature int            `json:"signature"` // its place in the verdict, from 1
	Pages     []comparedPage `json:"pages"`
	Left      int            `json:"pagesLeft,omitempty"` // that were not compared
}

type comparedPage struct {
	pages.Page
	Before string `json:"before,omitempty"` // JPEG files
	After  string `json:"after,omitempty"`
}

// compare draws the pages for each signature after which more than evidence was
// added, once for what several have signed alike.
func (c *verifyCommand) compare(ctx context.Context, v record.Verdict) []comparison {
	if c.Changes == "" {
		return nil
	}
	var all []comparison
	done := map[int64]bool{}
	for i, s := range v.Signatures {
		if s.SignedBytes == 0 || done[s.SignedBytes] || s.ChangesAfter == record.ChangesNone || s.ChangesAfter == record.ChangesArchive {
			continue
		}
		done[s.SignedBytes] = true
		folder := filepath.Join(c.Changes, fmt.Sprintf("%s-%d", strings.TrimSuffix(filepath.Base(v.File), filepath.Ext(v.File)), i+1))
		if err := makeFolder(folder); err != nil {
			tell(err)
			continue
		}
		found, err := pages.Compare(ctx, v.File, folder, s.SignedBytes, pages.Limits{})
		if err != nil {
			tell(err)
			continue
		}
		one := comparison{Signature: i + 1, Left: found.Left, Pages: []comparedPage{}}
		for _, p := range found.Pages {
			one.Pages = append(one.Pages, comparedPage{p, p.Before, p.After})
		}
		all = append(all, one)
	}
	return all
}

func (c *verifyCommand) print(v record.Verdict, compared []comparison) {
	if c.JSON {
		b, _ := json.Marshal(struct { // plain strings, numbers and times
			record.Verdict
			Compared []comparison `json:"compared,omitempty"`
		}{v, compared})
		fmt.Printf("%s\n", b)
		return
	}
	fmt.Fprintln(os.Stdout, say.Verdict(language(), v))
	for _, one := range compared {
		for _, p := range one.Pages {
			fmt.Printf("  %d. %s: %s %s\n", one.Signature, say.PageDiffers(language(), p.Number), p.Before, p.After)
		}
		if one.Left > 0 {
			fmt.Printf("  %d. %s\n", one.Signature, say.PagesLeft(language(), one.Left))
		}
	}
}
