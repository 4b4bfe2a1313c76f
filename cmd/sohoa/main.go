// Command sohoa turns scans into signed, searchable, verifiable records on one
// machine.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/sohoa/sohoa/internal/bench"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
	"github.com/sohoa/sohoa/signing/verify/pages"
)

// version is set by the build.
var version = "0.1.0-dev"

func software() string { return "Sohoa " + version }

// children are the functions that this binary may run as child processes.
var children = map[string]sandbox.Func{"split": page.ServeSplit, "page": ocr.ServePage, "verify": verify.Serve, pages.Child: pages.Serve, bench.PrepareChild: bench.ServePrepare, bench.AuthoritiesChild: bench.ServeAuthorities, bench.SealChild: bench.ServeSeal, bench.VerifyChild: bench.ServeVerify}

var cli struct {
	Lang      string           `help:"Language of messages: vi, en, fr. Default: the locale." placeholder:"LANG"`
	Digitise  digitiseCommand  `cmd:"" help:"Turn scans into searchable PDF/A with their fields, signed if a key is given."`
	Seal      sealCommand      `cmd:"" help:"Seal PDFs that were digitised before, many with one authorisation of the key."`
	Raise     raiseCommand     `cmd:"" help:"Lift sealed PDFs to a higher level: time-stamp, revocation data, archive time-stamp."`
	Mark      markCommand      `cmd:"" help:"Sign documents that wait for a person's own mark, with the key at her desk."`
	Verify    verifyCommand    `cmd:"" help:"Say whether the signatures of PDFs hold, and why."`
	Trust     trustCommand     `cmd:"" help:"Keep the signed list of authorities that are trusted."`
	PKI       pkiCommand       `cmd:"" name:"pki" help:"Development certificates, time-stamps, OCSP and CRL. Not for production."`
	Paper     paperCommand     `cmd:"" help:"Make Vietnamese administrative pages with known truth, for measuring."`
	Bench     benchCommand     `cmd:"" help:"Measure."`
	Fields    fieldsCommand    `cmd:"" help:"What is read from documents, and by which rules."`
	Gazetteer gazetteerCommand `cmd:"" help:"Names of places that documents are read with."`
	Run       runCommand       `cmd:"" help:"Run the service on this machine, with everything in one process."`
	Agency    agencyCommand    `cmd:"" help:"Agencies whose documents are kept."`
	Grant     grantCommand     `cmd:"" help:"What other agencies may read."`
	Apikey    apikeyCommand    `cmd:"" help:"Keys of programs and people."`
	Jobs      jobsCommand      `cmd:"" help:"Work that waits, runs or gave up."`
	Rebuild   rebuildCommand   `cmd:"" help:"Make a lost catalogue again from the object store alone."`
	Fixity    fixityCommand    `cmd:"" help:"Read every stored object again and compare it with its digest."`
	Doctor    doctorCommand    `cmd:"" help:"Try everything that is configured, and say what to do where it does not hold."`
	Bucket    bucketCommand    `cmd:"" help:"Make the bucket of the object store, with versions."`
	Backup    backupCommand    `cmd:"" help:"Copy a data folder away, beside a running service too."`
	Restore   restoreCommand   `cmd:"" help:"Make a data folder from a backup."`
	Config    kong.ConfigFlag  `help:"File of settings in JSON." placeholder:"FILE"`
	Version   kong.VersionFlag `help:"Print the version."`
}

// Exit codes: everything done, something refused with a reason, wrong usage.
const (
	exitDone    = 0
	exitRefused = 1
	exitUsage   = 2
)

// exitCode is an error that has been told already and only ends the program.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func main() {
	sandbox.Serve(children)
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	parser := kong.Must(&cli, kong.Name("sohoa"), kong.Vars{"version": software()},
		kong.Description("Scans in, authenticated electronic records out."), kong.UsageOnError(), kong.Configuration(kong.JSON))
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "sohoa: %v\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	err = command.Run()
	if code, told := errors.AsType[exitCode](err); told {
		return int(code)
	}
	if err != nil {
		tell(err)
		return exitRefused
	}
	return exitDone
}

// tell prints an error in the reader's language, and its detail for operators.
func tell(err error) {
	fmt.Fprintf(os.Stderr, "sohoa: %s\n  (%v)\n", say.Reason(language(), string(record.ReasonOf(err))), err)
}

func language() string { return say.Language(cli.Lang, os.Getenv) }
