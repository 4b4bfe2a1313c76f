// Package pipeline is the way of a document: from the bytes that came in to a
// sealed record. Each function here reads like a table of contents; the work is
// done in the rooms that it calls.
//
// Digitise is a function of its input: the same files give the same record and
// the same PDF, byte for byte. It knows no catalogue and no network.
package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/internal/crash"
	"github.com/sohoa/sohoa/pipeline/field"
	"github.com/sohoa/sohoa/pipeline/page"
	"github.com/sohoa/sohoa/pipeline/pdfa"
	"github.com/sohoa/sohoa/pipeline/proof"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
)

// ArchivalFile is the name of the searchable PDF/A in the work folder.
const ArchivalFile = "archival.pdf"

// An Input is one document: one file, or several that are joined in this order.
type Input struct {
	Name  string          // of the document
	Files []string        // paths of the originals
	Work  string          // an empty folder for page streams, previews and the PDF
	Pages int             // as somebody counted them, 0 if nobody did: another number is refused
	Text  record.TextMode // what becomes of the text that a PDF has already
	Span  *record.Span    // of the files' pages, joined; nil: all

	Signed record.SignedMode // what becomes of a signed original
}

// Digitiser holds what Digitise needs from outside.
type Digitiser struct {
	Recogniser Recogniser
	Splitter   *page.Splitter // nil: one for each document
	Limits     page.Limits
	Parallel   int                   // pages of one document recognised at a time
	Software   string                // name and version, for the record and the PDF
	Language   string                // of the documents where their pages do not tell, "vi"
	Detect     bool                  // pages that are plainly in French are read again with its model
	Reader     *field.Reader         // of fields; nil knows what comes with the program
	Policy     verify.Policy         // for originals that are signed
	Progress   func(done, pages int) // may be nil; called from one goroutine at a time
}

// Digitise splits the originals into pages, recognises each, finds the fields and
// writes the searchable PDF/A into in.Work. A refusal bears a reason.
func (d *Digitiser) Digitise(ctx context.Context, in Input) (record.Digitised, error) {
	out := record.Digitised{Version: record.Version, Software: d.Software, Name: in.Name}
	var err error
	if out.Original, err = d.describe(ctx, in); err != nil {
		return out, err
	}
	split, err := d.split(ctx, in)
	if err != nil {
		return out, err
	}
	if out.Original.Span = in.Span; in.Span != nil {
		if split.Pages, err = cut(split.Pages, *in.Span); err != nil {
			return out, fmt.Errorf("%s: %w", in.Name, err)
		}
	}
	if in.Pages != 0 && in.Pages != len(split.Pages) {
		return out, record.Refuse(record.PagesMismatch, nil, "%s has %d pages, %d were counted", in.Name, len(split.Pages), in.Pages)
	}
	crash.Point("split")
	out.Warnings = split.Warnings
	if split.Signed {
		if out.Original.Verdict, err = d.verdict(ctx, in, out.Original.Files); err != nil {
			return out, err
		}
	}
	if out.Pages, err = d.recognise(ctx, in.Work, split.Pages); err != nil {
		return out, err
	}
	if err = d.readAgain(ctx, in.Work, split.Pages, out.Pages); err != nil {
		return out, err
	}
	proof.Read(out.Pages)
	out.Fields, out.Particulars = d.Reader.Read(out.Pages)
	out.Metadata = record.MetadataOf(out.Fields, out.Particulars, out.Pages, nil)
	if split.Signed && in.Signed == record.KeepSigned {
		return out, nil
	}
	var carried []pdfa.Attachment
	if split.Signed && in.Signed == record.EmbedSigned {
		var close func()
		if carried, close, err = carry(in, out.Original); err != nil {
			return out, err
		}
		defer close()
	}
	out.Archival, err = d.archive(in, out, carried)
	crash.Point("archived")
	return out, err
}

// describe hashes the originals.
func (d *Digitiser) describe(ctx context.Context, in Input) (record.Original, error) {
	var o record.Original
	for _, file := range in.Files {
		ref, err := describeFile(file)
		if err != nil {
			return o, err
		}
		o.Files = append(o.Files, ref)
	}
	return o, ctx.Err()
}

func describeFile(path string) (record.RenditionRef, error) {
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return record.RenditionRef{}, record.Refuse(record.InputMissing, err, "open %s", filepath.Base(path))
	}
	if err != nil {
		return record.RenditionRef{}, record.Refuse(record.InputUnreadable, err, "open %s", filepath.Base(path))
	}
	defer f.Close()
	head := make([]byte, page.SniffBytes)
	n, _ := f.ReadAt(head, 0)
	digest, size, err := record.ReadDigest(f)
	if err != nil {
		return record.RenditionRef{}, record.Refuse(record.InputUnreadable, err, "read %s", filepath.Base(path))
	}
	if size == 0 {
		return record.RenditionRef{}, record.Refuse(record.EmptyFile, nil, "read %s", filepath.Base(path))
	}
	return record.RenditionRef{File: filepath.Base(path), MediaType: page.Sniff(head[:n]), SHA256: digest, Bytes: size}, nil
}

// verdict looks at the signatures that came with a signed original: of several
// files, at those of the first that has any.
func (d *Digitiser) verdict(ctx context.Context, in Input, files []record.RenditionRef) (*record.Verdict, error) {
	var last *record.Verdict
	for i, file := range in.Files {
		if files[i].MediaType != "application/pdf" {
			continue
		}
		v, err := verify.File(ctx, file, d.Policy)
		if err != nil {
			return nil, fmt.Errorf("verify the signed original of %s: %w", in.Name, err)
		}
		v.File = filepath.Base(file)
		if len(v.Signatures) > 0 {
			return &v, nil
		}
		last = &v
	}
	return last, nil
}

// archive writes the searchable PDF/A.
func (d *Digitiser) archive(in Input, r record.Digitised, carried []pdfa.Attachment) (*record.RenditionRef, error) {
	path := filepath.Join(in.Work, ArchivalFile)
	f, err := os.Create(path)
	if err != nil {
		return nil, diskError(err, "write the PDF/A of "+in.Name)
	}
	defer f.Close()
	doc := pdfa.Document{Title: in.Name, Language: record.LanguageOf(r.Pages, d.Language), Pages: r.Pages, Work: in.Work, Source: r.Original.Files[0].SHA256, Producer: d.Software, Attachments: carried}
	if err := pdfa.Write(f, doc); err != nil {
		return nil, diskError(err, "write the PDF/A of "+in.Name)
	}
	if err := f.Close(); err != nil {
		return nil, diskError(err, "write the PDF/A of "+in.Name)
	}
	ref, err := describeFile(path)
	ref.File = in.Name + ".pdf"
	return &ref, err
}
