package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/record"
)

type grantCommand struct {
	Add    grantAdd    `cmd:"" help:"Let another agency read what is sealed."`
	List   grantList   `cmd:"" help:"List the grants of an agency."`
	Revoke grantRevoke `cmd:"" help:"Revoke a grant."`
}

type grantAdd struct {
	App      app.Config `embed:""`
	Agency   string     `required:"" help:"Whose documents."`
	To       string     `required:"" help:"Which agency may read them."`
	Dossiers []string   `name:"dossier" help:"Code of a dossier; may be repeated. Default: all." placeholder:"CODE"`
	Purpose  string     `required:"" help:"What for."`
	Until    string     `required:"" help:"Last day, e.g. 2027-12-31." placeholder:"DATE"`
}

// Run prints the id of the grant.
func (c *grantAdd) Run(ctx context.Context) error {
	until, err := time.ParseInLocation(time.DateOnly, c.Until, time.FixedZone("+07:00", 7*3600))
	if err != nil {
		return fmt.Errorf("--until %q is not a date such as 2027-12-31: %w", c.Until, record.ErrInvalid)
	}
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		g := record.Grant{Agency: c.Agency, To: c.To, Purpose: c.Purpose, Until: until.AddDate(0, 0, 1)}
		for _, code := range c.Dossiers {
			d, err := cat.DossierByCode(ctx, c.Agency, code)
			if err != nil {
				return err
			}
			g.Dossiers = append(g.Dossiers, d.ID)
		}
		g, err := cat.AddGrant(ctx, g, cliActor)
		if err == nil {
			fmt.Println(g.ID)
		}
		return err
	})
}

type grantList struct {
	App    app.Config `embed:""`
	Agency string     `required:"" help:"Whose documents."`
}

// Run prints a line for each grant, ended ones too.
func (c *grantList) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		all, err := cat.Grants(ctx, c.Agency)
		for _, g := range all {
			what := firstOf(strings.Join(g.Dossiers, ","), "all dossiers")
			end := "until " + g.Until.Format(time.DateOnly)
			if !g.RevokedAt.IsZero() {
				end = "revoked " + g.RevokedAt.Format(time.DateOnly)
			}
			fmt.Printf("%s\tto %s\t%s\t%s\t%s\n", g.ID, g.To, what, g.Purpose, end)
		}
		return err
	})
}

type grantRevoke struct {
	App    app.Config `embed:""`
	Agency string     `required:"" help:"Whose documents."`
	Grant  string     `arg:"" help:"Id of the grant."`
}

// Run ends the grant at once.
func (c *grantRevoke) Run(ctx context.Context) error {
	return withCatalogue(ctx, c.App, func(cat *catalogue.Catalogue) error {
		return cat.RevokeGrant(ctx, c.Agency, c.Grant, cliActor)
	})
}
