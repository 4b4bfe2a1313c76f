package page

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"syscall"

	"github.com/sohoa/sohoa/internal/sandbox"
	"github.com/sohoa/sohoa/record"
)

// A splitRequest opens a file, closes the open one, or asks for one of its pages.
type splitRequest struct {
	Open *openRequest `json:"open,omitempty"`
	Rest bool         `json:"rest,omitempty"`
	Page int          `json:"page,omitempty"` // from 0
}

type openRequest struct {
	File   string          `json:"file"`
	Work   string          `json:"work"`
	Text   record.TextMode `json:"text"`
	Limits Limits          `json:"limits"`
}

type headReply struct {
	MediaType string   `json:"mediaType"`
	Pages     int      `json:"pages"`
	Signed    bool     `json:"signed"`
	Warnings  []string `json:"warnings,omitempty"`
}

type pageReply struct {
	Page     record.Page `json:"page"`
	Scan     record.Scan `json:"scan"`
	Warnings []string    `json:"warnings,omitempty"`
}

// A restReply says what a child holds that has closed its file.
type restReply struct {
	Resident int64 `json:"resident"` // bytes in memory
}

// ServeSplit is the child function "split": it opens one file after the other and hands out their pages.
func ServeSplit(c *sandbox.Conn) error {
	var d *opened
	for {
		var req splitRequest
		if err := c.Next(&req); err != nil {
			return err
		}
		var resp any
		var err error
		switch {
		case req.Rest:
			d.close()
			d = nil
			resp, err = rest()
		case req.Open != nil:
			if d, err = open(*req.Open); err == nil {
				resp = headReply{MediaType: d.media, Pages: d.count, Signed: d.signed, Warnings: d.takeWarnings()}
			}
		case d == nil || req.Page < 0 || req.Page >= d.count:
			err = fmt.Errorf("page %d of a document that is not open or has fewer", req.Page)
		default:
			resp, err = d.reply(req.Page)
		}
		if err := c.Reply(resp, err); err != nil {
			return err
		}
	}
}

// rest gives back what the last file took if that was much, which takes some milliseconds.
func rest() (restReply, error) {
	const much = 96 << 20
	held, err := resident()
	if err == nil && held > much {
		debug.FreeOSMemory()
		GiveBack()
		held, err = resident()
	}
	return restReply{Resident: held}, err
}

// resident is how many bytes of this process are in memory: see proc_pid_statm(5).
func resident() (int64, error) {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, fmt.Errorf("read own memory: %w", err)
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(b), &size, &pages); err != nil {
		return 0, fmt.Errorf("read own memory: %w", err)
	}
	return pages * int64(os.Getpagesize()), nil
}

// opened is an open document: how many pages it has and how to get each.
type opened struct {
	parts    []io.Closer
	media    string
	signed   bool
	count    int
	page     func(n int) (record.Scan, error)
	warnings []string
	out      folder
	text     record.TextMode
	limits   Limits
}

// close closes the file and what was opened over it.
func (d *opened) close() {
	if d == nil {
		return
	}
	for _, part := range slices.Backward(d.parts) {
		part.Close() // it was only read
	}
}

func (d *opened) warn(format string, args ...any) {
	const most = 50 // a hostile file must not fill the record
	if len(d.warnings) < most {
		d.warnings = append(d.warnings, fmt.Sprintf(format, args...))
	}
}

func (d *opened) takeWarnings() []string {
	w := d.warnings
	d.warnings = nil
	return w
}

// open looks what the file is and reads its structure.
func open(req openRequest) (*opened, error) {
	f, err := os.Open(req.File)
	if err != nil {
		return nil, record.Refuse(record.InputUnreadable, err, "open the file")
	}
	info, err := f.Stat()
	if err != nil {
		return nil, record.Refuse(record.InputUnreadable, err, "open the file")
	}
	head := make([]byte, SniffBytes)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, record.Refuse(record.InputUnreadable, err, "read the file")
	}
	d := &opened{parts: []io.Closer{f}, media: Sniff(head[:n]), count: 1, out: folder(req.Work), text: req.Text, limits: req.Limits.orDefault()}
	switch d.media {
	case "":
		if format := unread(head[:n]); format != "" {
			return nil, record.Refuse(record.FormatNotRead, nil, "file in the format %s", format)
		}
		return nil, record.Refuse(record.UnknownType, nil, "file that begins with % x", head[:min(n, 8)])
	case "application/pdf":
		return d, d.openPDF(f, info.Size())
	case "image/tiff":
		return d, d.openTIFF(f, info.Size())
	}
	b, err := os.ReadFile(req.File)
	if err != nil {
		return nil, record.Refuse(record.InputUnreadable, err, "read the file")
	}
	d.page = func(int) (record.Scan, error) { return d.picture(b) }
	return d, nil
}

// picture makes the page of a file that is one picture.
func (d *opened) picture(b []byte) (record.Scan, error) {
	switch d.media {
	case "image/jpeg":
		return d.jpeg(b, "0001")
	case "image/png":
		return d.png(b, "0001")
	case "image/jp2":
		return d.jp2(b, "0001")
	case "image/webp":
		return d.webp(b, "0001")
	case "image/bmp":
		return d.bmp(b, "0001")
	}
	return d.gif(b, "0001")
}

// reply makes page n and states the facts that its headers hold.
func (d *opened) reply(n int) (pageReply, error) {
	s, err := d.page(n)
	if err != nil {
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			return pageReply{}, record.Fail(record.DiskFull, err, "page %d", n+1)
		}
		return pageReply{}, fmt.Errorf("page %d: %w", n+1, err)
	}
	if s.Source == "" {
		s.Source = "image"
	}
	return pageReply{Page: headerFacts(n+1, s), Scan: s, Warnings: d.takeWarnings()}, nil
}

// headerFacts is what is known of a page before its pixels are looked at.
func headerFacts(number int, s record.Scan) record.Page {
	p := record.Page{Number: number, Width: s.Width, Height: s.Height, DPI: s.DPIX, Rotate: s.Rotate, Source: s.Source}
	if s.DPIX > 0 {
		p.DPIFrom = "file"
	}
	if s.Rotate%180 != 0 {
		p.Width, p.Height = s.Height, s.Width
	}
	colors := max(1, components(s))
	p.Bits = colors * s.Bits
	switch {
	case colors > 1 || s.Space == "Indexed" && !greyPalette(s.Palette):
		p.Colour = "colour"
	case s.Bits == 1:
		p.Colour = "bilevel"
	default:
		p.Colour = "grey"
	}
	return p
}

func greyPalette(rgb []byte) bool {
	for i := 0; i+2 < len(rgb); i += 3 {
		if rgb[i] != rgb[i+1] || rgb[i] != rgb[i+2] {
			return false
		}
	}
	return true
}

// checkPixels refuses a page by the size that its header states.
func (d *opened) checkPixels(width, height int) error {
	if width <= 0 || height <= 0 {
		return record.Refuse(record.Damaged, nil, "picture of %d x %d pixels", width, height)
	}
	if int64(width) > d.limits.PixelsPerPage/int64(height) {
		return record.Refuse(record.TooManyPixels, nil, "picture of %d x %d pixels, limit %d", width, height, d.limits.PixelsPerPage)
	}
	return nil
}

// folder is the work folder.
type folder string

// write makes the file name from parts, one after the other.
func (f folder) write(name string, parts ...[]byte) error {
	w, err := f.create(name)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			w.Close()
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return w.Close()
}

func (f folder) create(name string) (*os.File, error) {
	return os.OpenFile(filepath.Join(string(f), name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
}
