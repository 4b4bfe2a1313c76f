package signing

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/evidence"
	"github.com/sohoa/sohoa/signing/timestamp"
	"github.com/sohoa/sohoa/signing/trust"
)

func (d *desk) options() RaiseOptions {
	return RaiseOptions{TSA: d.tsa, Roots: d.pki.Roots(), Evidence: &evidence.Client{HTTP: evidence.HTTPClient(true), Now: d.pki.Now}}
}

func (d *desk) sealed(t *testing.T) []byte {
	t.Helper()
	out, err := seal(t.Context(), archival(t, 1, 0), d.key, now())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func levels(t *testing.T, file []byte) state {
	t.Helper()
	f, err := opened(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := stateOf(f, source(file), trust.Algorithms{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRaiseToEveryLevel(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	sealed := d.sealed(t)
	for _, to := range []record.Level{record.BB, record.BT, record.BLT, record.BLTA} {
		out, level, err := raise(t.Context(), sealed, to, d.options())
		if err != nil || level != to || levels(t, out).level != to {
			t.Errorf("Raise(%s) = %s, %v, file at %s", to, level, err, levels(t, out).level)
		}
		keep(t, "level-"+string(to)+".pdf", out, d)
		again, level, err := raise(t.Context(), out, to, d.options())
		if err != nil || level != to || !bytes.Equal(again, out) {
			t.Errorf("Raise(%s) of a file at that level = %s, %v, changed %v; want it as it is", to, level, err, !bytes.Equal(again, out))
		}
	}
}

// Step by step, as the worker does it: nothing that was stored changes later.
func TestRaiseStepByStep(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	file := d.sealed(t)
	for _, to := range []record.Level{record.BT, record.BLT, record.BLTA} {
		out, level, err := raise(t.Context(), file, to, d.options())
		if err != nil || level != to {
			t.Fatalf("Raise(%s) = %s, %v", to, level, err)
		}
		if to != record.BT && !bytes.HasPrefix(out, file) {
			t.Errorf("Raise(%s) changed bytes that were there", to)
		}
		file = out
	}
}

func TestRaiseAsFarAsItGoes(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	sealed := d.sealed(t)
	dead := d.options()
	client := *d.tsa
	client.URLs = []string{"http://127.0.0.1:1/tsa"}
	dead.TSA = &client
	public := d.options()
	public.Evidence = nil
	stranger := newDesk(t, devpki.ECDSAP256)
	foreign := d.options()
	foreign.Roots = stranger.pki.Roots()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		what   string
		ctx    context.Context
		o      RaiseOptions
		lie    devpki.Lie
		level  record.Level
		reason record.Reason
	}{
		{"nobody to ask", t.Context(), RaiseOptions{}, "", record.BB, record.TSAUnreachable},
		{"authority down", t.Context(), dead, "", record.BB, record.TSAUnreachable},
		{"authority refuses", t.Context(), d.options(), devpki.TSARefuses, record.BB, record.TSARefused},
		{"authority lies", t.Context(), d.options(), devpki.TSAWrongImprint, record.BB, record.TSAUntrusted},
		{"cancelled", cancelled, d.options(), "", record.BB, record.TSAUnreachable},
		{"evidence at private addresses", t.Context(), public, "", record.BT, record.LevelUnavailable},
		{"roots of somebody else", t.Context(), foreign, "", record.BT, record.LevelUnavailable},
	} {
		d.pki.Lie = c.lie
		out, level, err := raise(c.ctx, sealed, record.BLTA, c.o)
		if level != c.level || record.ReasonOf(err) != c.reason || levels(t, out).level != c.level {
			t.Errorf("%s: Raise = %s, %v, file at %s; want %s, %q", c.what, level, err, levels(t, out).level, c.level, c.reason)
		}
	}
}

func TestRevokedSignerIsNotRaised(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	sealed := d.sealed(t)
	d.pki.Revoke(d.pki.Signer.Certificate, time.Now().Add(-time.Hour))
	if _, level, err := raise(t.Context(), sealed, record.BLT, d.options()); level != record.BT || record.ReasonOf(err) != record.CertRevoked {
		t.Errorf("revoked an hour before: Raise = %s, %v; want B-T, certificate-revoked", level, err)
	}
	d.pki.Revoke(d.pki.Signer.Certificate, time.Now().Add(time.Hour))
	if _, level, err := raise(t.Context(), sealed, record.BLT, d.options()); level != record.BLT || err != nil {
		t.Errorf("revoked an hour after: Raise = %s, %v; want B-LT", level, err)
	}
}

func TestOnlySealedFilesAreRaised(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	sealed := d.sealed(t)
	for _, c := range []struct {
		what string
		in   []byte
		want record.Reason
	}{
		{"never sealed", archival(t, 1, 0), record.NotSigned},
		{"not ours", []byte("%PDF-1.4"), record.NotOurs},
		{"one signed byte changed", bytes.Replace(sealed, []byte("DisplayDocTitle true"), []byte("DisplayDocTitle null"), 1), record.NotOurs},
		{"page replaced", revise(t, sealed, setPage("Contents", func(u *pdf.Update, _ pdf.Dict) any { return u.AddStream(pdf.Dict{}, nil) })), record.NotOurs},
	} {
		if _, _, err := raise(t.Context(), c.in, record.BT, d.options()); record.ReasonOf(err) != c.want {
			t.Errorf("%s: Raise = %v; want %q", c.what, err, c.want)
		}
	}
}

// A clock that stands where it was set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// Eighteen years and more, up to today: the TSA's certificates run out after ten, its
// root is replaced every other time, those of the signer and the OCSP responder run
// out after five.
func TestRenewal(t *testing.T) {
	for _, s := range []struct {
		name string
		kind devpki.KeyKind
		pss  bool
		two  bool // a person's signature before
		n    int  // renewals
	}{
		{"renewed", devpki.ECDSAP256, false, false, 2}, {"renewed-p384-two", devpki.ECDSAP384, false, true, 2},
		{"renewed-rsa-two", devpki.RSA2048, false, true, 2}, {"renewed-rsa-pss", devpki.RSA2048, true, false, 2},
		{"renewed-four-times", devpki.ECDSAP384, false, false, 4},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			renewal(t, s.name, s.kind, s.pss, s.two, s.n)
		})
	}
}

func renewal(t *testing.T, name string, kind devpki.KeyKind, pss, two bool, n int) {
	c := &clock{time.Now().AddDate(-9*n, 0, n).Add(-time.Hour)}
	d := newDeskAt(t, kind, c.now)
	r := request
	r.Time, r.PSS = c.at, pss
	in := archival(t, 1, 0)
	if two {
		mark := r
		mark.Person = "Nguyễn Thị Nghĩa"
		var err error
		if in, err = seal(t.Context(), in, d.key, mark); err != nil {
			t.Fatal(err)
		}
	}
	sealed, err := seal(t.Context(), in, d.key, r)
	if err != nil {
		t.Fatal(err)
	}
	file, _, err := raise(t.Context(), sealed, record.BLTA, d.options())
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		root := i%2 == 1
		ends := levels(t, file).ends
		c.at = ends.AddDate(-1, 0, 0)
		o := d.options()
		o.Renew = c.at
		if out, _, err := raise(t.Context(), file, record.BLTA, o); err != nil || !bytes.Equal(out, file) {
			t.Fatalf("too early, in %d: %v; want nothing to happen", c.at.Year(), err)
		}
		if err := d.pki.RenewTSA(root, devpki.ECDSAP256); err != nil {
			t.Fatal(err)
		}
		o.Renew, o.Roots, d.tsa.Roots = c.at.AddDate(2, 0, 0), d.pki.Roots(), d.pki.Roots()
		d.tsa.URLs = []string{"http://127.0.0.1:1/"}
		if _, level, err := raise(t.Context(), file, record.BLTA, o); level != record.BLTA || record.ReasonOf(err) != record.TSAUnreachable {
			t.Errorf("with a dead authority in %d: %s, %v; want B-LTA still, tsa-unreachable", c.at.Year(), level, err)
		}
		d.tsa.URLs = []string{d.pki.URL + "/tsa"}
		out, level, err := raise(t.Context(), file, record.BLTA, o)
		if err != nil || level != record.BLTA || !levels(t, out).ends.After(ends) || !bytes.HasPrefix(out, file) {
			t.Fatalf("in %d: %s, %v; want B-LTA that lasts longer", c.at.Year(), level, err)
		}
		file = out
	}
	if ends := levels(t, file).ends; ends.Before(time.Now().AddDate(9, 0, 0)) {
		t.Errorf("after the renewals the file lasts until %s; want ten years from now", ends)
	}
	keep(t, name+".pdf", file, d)
}

// Thirty years of a file whose table of algorithms is changed on the way: SHA-256
// is given an end, so it is renewed in time by SHA-384, once, long before its
// certificates run out; then these do.
func TestRenewalBecauseOfAlgorithms(t *testing.T) {
	c := &clock{time.Now().AddDate(-25, 0, 2).Add(-time.Hour)}
	d := newDeskAt(t, devpki.ECDSAP256, c.now)
	r := request
	r.Time = c.at
	sealed, err := seal(t.Context(), archival(t, 1, 0), d.key, r)
	if err != nil {
		t.Fatal(err)
	}
	o := d.options()
	o.Algorithms = trust.TS119312()
	file, _, err := raise(t.Context(), sealed, record.BLTA, o)
	if err != nil {
		t.Fatal(err)
	}
	start, renewals := c.at, 0
	end := start.AddDate(5, 0, 0).Truncate(time.Second)
	for months := 3; months <= 12*24; months += 3 {
		c.at = start.AddDate(0, months, 0)
		if months == 24 {
			o.Algorithms.Digests["SHA-256"] = end
			d.pki.TSAHash = crypto.SHA512
		}
		o.Renew = c.at.AddDate(0, 6, 0)
		if until, err := Until(source(file), o.Algorithms); err != nil {
			t.Fatal(err)
		} else if until.After(o.Renew) {
			continue
		} else if until.Before(c.at) {
			t.Fatalf("in month %d: it has ended at %s", months, until)
		}
		if renewals > 0 {
			if err := d.pki.RenewTSA(renewals == 2, devpki.ECDSAP256); err != nil {
				t.Fatal(err)
			}
			o.Roots, d.tsa.Roots = d.pki.Roots(), d.pki.Roots()
		}
		out, level, err := raise(t.Context(), file, record.BLTA, o)
		if err != nil || level != record.BLTA || !bytes.HasPrefix(out, file) {
			t.Fatalf("in month %d: Raise = %s, %v; want B-LTA renewed", months, level, err)
		}
		file = out
		renewals++
		f, err := opened(file)
		if err != nil {
			t.Fatal(err)
		}
		all, err := signatures(f)
		if err != nil {
			t.Fatal(err)
		}
		info, err := timestamp.Read(all[len(all)-1].der)
		if err != nil || info.Hash == digestAlgorithm {
			t.Errorf("in month %d: time-stamp over %v, %v; want a digest that lasts", months, info.Hash, err)
		}
	}
	if renewals < 2 || renewals > 4 {
		t.Errorf("%d renewals; want one for the digest, and one for each end of a certificate", renewals)
	}
}

// A time-stamp that would last no longer is no renewal: nothing is added.
func TestRenewalThatHelpsNothing(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	file, _, err := raise(t.Context(), d.sealed(t), record.BLTA, d.options())
	if err != nil {
		t.Fatal(err)
	}
	o := d.options()
	end := time.Now().AddDate(0, 1, 0)
	o.Algorithms = trust.Algorithms{ECDSA: []trust.KeyEnd{{Bits: 256, End: end}}}
	o.Renew = time.Now().AddDate(0, 3, 0)
	out, level, err := raise(t.Context(), file, record.BLTA, o)
	if level != record.BLTA || record.ReasonOf(err) != record.LevelUnavailable || !bytes.Equal(out, file) {
		t.Errorf("Raise = %s, %v, changed %v; want B-LTA as it is, level-unavailable", level, err, !bytes.Equal(out, file))
	}
}

func TestTwoSeals(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	first, o := d.sealed(t), d.options() // one that keeps the answers it got
	for what, between := range map[string]record.Level{"first at B-B": record.BB, "first at B-LT": record.BLT, "first at B-LTA": record.BLTA} {
		file, _, err := raise(t.Context(), first, between, o)
		if err != nil {
			t.Fatal(err)
		}
		both, err := seal(t.Context(), file, d.key, now())
		if err != nil {
			t.Errorf("%s: second Seal = %v", what, err)
			continue
		}
		if got := levels(t, both).level; got != record.BB {
			t.Errorf("%s: level after the second Seal = %s; want B-B", what, got)
		}
		out, level, err := raise(t.Context(), both, record.BLTA, o)
		if err != nil || level != record.BLTA {
			t.Errorf("%s: Raise = %s, %v; want B-LTA", what, level, err)
		}
		if same(store(t, both), store(t, out)) {
			t.Errorf("%s: the security store says nothing that it did not say before the second Seal", what)
		}
		keep(t, "two-"+string(between)+".pdf", out, d)
	}
}

// store is what the security store of a file says.
func store(t *testing.T, file []byte) pdf.Dict {
	t.Helper()
	f, err := opened(file)
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := f.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	return f.Dict(catalog["DSS"])
}

func TestErrorsOfEvidenceSayWhy(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	stamped, _, err := raise(t.Context(), d.sealed(t), record.BT, d.options())
	if err != nil {
		t.Fatal(err)
	}
	d.pki.Lie = devpki.CRLStale
	if _, _, err := raise(t.Context(), stamped, record.BLT, d.options()); !errors.Is(err, evidence.ErrNoStatus) {
		t.Errorf("stale CRLs: Raise = %v; want ErrNoStatus", err)
	}
}

// A person signs at the left, then the agency at the right; both in every scheme.
func TestPersonAndAgency(t *testing.T) {
	for _, c := range []struct {
		kind devpki.KeyKind
		pss  bool
	}{{devpki.RSA2048, false}, {devpki.RSA2048, true}, {devpki.ECDSAP256, false}, {devpki.ECDSAP384, true}} {
		d := newDesk(t, c.kind)
		r := now()
		r.Person, r.PSS = "Nguyễn Thị Nghĩa", c.pss
		file, err := seal(t.Context(), archival(t, 1, 0), d.key, r)
		if err != nil {
			t.Fatalf("%s, PSS %v: the person's seal: %v", c.kind, c.pss, err)
		}
		r.Person, r.Note = "", "Được chuyển đổi từ văn bản giấy"
		if file, err = seal(t.Context(), file, d.key, r); err != nil {
			t.Fatalf("%s, PSS %v: the agency's seal: %v", c.kind, c.pss, err)
		}
		for _, to := range []record.Level{record.BB, record.BT, record.BLT, record.BLTA} {
			out, level, err := raise(t.Context(), file, to, d.options())
			if err != nil || level != to {
				t.Errorf("%s, PSS %v: Raise(%s) = %s, %v", c.kind, c.pss, to, level, err)
			}
			name := string(c.kind)[:3] + string(c.kind)[len(c.kind)-3:]
			if c.pss {
				name += "-PSS"
			}
			keep(t, "both-"+name+"-"+string(to)+".pdf", out, d)
		}
	}
}

func TestMarkLeavesWordsFree(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	in := archival(t, 1, 0)
	page := func(words ...record.Box) *record.Page {
		p := &record.Page{Width: 413, Height: 585}
		for _, b := range words {
			p.Lines = append(p.Lines, record.Line{Words: []record.Word{{Text: "x", Box: b}}})
		}
		return p
	}
	for _, c := range []struct {
		what string
		page *record.Page
		want bool
	}{
		{"not recognised", nil, false},
		{"no words", page(), false},
		{"words below", page(record.Box{200, 60, 400, 80}), false},
		{"words in the corner", page(record.Box{200, 5, 410, 60}), true},
		{"words in the other corner", page(record.Box{5, 5, 180, 60}), false},
	} {
		r := now()
		r.Page = c.page
		if got, err := MarkCoversText(source(in), d.key, r); got != c.want || err != nil {
			t.Errorf("%s: MarkCoversText = %v, %v; want %v", c.what, got, err, c.want)
		}
	}
}

func TestUsable(t *testing.T) {
	d := newDesk(t, devpki.ECDSAP256)
	at := time.Now()
	if err := Usable(t.Context(), d.key, at, d.options()); err != nil {
		t.Errorf("Usable = %v; want nil", err)
	}
	if err := Usable(t.Context(), d.key, at.AddDate(6, 0, 0), d.options()); record.ReasonOf(err) != record.CertExpired {
		t.Errorf("when it has expired: Usable = %v; want certificate-expired", err)
	}
	if err := Usable(t.Context(), d.key, at, RaiseOptions{Roots: d.pki.Roots()}); record.ReasonOf(err) != record.LevelUnavailable {
		t.Errorf("when nobody may be asked: Usable = %v; want level-unavailable", err)
	}
	d.pki.Revoke(d.pki.Signer.Certificate, at.Add(-time.Hour))
	if err := Usable(t.Context(), d.key, at, d.options()); record.ReasonOf(err) != record.CertRevoked {
		t.Errorf("when it is revoked: Usable = %v; want certificate-revoked", err)
	}
}
