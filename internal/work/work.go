// Package work is a worker as configured: pages recognised in children, documents
// sealed with the key, sealed documents raised. It is wiring that two binaries
// share, cmd/worker and cmd/sohoa.
package work

import (
	"context"
	"runtime"
	"time"

	"github.com/sohoa/sohoa/internal/app"
	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/internal/upkeep"
	"github.com/sohoa/sohoa/pipeline"
	"github.com/sohoa/sohoa/pipeline/ocr"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/queue"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
)

// maxPages bounds one document, joined ones too.
const maxPages = 5000

// Config is what a worker can be told.
type Config struct {
	Key          string        `env:"SOHOA_KEY" help:"The agency's key: a PKCS#12 file, pkcs11:token=…;object=…?module-path=…, or csc:https://…?credential=…." placeholder:"KEY"`
	PasswordFile string        `env:"SOHOA_PASSWORD_FILE" help:"File that holds the key's password or PIN." placeholder:"FILE"`
	PSS          bool          `name:"pss" env:"SOHOA_PSS" help:"Seal by RSASSA-PSS, where the key is RSA and can."`
	Level        string        `default:"B-T" enum:"B-B,B-T,B-LT,B-LTA" env:"SOHOA_LEVEL" help:"Level to which sealed documents are raised."`
	TSA          []string      `name:"tsa" env:"SOHOA_TSA" help:"Address of a time-stamp authority; several are asked in turn." placeholder:"URL"`
	TSATime      time.Duration `name:"tsa-time" default:"180s" env:"SOHOA_TSA_TIME" help:"Time limit of one request to a time-stamp authority."`
	AllowPrivate bool          `env:"SOHOA_ALLOW_PRIVATE" help:"Ask OCSP and CRL addresses in private networks."`
	Renew        time.Duration `default:"2160h" env:"SOHOA_RENEW" help:"How long before its certificate or an algorithm of it ends the last time-stamp of a sealed document at B-LTA is followed by another."`
	Algorithms   string        `env:"SOHOA_ALGORITHMS" help:"Table of the days on which algorithms end, in JSON. Default: that of ETSI TS 119 312." placeholder:"FILE"`
	VerifyURL    string        `name:"verify-url" env:"SOHOA_VERIFY_URL" help:"Public address of the pages for verification, e.g. https://HOST/verify. The mark of a sealed document then shows a QR code that leads to its own." placeholder:"URL"`
	Trust        []string      `env:"SOHOA_TRUST" help:"Certificate files and trust lists to rely on." placeholder:"FILE"`
	TrustKey     string        `env:"SOHOA_TRUST_KEY" help:"Public key that trust lists must be signed with. Default: LIST.pub." placeholder:"FILE"`
	Jobs         int           `env:"SOHOA_JOBS" help:"Documents worked on at a time, and pages recognised at a time. Default: the number of processors." placeholder:"N"`
	Languages    string        `default:"auto" env:"SOHOA_LANGUAGES" help:"Tesseract languages, e.g. vie or vie+eng; auto: Vietnamese, and pages that are plainly French again as that."`
	Profile      ocr.Profile   `enum:"fast,balanced,accurate" default:"balanced" env:"SOHOA_PROFILE" help:"How much time recognition may spend on a page: fast, balanced or accurate."`
	PageTime     time.Duration `default:"120s" env:"SOHOA_PAGE_TIME" help:"Time limit of one page."`
	ShortPages   int           `default:"50" env:"SOHOA_SHORT_PAGES" help:"Pages of a document that is read in the lane of short ones, at most: longer ones wait in another lane, so that short ones need not." placeholder:"N"`
	Rules        string        `env:"SOHOA_RULES" help:"Folder of the agency's own forms (*.form) and places (*.places). Default: rules in the data folder." placeholder:"DIR"`
	FixityRate   int64         `env:"SOHOA_FIXITY_RATE" help:"Bytes a second at which this worker reads every stored object again, round after round. Give it to one worker. Default: never." placeholder:"N"`
	Timing       queue.Timing  `kong:"-"` // zero: the default
	StopTime     time.Duration `default:"20s" env:"SOHOA_STOP_TIME" help:"Time that running jobs get when the process is asked to end."`
}

// Run works until ctx ends.
func Run(ctx context.Context, a *app.App, c Config, software string) error {
	if c.Jobs <= 0 {
		c.Jobs = runtime.NumCPU()
	}
	if c.Timing == (queue.Timing{}) {
		c.Timing = queue.DefaultTiming()
	}
	anchors, err := trust.Load(c.TrustKey, c.Trust...)
	if err != nil {
		return err
	}
	if first := trust.FirstEnd(anchors); !first.IsZero() {
		observe.TrustEnds(first)
	}
	reader, err := OpenRules(c.Rules, a.Config.Data)
	if err != nil {
		return err
	}
	p, err := takePost(a.Config.Data)
	if err != nil {
		return err
	}
	defer p.leave()
	go p.watch(ctx, a.Catalogue, c.Timing.Reconcile)
	pool := ocr.NewPool(c.Jobs, ocr.Options{Languages: c.Languages, Profile: c.Profile, Timeout: c.PageTime})
	defer pool.Close()
	var splitter page.Splitter
	defer splitter.Close()
	w := &pipeline.Worker{
		Objects: a.Store, Catalogue: a.Catalogue, Manifests: a.WriteManifests, Temp: p.dir, Short: c.ShortPages,
		Digitiser: &pipeline.Digitiser{Recogniser: pool, Splitter: &splitter, Limits: page.Limits{Pages: maxPages}, Parallel: c.Jobs, Software: software, Language: "vi", Detect: c.Languages == ocr.Auto, Reader: reader, Policy: verify.Policy{Anchors: anchors}},
	}
	handlers := map[record.JobKind]queue.Handler{record.JobIngest: w.Ingest}
	batches := map[record.JobKind]queue.Batch{}
	if c.Key != "" {
		if w.Seal, err = c.sealing(anchors); err != nil {
			return err
		}
		handlers[record.JobAuthenticate], handlers[record.JobRaise] = w.Authenticate, w.Raise
		handlers[record.JobPrepareMark], handlers[record.JobCompleteMark] = w.PrepareMark, w.CompleteMark
		if most := signing.BatchSize(w.Seal.Key); most > 1 {
			batches[record.JobAuthenticate] = queue.Batch{Most: most, Do: w.AuthenticateAll}
		}
		if w.Seal.Target == record.BLTA {
			go renew(ctx, a.Catalogue, w)
		}
	}
	if c.FixityRate > 0 {
		fixity := upkeep.Fixity{Store: a.Store, Catalogue: a.Catalogue, Manifests: a.WriteManifests, Rate: c.FixityRate}
		go fixity.Rolling(ctx, time.Hour)
	}
	workers := &queue.Workers{Broker: a.Broker, Catalogue: a.Catalogue, Handlers: handlers, Batches: batches, Jobs: c.Jobs, Timing: c.Timing, Name: p.name, Stop: c.StopTime}
	return workers.Run(ctx)
}

// sealing opens and checks the key before any work is taken.
func (c Config) sealing(anchors []trust.Anchor) (*pipeline.Sealing, error) {
	level, err := record.ParseLevel(c.Level)
	if err != nil {
		return nil, err
	}
	if level != record.BB && len(c.TSA) == 0 {
		return nil, record.Refuse(record.TSAUnreachable, nil, "level %s needs a time-stamp authority", level)
	}
	k, err := key.Open(c.Key, c.PasswordFile)
	if err != nil {
		return nil, err
	}
	if err := k.Check(time.Now()); err != nil {
		return nil, err
	}
	algorithms, err := trust.LoadAlgorithms(c.Algorithms)
	if err != nil {
		return nil, err
	}
	observe.KeyEnds(k.Certificate().NotAfter)
	return &pipeline.Sealing{Key: k, Target: level, PSS: c.PSS, VerifyURL: c.VerifyURL, Renew: c.Renew, Now: crash.Now, Raise: signing.RaiseOptions{
		TSA:      &timestamp.Client{URLs: c.TSA, Roots: trust.Certificates(anchors, trust.Timestamp, time.Now()), Timeout: c.TSATime, Slots: make(chan struct{}, 4), Now: crash.Now},
		Evidence: signing.NewEvidence(c.AllowPrivate), Algorithms: algorithms,
	}}, nil
}
