package main

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/trust"
)

// sealFlags say whether and how documents are signed.
type sealFlags struct {
	Key          string   `help:"The agency's key: a PKCS#12 file, pkcs11:token=…;object=…?module-path=…, or csc:https://…?credential=…. Without it nothing is signed." placeholder:"KEY" env:"SOHOA_KEY"`
	PasswordFile string   `help:"File that holds the key's password or PIN." placeholder:"FILE" env:"SOHOA_PASSWORD_FILE"`
	Level        string   `default:"B-T" enum:"B-B,B-T,B-LT,B-LTA" help:"PAdES level: B-B, B-T, B-LT or B-LTA."`
	TSA          []string `name:"tsa" help:"Address of a time-stamp authority; several are asked in turn." placeholder:"URL" env:"SOHOA_TSA"`
	TSATrust     []string `help:"Certificates that a time-stamp must lead to." placeholder:"PEM"`
	Agency       string   `help:"Name of the agency in the visible mark. Default: the certificate's organisation." placeholder:"NAME"`
	CopyForm     string   `help:"Copy form in the visible mark, e.g. SAO Y." placeholder:"TEXT"`
	PSS          bool     `name:"pss" env:"SOHOA_PSS" help:"Sign by RSASSA-PSS, where the key is RSA and can."`
}

// A sealer signs documents with one key.
type sealer struct {
	key    *key.Key
	level  record.Level
	agency string
	form   string
	pss    bool
	raise  signing.RaiseOptions
}

// open reads and checks the key; nil without --key.
func (f *sealFlags) open(ctx context.Context) (*sealer, error) {
	if f.Key == "" {
		return nil, nil
	}
	level, err := record.ParseLevel(f.Level)
	if err != nil {
		return nil, err
	}
	if level != record.BB && len(f.TSA) == 0 {
		return nil, record.Refuse(record.TSAUnreachable, nil, "level %s needs a time-stamp authority: give --tsa URL, or --level B-B", level)
	}
	k, err := key.Open(f.Key, f.PasswordFile)
	if err != nil {
		return nil, err
	}
	if err := k.Check(time.Now()); err != nil {
		return nil, err
	}
	s := &sealer{key: k, level: level, agency: f.Agency, form: f.CopyForm, pss: f.PSS}
	if s.agency == "" {
		s.agency = organisation(k.Chain[0])
	}
	if s.raise, err = raiseOptions(f.TSA, f.TSATrust); err != nil {
		return nil, err
	}
	return s, s.notRevoked(ctx)
}

// notRevoked refuses a key whose certificate is revoked. At B-B nobody is asked:
// no network is needed for it. That nobody answers shows when B-LT is not reached.
func (s *sealer) notRevoked(ctx context.Context) error {
	if s.level == record.BB {
		return nil
	}
	err := signing.Usable(ctx, s.key, time.Now(), s.raise)
	if record.ReasonOf(err) != record.LevelUnavailable {
		return err
	}
	slog.WarnContext(ctx, "nobody tells whether the certificate of the key is revoked", "error", err)
	return ctx.Err()
}

// organisation is the O of the certificate, else its CN.
func organisation(c *x509.Certificate) string {
	if len(c.Subject.Organization) > 0 {
		return c.Subject.Organization[0]
	}
	return c.Subject.CommonName
}

func raiseOptions(tsa, trusted []string) (signing.RaiseOptions, error) {
	roots, err := trust.LoadPEM(trusted...)
	return signing.RaiseOptions{TSA: &timestamp.Client{URLs: tsa, Roots: roots}, Evidence: signing.NewEvidence(true)}, err // whoever calls a command may ask his own machine
}

// seal signs the archival PDF at path and lifts it as far as asked. It returns
// where the sealed PDF lies, beside the other. If only the lifting failed that is
// the file at the level reached, and the error; "" if nothing is sealed.
func (s *sealer) seal(ctx context.Context, path string, r *record.Digitised) (string, error) {
	archival, err := openSource(path)
	if err != nil {
		return "", err
	}
	defer archival.file.Close()
	sealed, err := signing.Seal(ctx, archival, s.key, s.request(*r, time.Now()))
	if err != nil {
		return "", err
	}
	level := record.BB
	var missing error // why the level is not higher
	if s.level != record.BB {
		sealed, level, missing = signing.Raise(ctx, sealed, s.level, s.raise)
	}
	r.Level = level
	r.Sealed = &record.RenditionRef{File: r.Name + ".pdf", MediaType: "application/pdf"}
	out := strings.TrimSuffix(path, ".pdf") + ".sealed.pdf"
	if r.Sealed.SHA256, r.Sealed.Bytes, err = writeSource(out, sealed); err != nil {
		return "", err
	}
	return out, missing
}

// request says what a document is sealed with, as its record has it.
func (s *sealer) request(r record.Digitised, at time.Time) signing.Request {
	request := signing.Request{Agency: s.agency, CopyForm: s.form, Time: at, Fields: r.Fields, Metadata: r.Metadata.Archive, Reviewed: r.Reviewed, PSS: s.pss}
	if len(r.Pages) > 0 {
		request.Page = &r.Pages[0]
		if r.FromPaper() {
			request.Note = signing.FromPaper
		}
	}
	return request
}

// A fileSource is a PDF on disk that is sealed or raised.
type fileSource struct {
	*io.SectionReader
	file *os.File
}

func openSource(path string) (*fileSource, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &fileSource{io.NewSectionReader(f, 0, info.Size()), f}, nil
}

func bytesOf(s signing.Source) io.Reader { return io.NewSectionReader(s, 0, s.Size()) }

// writeSource writes what was sealed and returns its digest and length.
func writeSource(path string, s signing.Source) (record.Digest, int64, error) {
	f, err := os.Create(path)
	if err != nil {
		return "", 0, outputError(err, "write "+path)
	}
	digest, n, err := record.ReadDigest(io.TeeReader(bytesOf(s), f))
	return digest, n, outputError(errors.Join(err, f.Close()), "write "+path)
}

type raiseCommand struct {
	Files    []string `arg:"" name:"file" help:"PDFs that sohoa sealed."`
	Level    string   `default:"B-T" enum:"B-T,B-LT,B-LTA" help:"The level to reach: B-T, B-LT or B-LTA."`
	TSA      []string `name:"tsa" required:"" help:"Address of a time-stamp authority; several are asked in turn." placeholder:"URL" env:"SOHOA_TSA"`
	TSATrust []string `help:"Certificates that a time-stamp must lead to." placeholder:"PEM"`
	JSON     bool     `name:"json" help:"One JSON object a line."`

	Renew      time.Duration `help:"Renew files at B-LTA whose last time-stamp ends within this time, by its certificate or an algorithm." placeholder:"TIME"`
	Algorithms string        `help:"Table of the days on which algorithms end, in JSON. Default: that of ETSI TS 119 312." placeholder:"FILE"`
}

// Run raises each file in place: the old bytes stay until the new ones are durable.
func (c *raiseCommand) Run(ctx context.Context) error {
	level, err := record.ParseLevel(c.Level)
	if err != nil {
		return err
	}
	options, err := raiseOptions(c.TSA, c.TSATrust)
	if err != nil {
		return err
	}
	if options.Algorithms, err = trust.LoadAlgorithms(c.Algorithms); err != nil {
		return err
	}
	if c.Renew > 0 {
		options.Renew = time.Now().Add(c.Renew)
	}
	report, code := newReporter(c.JSON, len(c.Files)), exitDone
	for _, file := range c.Files {
		reached, err := raiseFile(ctx, file, level, options)
		report.document(done{File: file, PDF: file, Level: reached}, err)
		if err != nil {
			code = exitRefused
		}
	}
	if code != exitDone {
		return exitCode(code)
	}
	return nil
}

func raiseFile(ctx context.Context, file string, to record.Level, o signing.RaiseOptions) (record.Level, error) {
	in, err := openSource(file)
	if os.IsNotExist(err) {
		return "", record.Refuse(record.InputMissing, err, "open %s", file)
	}
	if err != nil {
		return "", record.Refuse(record.InputUnreadable, err, "read %s", file)
	}
	defer in.file.Close()
	raised, reached, missing := signing.Raise(ctx, in, to, o)
	if raised == signing.Source(in) {
		return reached, missing
	}
	if err := republish(file, raised, reached); err != nil {
		return "", err
	}
	return reached, missing
}
