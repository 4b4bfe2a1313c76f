package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/record"
)

// These commands work on the catalogue alone, beside a running service too.

const cliActor record.Actor = "cli"

// withCatalogue opens the catalogue for f.
func withCatalogue(ctx context.Context, c app.Config, f func(*catalogue.Catalogue) error) error {
	if _, err := os.Stat(c.Data); c.Catalogue == "" && os.IsNotExist(err) {
		return record.Refuse(record.InputMissing, nil, "open the data folder %s: give the service's own with --data", c.Data)
	}
	cat, err := app.OpenCatalogue(ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(f(cat), cat.Close())
}

type agencyCommand struct {
	Add  agencyAdd  `cmd:"" help:"Add an agency."`
	Set  agencySet  `cmd:"" help:"Change an agency's name, copy form or marks."`
	List agencyList `cmd:"" help:"List agencies."`
}

type agencyAdd struct {
	App         app.Config `embed:""`
	ID          string     `arg:"" help:"Identifier by QĐ 20/2020/QĐ-TTg, e.g. H48.01."`
	Name        string     `arg:"" help:"As it stands in the visible mark."`
	CopyForm    string     `help:"Copy form in the mark, e.g. SAO Y." placeholder:"TEXT"`
	PersonMark  bool       `help:"Ask for the capturing person's own mark."`
	MarkPKCS7   bool       `name:"mark-pkcs7" help:"Take marks of the kind before PAdES, PKCS#7 – Detached, too."`
	Text        string     `enum:"skip,redo,force" default:"skip" help:"What becomes of the text that an uploaded PDF has already: see digitise."`
	SignedInput string     `enum:"derive,embed" default:"derive" help:"What becomes of an uploaded PDF that is signed: see digitise."`
}

// Run refuses an id that is there already.
func (c *agencyAdd) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		if _, err := cat.Agency(ctx, c.ID); !errors.Is(err, record.ErrNotFound) {
			return errors.Join(fmt.Errorf("agency %s is there: %w", c.ID, record.ErrConflict), err)
		}
		return cat.PutAgency(ctx, record.Agency{ID: c.ID, Name: c.Name, CopyForm: c.CopyForm, PersonMark: c.PersonMark, MarkPKCS7: c.MarkPKCS7, Text: record.TextMode(c.Text), Signed: record.SignedMode(c.SignedInput)}, cliActor)
	})
}

type agencySet struct {
	App         app.Config `embed:""`
	ID          string     `arg:"" help:"Of the agency."`
	Name        *string    `help:"New name." placeholder:"NAME"`
	CopyForm    *string    `help:"New copy form; an empty one for none." placeholder:"TEXT"`
	PersonMark  *bool      `help:"Whether the person's mark is asked for." placeholder:"true|false"`
	MarkPKCS7   *bool      `name:"mark-pkcs7" help:"Whether marks of the kind before PAdES, PKCS#7 – Detached, are taken too." placeholder:"true|false"`
	Text        string     `enum:",skip,redo,force" default:"" help:"What becomes of the text that an uploaded PDF has already." placeholder:"skip|redo|force"`
	SignedInput string     `enum:",derive,embed" default:"" help:"What becomes of an uploaded PDF that is signed." placeholder:"derive|embed"`
}

// Run changes what is given and leaves the rest.
func (c *agencySet) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		a, err := cat.Agency(ctx, c.ID)
		if err != nil {
			return err
		}
		if c.Name != nil {
			a.Name = *c.Name
		}
		if c.CopyForm != nil {
			a.CopyForm = *c.CopyForm
		}
		if c.PersonMark != nil {
			a.PersonMark = *c.PersonMark
		}
		if c.MarkPKCS7 != nil {
			a.MarkPKCS7 = *c.MarkPKCS7
		}
		if c.Text != "" {
			a.Text = record.TextMode(c.Text)
		}
		if c.SignedInput != "" {
			a.Signed = record.SignedMode(c.SignedInput)
		}
		return cat.PutAgency(ctx, a, cliActor)
	})
}

type agencyList struct {
	App app.Config `embed:""`
}

// Run prints a line for each agency.
func (c *agencyList) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		all, err := cat.Agencies(ctx)
		for _, a := range all {
			fmt.Printf("%s\t%s\t%s\tperson's mark: %v\ttext: %s\tsigned input: %s\n", a.ID, a.Name, firstOf(a.CopyForm, "-"), a.PersonMark, firstOf(string(a.Text), string(record.SkipText)), firstOf(string(a.Signed), string(record.DeriveSigned)))
		}
		return err
	})
}

type apikeyCommand struct {
	Create apikeyCreate `cmd:"" help:"Create an API key and show its secret, once."`
	List   apikeyList   `cmd:"" help:"List an agency's keys."`
	Revoke apikeyRevoke `cmd:"" help:"Revoke a key."`
}

type apikeyCreate struct {
	App    app.Config    `embed:""`
	Agency string        `required:"" help:"Id of the agency."`
	Scope  string        `required:"" enum:"clerk,approver,reader,admin" help:"clerk uploads and corrects, approver decides, reader reads what is sealed, admin does all for its agency."`
	Label  string        `default:"" help:"What the key is for."`
	Days   time.Duration `name:"expires-in" help:"Time until it expires, e.g. 8760h. Default: never." placeholder:"DURATION"`
}

// Run prints the secret and nothing else on standard output.
func (c *apikeyCreate) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		expires := noExpiry
		if c.Days > 0 {
			expires = time.Now().Add(c.Days)
		}
		_, secret, err := cat.CreateKey(ctx, c.Agency, c.Scope, c.Label, expires, cliActor)
		if err == nil {
			fmt.Println(secret)
		}
		return err
	})
}

type apikeyList struct {
	App    app.Config `embed:""`
	Agency string     `required:"" help:"Id of the agency."`
}

// Run prints a line for each key; secrets are not kept.
func (c *apikeyList) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		all, err := cat.Keys(ctx, c.Agency)
		for _, k := range all {
			fmt.Printf("%s\t%s\t%s\t%s\t%s\n", k.ID, k.Scope, k.Label, k.CreatedAt.Format(time.DateOnly), lifeOf(k))
		}
		return err
	})
}

func lifeOf(k record.Key) string {
	switch {
	case !k.RevokedAt.IsZero():
		return "revoked " + k.RevokedAt.Format(time.DateOnly)
	case !k.ExpiresAt.IsZero():
		return "until " + k.ExpiresAt.Format(time.DateOnly)
	}
	return "in force"
}

type apikeyRevoke struct {
	App    app.Config `embed:""`
	Agency string     `required:"" help:"Id of the agency."`
	Key    string     `arg:"" help:"Id of the key."`
}

// Run ends the key at once.
func (c *apikeyRevoke) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		return cat.RevokeKey(ctx, c.Agency, c.Key, cliActor)
	})
}
