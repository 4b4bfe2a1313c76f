package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/internal/pdf/locktest"
)

const encryptNum = 9

// locked is a file with a string, streams, metadata, an object stream and a
// dictionary that looks like a signature.
func locked(l *locktest.Lock, encrypt pdf.Dict) []byte {
	inside := "7 0 (inside an object stream)"
	return locktest.Append(nil, l, encryptNum, map[int]any{
		1:          pdf.Dict{"Type": pdf.Name("Catalog"), "Title": pdf.String("Quyết định"), "Deep": pdf.Array{pdf.Dict{"S": pdf.String("")}}},
		2:          locktest.Stream{Dict: pdf.Dict{"Note": pdf.String("of a stream")}, Data: bytes.Repeat([]byte("content "), 600)},
		3:          locktest.Stream{Dict: pdf.Dict{"Type": pdf.Name("Metadata")}, Data: []byte("<xmp/>")},
		4:          pdf.Dict{"ByteRange": pdf.Array{0, 1, 2, 3}, "Contents": pdf.Raw("<3031>"), "M": pdf.String("D:2026")},
		6:          locktest.Stream{Dict: pdf.Dict{"Type": pdf.Name("ObjStm"), "N": 1, "First": 4}, Data: []byte(inside)},
		encryptNum: encrypt,
	}, pdf.Dict{"Root": pdf.Ref{Num: 1}, "Encrypt": pdf.Ref{Num: encryptNum}})
}

func open(t *testing.T, b []byte) *pdf.File {
	t.Helper()
	f, err := pdf.Open(bytes.NewReader(b), int64(len(b)), pdf.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestUnlock(t *testing.T) {
	for name, l := range locktest.Kinds() {
		f := open(t, locked(l, l.Dict()))
		if err := f.Unlock(); err != nil {
			t.Errorf("%s: Unlock = %v", name, err)
			continue
		}
		catalog, err := f.Catalog()
		if err != nil {
			t.Fatal(err)
		}
		sig := f.Dict(pdf.Ref{Num: 4})
		deep := f.Dict(f.Array(catalog["Deep"])[0])["S"].(pdf.String)
		got := fmt.Sprintf("%s %q %s %s %s", f.String(catalog["Title"]), string(deep), sig["Contents"], sig["M"], f.Dict(pdf.Ref{Num: 2})["Note"])
		if want := `Quyết định "" 01 D:2026 of a stream`; got != want {
			t.Errorf("%s: strings = %q; want %q", name, got, want)
		}
		for num, want := range map[int]string{2: strings.Repeat("content ", 600), 3: "<xmp/>"} {
			if b, err := f.Decoded(f.Stream(pdf.Ref{Num: num})); err != nil || string(b) != want {
				t.Errorf("%s: stream %d = %d bytes, %v; want %d", name, num, len(b), err, len(want))
			}
		}
		if _, err := pdf.NewUpdate(f); !errors.Is(err, pdf.ErrEncrypted) {
			t.Errorf("%s: NewUpdate = %v; want ErrEncrypted", name, err)
		}
	}
}

func TestUnlockObjectStreams(t *testing.T) {
	for name, l := range locktest.Kinds() {
		encrypt := l.Dict()
		b := locked(l, encrypt)
		at := len(b)
		rows := append(append([]byte{2}, 0, 6, 0), append([]byte{1}, byte(at>>8), byte(at), 0)...)
		var x bytes.Buffer
		fmt.Fprintf(&x, "8 0 obj\n")
		pdf.WriteObject(&x, pdf.NewStream(pdf.Dict{"Type": pdf.Name("XRef"), "W": pdf.Array{1, 2, 1}, "Index": pdf.Array{7, 2}, "Size": 10,
			"Root": pdf.Ref{Num: 1}, "Encrypt": pdf.Ref{Num: encryptNum}, "ID": pdf.Array{pdf.String(locktest.ID), pdf.String(locktest.ID)},
			"Prev": bytes.LastIndex(b, []byte("xref\n0"))}, rows))
		fmt.Fprintf(&x, "\nendobj\nstartxref\n%d\n%%%%EOF\n", at)
		f := open(t, append(b, x.Bytes()...))
		if err := f.Unlock(); err != nil {
			t.Fatalf("%s: Unlock = %v", name, err)
		}
		if v, err := f.Get(pdf.Ref{Num: 7}); err != nil || string(v.(pdf.String)) != "inside an object stream" {
			t.Errorf("%s: object 7 = %q, %v", name, v, err)
		}
		if id := f.Dict(pdf.Ref{Num: 8})["ID"].(pdf.Array); string(id[0].(pdf.String)) != locktest.ID {
			t.Errorf("%s: /ID of the cross-reference stream = %q; want it as it stands", name, id[0])
		}
		if odd := strings.Join(f.Anomalies(), "; "); strings.Contains(odd, "cannot be read") || strings.Contains(odd, "encrypted") {
			t.Errorf("%s: Anomalies = %s", name, odd)
		}
	}
}

func TestCryptFilterOfAStream(t *testing.T) {
	l := locktest.Kinds()["AESV2"]
	crypt := func(parms any) pdf.Dict {
		return pdf.Dict{"Filter": pdf.Array{pdf.Name("Crypt"), pdf.Name("ASCIIHexDecode")}, "DecodeParms": pdf.Array{parms, nil}}
	}
	encrypt := l.Dict()
	f := open(t, locktest.Append(nil, l, 9, map[int]any{
		1: pdf.Dict{},
		2: locktest.Stream{Dict: crypt(pdf.Dict{"Name": pdf.Name("Identity")}), Data: []byte("3031>")},
		3: locktest.Stream{Dict: crypt(nil), Data: []byte("3031>")},
		4: locktest.Stream{Dict: crypt(pdf.Dict{"Name": pdf.Name("StdCF")}), Data: l.Bytes(4, []byte("3031>"))},
		5: locktest.Stream{Dict: crypt(pdf.Dict{"Name": pdf.Name("Other")}), Data: []byte("3031>")},
		9: encrypt,
	}, pdf.Dict{"Root": pdf.Ref{Num: 1}, "Encrypt": pdf.Ref{Num: 9}}))
	if err := f.Unlock(); err != nil {
		t.Fatal(err)
	}
	for num := 2; num <= 4; num++ {
		if b, err := f.Decoded(f.Stream(pdf.Ref{Num: num})); err != nil || string(b) != "01" {
			t.Errorf("stream %d = %q, %v; want 01", num, b, err)
		}
	}
	if b, err := f.Decoded(f.Stream(pdf.Ref{Num: 5})); !errors.Is(err, pdf.ErrDamaged) {
		t.Errorf("stream with an unknown crypt filter = %q, %v; want ErrDamaged", b, err)
	}
}

func TestUnlockRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		kind   string
		user   string
		change func(pdf.Dict)
		want   error
	}{
		"password, RC4":                    {"RC4 128", "secret", nil, pdf.ErrEncrypted},
		"password, AESV2":                  {"AESV2", "secret", nil, pdf.ErrEncrypted},
		"password, AESV3":                  {"AESV3 R6", "secret", nil, pdf.ErrEncrypted},
		"public keys":                      {"AESV2", "", func(d pdf.Dict) { d["Filter"] = pdf.Name("Adobe.PubSec") }, pdf.ErrEncrypted},
		"unpublished algorithm":            {"RC4 128", "", func(d pdf.Dict) { d["V"] = 3 }, pdf.ErrEncrypted},
		"revision of another version":      {"AESV2", "", func(d pdf.Dict) { d["R"] = 6 }, pdf.ErrEncrypted},
		"key of 2 GB":                      {"RC4 128", "", func(d pdf.Dict) { d["Length"] = 1 << 34 }, pdf.ErrEncrypted},
		"key of no bits":                   {"RC4 128", "", func(d pdf.Dict) { d["Length"] = 0 }, pdf.ErrEncrypted},
		"permissions changed":              {"RC4 128", "", func(d pdf.Dict) { d["P"] = -4 }, pdf.ErrEncrypted},
		"permissions too large":            {"RC4 128", "", func(d pdf.Dict) { d["P"] = 1 << 40 }, pdf.ErrDamaged},
		"no /U":                            {"AESV2", "", func(d pdf.Dict) { delete(d, "U") }, pdf.ErrDamaged},
		"short /O":                         {"AESV2", "", func(d pdf.Dict) { d["O"] = pdf.String("o") }, pdf.ErrDamaged},
		"short /UE":                        {"AESV3 R6", "", func(d pdf.Dict) { d["UE"] = pdf.String("e") }, pdf.ErrDamaged},
		"method of another version":        {"AESV2", "", func(d pdf.Dict) { d["CF"] = pdf.Dict{"StdCF": pdf.Dict{"CFM": pdf.Name("AESV3")}} }, pdf.ErrEncrypted},
		"filter that is not there":         {"AESV2", "", func(d pdf.Dict) { d["StmF"] = pdf.Name("Other") }, pdf.ErrDamaged},
		"files with a filter of their own": {"AESV2", "", func(d pdf.Dict) { d["EFF"] = pdf.Name("Identity") }, pdf.ErrEncrypted},
		"an entry elsewhere":               {"AESV2", "", func(d pdf.Dict) { d["U"] = pdf.Ref{Num: 1} }, pdf.ErrDamaged},
	} {
		l := locktest.Kinds()[test.kind]
		l.User = test.user
		encrypt := l.Dict()
		if test.change != nil {
			test.change(encrypt)
		}
		if err := open(t, locked(l, encrypt)).Unlock(); !errors.Is(err, test.want) {
			t.Errorf("%s: Unlock = %v; want %v", name, err, test.want)
		}
	}
}

func TestDamagedBlocks(t *testing.T) {
	l := locktest.Kinds()["AESV3 R6"]
	encrypt := l.Dict()
	whole := l.Bytes(2, []byte("one block, and more"))
	for name, raw := range map[string][]byte{"half a block": whole[:40], "vector alone": whole[:16], "without padding": whole[:32], "short": whole[:3]} {
		hex := pdf.Raw(fmt.Sprintf("<%x>", raw))
		f := open(t, locktest.Append(nil, l, 9, map[int]any{1: pdf.Dict{}, 2: pdf.Dict{"S": hex}, 9: encrypt},
			pdf.Dict{"Root": pdf.Ref{Num: 1}, "Encrypt": pdf.Ref{Num: 9}}))
		if err := f.Unlock(); err != nil {
			t.Fatal(err)
		}
		if v, err := f.Get(pdf.Ref{Num: 2}); !errors.Is(err, pdf.ErrDamaged) {
			t.Errorf("%s: Get = %v, %v; want ErrDamaged", name, v, err)
		}
	}
}
