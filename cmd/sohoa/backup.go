package main

import (
	"context"
	"fmt"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/internal/upkeep"
)

type backupCommand struct {
	Dir  string `arg:"" help:"Folder of the backup; what it holds already is not copied again."`
	Data string `default:"data" env:"SOHOA_DATA" help:"Data folder." placeholder:"DIR"`
	Link bool   `help:"Link objects where both folders are on one file system: quick, but no protection from a disk that fails."`
}

// Run copies a data folder on files and SQLite, beside a running service too.
func (c *backupCommand) Run(ctx context.Context) error {
	a, err := app.Beside(ctx, app.Config{Data: c.Data})
	if err != nil {
		return err
	}
	defer a.Close()
	s, err := upkeep.Backup(ctx, a.Catalogue, c.Data, c.Dir, c.Link)
	if err != nil {
		return err
	}
	fmt.Println(say.Upkeep(language(), "backed-up", s.At.Format("2006-01-02 15:04:05Z"), s.Files, s.Bytes, s.Copied))
	fmt.Println(say.Upkeep(language(), "backup-keys"))
	return nil
}

type restoreCommand struct {
	Dir  string `arg:"" help:"Folder of the backup."`
	Data string `default:"data" env:"SOHOA_DATA" help:"Data folder, not there yet or empty." placeholder:"DIR"`
}

// Run makes a data folder from a backup, every object checked.
func (c *restoreCommand) Run(ctx context.Context) error {
	s, lost, err := upkeep.Restore(ctx, c.Dir, c.Data)
	if err != nil {
		return err
	}
	fmt.Println(say.Upkeep(language(), "brought-back", s.At.Format("2006-01-02 15:04:05Z"), s.Copied))
	for _, l := range lost {
		fmt.Println(say.Upkeep(language(), l.Code, l.Of...))
	}
	if len(lost) > 0 {
		return exitCode(exitRefused)
	}
	return nil
}
