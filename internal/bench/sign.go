package bench

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing"
	"github.com/sohoa/sohoa/signing/key"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// SignOptions say how much signing to measure.
type SignOptions struct {
	Count   int    // signatures of each kind
	Sizes   []int  // megabytes of the files whose sealing is measured for memory
	PyHanko string // a Python interpreter that has pyHanko; "" leaves it out
}

// The children of [Sign]: the authorities, whose work is not ours, and a seal
// whose memory is measured alone.
const (
	AuthoritiesChild = "bench-authorities"
	SealChild        = "bench-seal"
)

// A signBench has what signing needs, with authorities in a process of their own.
type signBench struct {
	folder  string
	key     *key.Key
	options signing.RaiseOptions
	file    []byte
	count   int
}

// Sign measures sealing a one-page document and raising it, one at a time, with a
// development key, against nothing but the RSA and SHA-256 work in it. The binary
// must serve [AuthoritiesChild] and [SealChild].
func Sign(ctx context.Context, o SignOptions) (SignReport, error) {
	report := SignReport{Date: time.Now(), Count: o.Count}
	folder, err := os.MkdirTemp("", "sohoa-bench-")
	if err != nil {
		return report, err
	}
	defer os.RemoveAll(folder)
	authorities, b, err := openSign(ctx, folder)
	if err != nil {
		return report, fmt.Errorf("open the bench: %w", err)
	}
	defer authorities.Close()
	b.count, report.FileBytes = o.Count, int64(len(b.file))
	for _, kind := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"RSA and SHA-256 alone", b.bare},
		{"Sohoa B-B", func(ctx context.Context) error { return b.seal(ctx, record.BB) }},
		{"Sohoa B-T", func(ctx context.Context) error { return b.seal(ctx, record.BT) }},
		{"Sohoa B-LTA", func(ctx context.Context) error { return b.seal(ctx, record.BLTA) }},
	} {
		row, err := b.repeat(ctx, kind.name, kind.do)
		if err != nil {
			return report, err
		}
		report.Rows = append(report.Rows, row)
	}
	if o.PyHanko != "" {
		rows, err := b.pyHanko(ctx, o.PyHanko)
		if err != nil {
			return report, err
		}
		report.Rows = append(report.Rows, rows...)
	}
	for _, megabytes := range o.Sizes {
		row, err := b.memory(ctx, megabytes)
		if err != nil {
			return report, err
		}
		report.Memory = append(report.Memory, row)
	}
	return report, nil
}

func openSign(ctx context.Context, folder string) (*sandbox.Child, *signBench, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // finds a free port: its address goes into the certificates
	if err != nil {
		return nil, nil, err
	}
	url := "http://" + l.Addr().String()
	pki := filepath.Join(folder, "pki")
	if err := errors.Join(l.Close(), devpki.Init(pki, url)); err != nil {
		return nil, nil, err
	}
	b := &signBench{folder: folder}
	if b.key, err = key.OpenPKCS12(filepath.Join(pki, devpki.SignerFile), filepath.Join(pki, devpki.PasswordFile)); err != nil {
		return nil, nil, err
	}
	if b.file, err = onePage(folder, 0); err != nil {
		return nil, nil, err
	}
	p, err := devpki.Load(pki)
	if err != nil {
		return nil, nil, err
	}
	b.options = signing.RaiseOptions{TSA: &timestamp.Client{URLs: []string{url + "/tsa"}}, Evidence: signing.NewEvidence(true), Roots: p.Roots()}
	authorities, err := sandbox.Start(ctx, AuthoritiesChild, sandbox.Limits{Network: true})
	if err != nil {
		return nil, nil, err
	}
	return authorities, b, authorities.Call(ctx, pki, nil)
}

// onePage is a PDF/A of one generated page, made larger by so many megabytes of
// comments in its JPEG.
func onePage(folder string, megabytes int) ([]byte, error) {
	doc, err := paper.Make(paper.Spec{Name: "page", Kind: "giay-gioi-thieu", Seed: 1, DPI: 200, Colour: paper.InGrey, Format: "jpg"})
	if err != nil {
		return nil, err
	}
	if err := doc.WriteTo(folder); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, "page.jpg")
	jpg, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, padJPEG(jpg, megabytes<<20), 0o600); err != nil {
		return nil, err
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(jpg))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = pdfa.Write(&out, pdfa.Document{Title: "bench", Language: "vi", Work: folder, Source: record.DigestOf(jpg), Producer: "Sohoa", Pages: []record.Page{{
		Number: 1, Width: size.Width, Height: size.Height, DPI: 200, Colour: "grey", Bits: 8, Source: "image",
		Scan: record.Scan{File: "page.jpg", Filter: "DCTDecode", Width: size.Width, Height: size.Height, Bits: 8, Space: "DeviceGray", Colors: 1, DPIX: 200, DPIY: 200},
	}}})
	return out.Bytes(), err
}

// padJPEG puts comment segments of so many bytes behind the start of a JPEG.
func padJPEG(jpg []byte, n int) []byte {
	const longest = 0xffff
	segment := append([]byte{0xff, 0xfe, longest >> 8, longest & 0xff}, make([]byte, longest-2)...)
	rand.Read(segment[4:]) // never fails
	out := bytes.NewBuffer(jpg[:2:2])
	for n > 0 {
		out.Write(segment)
		n -= len(segment)
	}
	out.Write(jpg[2:])
	return out.Bytes()
}

// repeat measures count runs of do, after one that is not counted.
func (b *signBench) repeat(ctx context.Context, name string, do func(context.Context) error) (SignRow, error) {
	if err := do(ctx); err != nil {
		return SignRow{}, fmt.Errorf("%s: %w", name, err)
	}
	start, before := time.Now(), ownCPU()
	for range b.count {
		if err := do(ctx); err != nil {
			return SignRow{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	n := time.Duration(b.count)
	return SignRow{Name: name, CPU: (ownCPU() - before) / n, Time: time.Since(start) / n}, nil
}

// bare is what no signer can do without: the file's digest and the key.
func (b *signBench) bare(context.Context) error {
	digest := sha256.Sum256(b.file)
	_, err := b.key.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	return err
}

func (b *signBench) seal(ctx context.Context, to record.Level) error {
	sealed, err := signing.Seal(ctx, bytes.NewReader(b.file), b.key, signing.Request{Agency: "Sohoa", Time: time.Now(), Note: signing.FromPaper})
	if err != nil || to == record.BB {
		return err
	}
	_, level, err := signing.Raise(ctx, sealed, to, b.options)
	if err == nil && level != to {
		err = fmt.Errorf("raised to %s, wanted %s", level, to)
	}
	return err
}

// memory seals one file of that size in a child, and raises it to B-LTA.
func (b *signBench) memory(ctx context.Context, megabytes int) (MemoryRow, error) {
	file, err := onePage(b.folder, megabytes)
	if err != nil {
		return MemoryRow{}, err
	}
	path := filepath.Join(b.folder, "large.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		return MemoryRow{}, err
	}
	row := MemoryRow{FileBytes: int64(len(file))}
	child, err := sandbox.Start(ctx, SealChild, sandbox.Limits{Network: true})
	if err != nil {
		return row, err
	}
	start := time.Now()
	err = errors.Join(child.Call(ctx, sealTask{Path: path, PKI: filepath.Join(b.folder, "pki")}, &row.Peak), child.Close())
	row.Time = time.Since(start)
	if err != nil {
		return row, fmt.Errorf("seal a file of %d MB: %w", megabytes, err)
	}
	return row, nil
}

type sealTask struct{ Path, PKI string }

// ServeSeal seals and raises the one file that it is asked to.
func ServeSeal(c *sandbox.Conn) error {
	var t sealTask
	if err := c.Next(&t); err != nil {
		return err
	}
	if err := sealFile(t); err != nil {
		return c.Reply(nil, err)
	}
	return c.Reply(ownPeak())
}

func sealFile(t sealTask) error {
	k, err := key.OpenPKCS12(filepath.Join(t.PKI, devpki.SignerFile), filepath.Join(t.PKI, devpki.PasswordFile))
	if err != nil {
		return err
	}
	p, err := devpki.Load(t.PKI)
	if err != nil {
		return err
	}
	f, err := os.Open(t.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	ctx := context.Background()
	sealed, err := signing.Seal(ctx, io.NewSectionReader(f, 0, info.Size()), k, signing.Request{Agency: "Sohoa", Time: time.Now()})
	if err != nil {
		return err
	}
	options := signing.RaiseOptions{TSA: &timestamp.Client{URLs: []string{p.URL + "/tsa"}}, Evidence: signing.NewEvidence(true), Roots: p.Roots()}
	raised, _, err := signing.Raise(ctx, sealed, record.BLTA, options)
	if err != nil {
		return err
	}
	_, _, err = record.ReadDigest(io.NewSectionReader(raised, 0, raised.Size()))
	return err
}

// ServeAuthorities answers as the authorities of a development PKI until the
// parent needs no more.
func ServeAuthorities(c *sandbox.Conn) error {
	var dir string
	if err := c.Next(&dir); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	l, err := devpki.Listen(dir)
	if err == nil {
		go devpki.Serve(ctx, dir, l)
	}
	if err := c.Reply(nil, err); err != nil {
		return err
	}
	if err := c.Next(&dir); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}
