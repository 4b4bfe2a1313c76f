package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/doctor"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/internal/work"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

type doctorCommand struct {
	App  app.Config  `embed:""`
	Work work.Config `embed:""`
	JSON bool        `name:"json" help:"One JSON object a line."`
}

// Run prints each finding; it ends with exit code 1 if one is bad.
func (c *doctorCommand) Run(ctx context.Context) error {
	bad := false
	doctor.Examine(ctx, c.App, c.Work, func(f record.Finding) {
		bad = bad || f.State == record.Bad
		c.tell(f)
	})
	if bad {
		return exitCode(exitRefused)
	}
	return nil
}

func (c *doctorCommand) tell(f record.Finding) {
	if c.JSON {
		_ = json.NewEncoder(os.Stdout).Encode(f) // a closed pipe ends the program
		return
	}
	outcome, what, todo := say.Finding(language(), string(f.Check), string(f.State))
	fmt.Printf("%-9s %s\n", outcome, what)
	if f.Seen != "" {
		fmt.Printf("          (%s)\n", f.Seen)
	}
	if f.State == record.Bad || f.State == record.Advised {
		fmt.Printf("          → %s\n", todo)
	}
}

type bucketCommand struct {
	App  app.Config `embed:""`
	Lock bool       `help:"With object lock, which cannot be added later."`
}

// Run makes the bucket, or says that one is there, which stays as it is.
func (c *bucketCommand) Run(ctx context.Context) error {
	s3, err := app.S3(c.App)
	if err != nil {
		return err
	}
	made, err := storage.MakeBucket(ctx, s3, c.Lock)
	if err != nil {
		return err
	}
	code := "bucket-there"
	if made && c.Lock {
		code = "bucket-locked"
	} else if made {
		code = "bucket-made"
	}
	fmt.Println(say.Upkeep(language(), code, s3.Bucket))
	return nil
}
