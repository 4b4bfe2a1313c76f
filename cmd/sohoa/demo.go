package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/sohoa/sohoa/internal/paper"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
)

var noExpiry time.Time

// A demo takes the sample dossier the whole way as an integrator would: through
// the API, with a key.
type demo struct {
	url, secret, folder string
}

// run uploads, waits for review, approves as seen, waits for the seal, fetches and
// verifies, and prints what came of it.
func (d *demo) run(ctx context.Context) error {
	scans := filepath.Join(d.folder, "scans")
	if err := os.MkdirAll(scans, 0o755); err != nil {
		return err
	}
	if err := paper.WriteSampleDossier(scans); err != nil {
		return err
	}
	files, err := expand([]string{scans})
	if err != nil {
		return err
	}
	var dossier record.Dossier
	code := "DEMO-" + time.Now().Format("060102-150405")
	if err := d.call(ctx, "POST", "/dossiers", map[string]string{"code": code, "title": "Hồ sơ mẫu"}, &dossier); err != nil {
		return err
	}
	for _, file := range files {
		if err := d.document(ctx, dossier, file); err != nil {
			return fmt.Errorf("demonstration, %s: %w", filepath.Base(file), err)
		}
	}
	return nil
}

func (d *demo) document(ctx context.Context, dossier record.Dossier, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	var receipt record.Receipt
	path := "/dossiers/" + dossier.ID + "/documents?name=" + url.QueryEscape(filepath.Base(file))
	if err := d.send(ctx, "POST", path, "application/octet-stream", f, &receipt); err != nil {
		return err
	}
	if err := d.wait(ctx, receipt.Document, record.InReview, ""); err != nil {
		return err
	}
	var seen struct {
		Archival, Digest record.Digest
		Fields           record.Fields
	}
	if err := d.call(ctx, "GET", "/documents/"+receipt.Document+"/fields", nil, &seen); err != nil {
		return err
	}
	decision := map[string]any{"approve": true, "archival": seen.Archival, "fields": seen.Digest}
	if err := d.call(ctx, "POST", "/documents/"+receipt.Document+"/decision", decision, nil); err != nil {
		return err
	}
	if err := d.wait(ctx, receipt.Document, record.Sealed, record.BT); err != nil {
		return err
	}
	return d.show(ctx, receipt.Document, file, seen.Fields)
}

// wait follows a document until it stands where it is expected.
func (d *demo) wait(ctx context.Context, id string, want record.Status, level record.Level) error {
	ctx, stop := context.WithTimeout(ctx, 5*time.Minute)
	defer stop()
	for {
		var doc record.Document
		if err := d.call(ctx, "GET", "/documents/"+id, nil, &doc); err != nil {
			return err
		}
		switch {
		case doc.Status == want && doc.Level.AtLeast(level):
			return nil
		case doc.Status == record.SetAside:
			return &record.Error{Reason: doc.Reason, Kind: record.ErrMalformed, Detail: "set aside"}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// show fetches the sealed PDF and prints its fields and its verdict.
func (d *demo) show(ctx context.Context, id, file string, fields record.Fields) error {
	out := filepath.Join(d.folder, nameOf(file)+".pdf")
	b, err := d.fetch(ctx, "/documents/"+id+"/content/sealed")
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, b, 0o644); err != nil {
		return err
	}
	var verdict struct{ Words string }
	if err := d.send(ctx, "POST", "/verify", "application/pdf", bytes.NewReader(b), &verdict); err != nil {
		return err
	}
	fmt.Printf("\n%s → %s\n", filepath.Base(file), out)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if f := fields[name]; f.Status != record.Missing {
			fmt.Printf("  %-22s %s (%.2f, %s)\n", say.Field(language(), name), firstOf(f.Normal, f.Value), f.Confidence, say.FieldStatus(language(), string(f.Status)))
		}
	}
	fmt.Printf("%s\n%s/verify/%s\n", verdict.Words, d.url, id)
	return nil
}

func (d *demo) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	return d.send(ctx, method, path, "application/json", body, out)
}

func (d *demo) send(ctx context.Context, method, path, mediaType string, body io.Reader, out any) error {
	resp, err := d.request(ctx, method, path, mediaType, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

func (d *demo) fetch(ctx context.Context, path string) ([]byte, error) {
	resp, err := d.request(ctx, "GET", path, "", nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

func (d *demo) request(ctx context.Context, method, path, mediaType string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, d.url+"/api/v1"+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+d.secret)
	req.Header.Set("Accept-Language", language())
	if mediaType != "" {
		req.Header.Set("Content-Type", mediaType)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 400 {
		defer resp.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		return nil, fmt.Errorf("%s %s: %s %s", method, path, resp.Status, text)
	}
	return resp, nil
}
