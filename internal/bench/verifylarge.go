package bench

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/key"
)

// A large signed file is written and signed as a stream: its size is bounded by
// the disk, not by what a signer holds in memory.

const (
	largeContents = 8 << 10 // bytes kept for the CMS
	largeRange    = 40      // characters kept for /ByteRange
)

// writeLarge writes a signed PDF of so many megabytes to path and returns its size.
func writeLarge(path string, megabytes int, k *key.Key) (int64, error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if err := writeUnsigned(f, int64(megabytes)<<20); err != nil {
		return 0, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	return size, signLarge(f, size, k)
}

// writeUnsigned writes a page, megabytes that are attached to it, and behind them an
// empty signature.
func writeUnsigned(f *os.File, n int64) error {
	out := bufio.NewWriter(f)
	w := pdf.NewWriter(out, "1.7")
	catalog, pages, page, data, field, sig := w.Alloc(), w.Alloc(), w.Alloc(), w.Alloc(), w.Alloc(), w.Alloc()
	if err := w.WriteStream(data, pdf.Dict{}, io.LimitReader(zeros{}, n), n); err != nil {
		return err
	}
	for _, o := range []struct {
		ref   pdf.Ref
		value any
	}{
		{catalog, pdf.Dict{"Type": pdf.Name("Catalog"), "Pages": pages, "AcroForm": pdf.Dict{"SigFlags": 3, "Fields": pdf.Array{field}}}},
		{pages, pdf.Dict{"Type": pdf.Name("Pages"), "Kids": pdf.Array{page}, "Count": 1}},
		{page, pdf.Dict{"Type": pdf.Name("Page"), "Parent": pages, "MediaBox": pdf.Array{0, 0, 595, 842}, "Annots": pdf.Array{field}, "PieceInfo": pdf.Dict{"Data": data}}},
		{field, pdf.Dict{"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": pdf.Name("Sig"), "T": pdf.String("S"), "F": 132, "Rect": pdf.Array{0, 0, 0, 0}, "V": sig}},
		{sig, pdf.Dict{"Type": pdf.Name("Sig"), "Filter": pdf.Name("Adobe.PPKLite"), "SubFilter": pdf.Name("ETSI.CAdES.detached"),
			"Contents": pdf.Raw("<" + strings.Repeat("00", largeContents) + ">"), "ByteRange": pdf.Raw("[" + strings.Repeat(" ", largeRange) + "]")}},
	} {
		if err := w.WriteObject(o.ref, o.value); err != nil {
			return err
		}
	}
	if err := w.Close(catalog, pdf.Ref{}, [2][]byte{}); err != nil {
		return err
	}
	return out.Flush()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// signLarge fills in byte range and CMS, which stand in the last bytes of the file.
func signLarge(f *os.File, size int64, k *key.Key) error {
	tail := make([]byte, min(size, 4*largeContents))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil {
		return err
	}
	token := []byte("<" + strings.Repeat("00", largeContents) + ">")
	at, room := bytes.Index(tail, token), bytes.Index(tail, []byte("["+strings.Repeat(" ", largeRange)+"]"))
	if at < 0 || room < 0 {
		return fmt.Errorf("the places for the signature are not where they were written")
	}
	base := size - int64(len(tail))
	start, end := base+int64(at), base+int64(at+len(token))
	if _, err := f.WriteAt(fmt.Appendf(nil, "%-*s", largeRange, fmt.Sprintf("0 %d %d %d", start, end, size-end)), base+int64(room)+1); err != nil {
		return err
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, io.MultiReader(io.NewSectionReader(f, 0, start), io.NewSectionReader(f, end, size-end))); err != nil {
		return err
	}
	der, err := cms.Build(cms.Draft{Signer: k.Signer, Certificate: k.Certificate(), Certificates: k.Chain, Hash: crypto.SHA256, Digest: digest.Sum(nil)})
	if err != nil {
		return err
	}
	_, err = f.WriteAt(fmt.Appendf(nil, "%X", der), start+1)
	return err
}
