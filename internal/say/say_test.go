package say

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
)

// constants returns the string constants of package record by their declared
// type; those without one (the names of the fields) by "".
func constants(t *testing.T) map[string][]string {
	t.Helper()
	paths, err := filepath.Glob("../../record/*.go")
	if err != nil || len(paths) == 0 {
		t.Fatalf("package record: %v, %v", paths, err)
	}
	all := map[string][]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				typ, value := constant(s.(*ast.ValueSpec))
				if value != "" && (typ != "" || filepath.Base(path) == "field.go") {
					all[typ] = append(all[typ], value)
				}
			}
		}
	}
	return all
}

func constant(s *ast.ValueSpec) (typ, value string) {
	if id, ok := s.Type.(*ast.Ident); ok {
		typ = id.Name
	}
	if len(s.Values) == 1 {
		if lit, ok := s.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			value, _ = strconv.Unquote(lit.Value)
		}
	}
	return typ, value
}

func TestEveryCodeHasWords(t *testing.T) {
	codes := constants(t)
	for _, lang := range Languages {
		w := in(lang)
		for typ, has := range map[string][]string{
			"Reason":        slices.Collect(maps.Keys(w.Reason)),
			"Outcome":       slices.Collect(maps.Keys(w.Outcome)),
			"SubIndication": slices.Collect(maps.Keys(w.SubIndication)),
			"Changes":       slices.Collect(maps.Keys(w.Changes)),
			"Content":       slices.Collect(maps.Keys(w.Content)),
			"Standing":      slices.Collect(maps.Keys(w.Standing)),
			"Status":        slices.Collect(maps.Keys(w.Status)),
			"FieldStatus":   slices.Collect(maps.Keys(w.FieldStatus)),
			"Check":         slices.Collect(maps.Keys(w.Check)),
			"State":         slices.Collect(maps.Keys(w.State)),
			"":              slices.Collect(maps.Keys(w.Field)),
		} {
			if len(codes[typ]) == 0 {
				t.Errorf("package record has no constants of type %q", typ)
			}
			for _, code := range codes[typ] {
				if !slices.Contains(has, code) {
					t.Errorf("%s.json has no words for %s %q", lang, typ, code)
				}
			}
			for _, code := range has {
				if !slices.Contains(codes[typ], code) {
					t.Errorf("%s.json has words for %s %q, which package record does not know", lang, typ, code)
				}
			}
		}
	}
}

// Every table has the same keys in every language, and no value is empty.
func TestLanguagesSayTheSame(t *testing.T) {
	first := reflect.ValueOf(in(Languages[0]))
	for _, lang := range Languages {
		w := reflect.ValueOf(in(lang))
		for i := range w.NumField() {
			name := w.Type().Field(i).Name
			if got, want := keys(w.Field(i)), keys(first.Field(i)); !slices.Equal(got, want) {
				t.Errorf("%s.json, %s: keys %v; want %v", lang, name, got, want)
			}
			for _, key := range w.Field(i).MapKeys() {
				for _, s := range texts(w.Field(i).MapIndex(key)) {
					if strings.TrimSpace(s) == "" {
						t.Errorf("%s.json, %s: no words for %s", lang, name, key)
					}
				}
			}
		}
	}
}

func keys(m reflect.Value) []string {
	var all []string
	for _, k := range m.MapKeys() {
		all = append(all, k.String())
	}
	slices.Sort(all)
	return all
}

func texts(v reflect.Value) []string {
	if pair, ok := v.Interface().([2]string); ok {
		return pair[:]
	}
	return []string{v.String()}
}

func TestLanguage(t *testing.T) {
	for _, c := range []struct {
		asked string
		env   map[string]string
		want  string
	}{
		{"fr", map[string]string{"LANG": "vi_VN.UTF-8"}, "fr"},
		{"", map[string]string{"LANG": "vi_VN.UTF-8"}, "vi"},
		{"", map[string]string{"LANG": "vi_VN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"},
		{"", map[string]string{"LANG": "vi_VN", "LC_MESSAGES": "fr_FR"}, "fr"},
		{"", map[string]string{"LANG": "C.UTF-8"}, "en"},
		{"", map[string]string{"LANG": "de_DE.UTF-8"}, "en"},
		{"xx", nil, "vi"},
		{"", nil, "vi"},
	} {
		if got := Language(c.asked, func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("Language(%q) with %v = %q; want %q", c.asked, c.env, got, c.want)
		}
	}
}

func TestReason(t *testing.T) {
	for _, c := range []struct{ lang, code, want string }{
		{"en", "empty-file", "The file is empty. Scan or upload it again."},
		{"vi", "empty-file", "Tệp rỗng, không có dữ liệu. Hãy quét hoặc tải lại tệp."},
		{"fr", "empty-file", "Le fichier est vide. Numérisez-le ou envoyez-le à nouveau."},
		{"xx", "empty-file", "Tệp rỗng, không có dữ liệu. Hãy quét hoặc tải lại tệp."},
		{"en", "unheard-of", "Something went wrong on our side. Try again; if it happens again, tell the administrator when it happened."},
	} {
		if got := Reason(c.lang, c.code); got != c.want {
			t.Errorf("Reason(%q, %q) = %q; want %q", c.lang, c.code, got, c.want)
		}
	}
}

func TestVerdict(t *testing.T) {
	signed := time.Date(2026, 3, 14, 18, 30, 0, 0, time.UTC)
	good := record.SignatureVerdict{Field: "Seal1", Kind: "signature", Outcome: record.Passed, Integrity: "intact", Coverage: record.CoversFile,
		ChangesAfter: record.ChangesNone, Level: record.BT, Signer: "UBND xã Thử", Organization: "UBND xã Thử", Time: signed, TimeSource: "timestamp"}
	bad := good
	bad.Outcome, bad.SubIndication, bad.Integrity = record.Failed, record.HashFailure, "broken"
	bad.Reason = "digest of the signed bytes differs"
	changed := good
	from, to := signed.AddDate(0, 0, -73), signed.AddDate(3, 0, -73)
	changed.Outcome, changed.SubIndication, changed.ChangesAfter, changed.Reason = record.Failed, record.FormatFailure, record.ChangesOther, "changed after signing: page 1"
	changed.NotBefore, changed.NotAfter, changed.AtSigning = &from, &to, record.StandingValid
	for _, c := range []struct {
		situation, lang string
		verdict         record.Verdict
		want            string
	}{
		{"passed", "vi", record.Verdict{File: "a.pdf", Outcome: record.Passed, Signatures: []record.SignatureVerdict{good}}, `a.pdf: HỢP LỆ
  Chữ ký số đúng, người ký được tin cậy và nội dung không bị thay đổi sau khi ký.
  1. Chữ ký số (Seal1): HỢP LỆ
     Người ký: UBND xã Thử
     Tổ chức: UBND xã Thử
     Thời điểm ký: 15/03/2026 01:30:00 +07:00, theo dấu thời gian
     Mức: B-T
     Toàn vẹn: phần đã ký còn nguyên vẹn; không có thay đổi nào sau khi ký`},
		{"failed, in French, with its reason", "fr", record.Verdict{File: "a.pdf", Outcome: record.Failed, Signatures: []record.SignatureVerdict{bad}}, `a.pdf : NON VALABLE
  Ne vous fiez pas à ce document comme à un document signé.
  1. Signature (Seal1) : NON VALABLE
     Signataire : UBND xã Thử
     Organisation : UBND xã Thử
     Moment de la signature : 15/03/2026 01:30:00 +07:00, prouvé par un horodatage
     Niveau : B-T
     Intégrité : ce qui a été signé n’est plus intact ; rien n’a été changé après la signature
     Pourquoi : Le contenu a été changé après la signature.
     Technique : HASH_FAILURE digest of the signed bytes differs`},
		{"changed later, not in the signed bytes", "en", record.Verdict{File: "a.pdf", Outcome: record.Failed, Signatures: []record.SignatureVerdict{changed}, Content: []record.Content{record.Layers}}, `a.pdf: NOT VALID
  Do not rely on this document as a signed one.
  1. Signature (Seal1): NOT VALID
     Signer: UBND xã Thử
     Organisation: UBND xã Thử
     Time of signing: 15/03/2026 01:30:00 +07:00, proven by a time-stamp
     Certificate valid: 01/01/2026 – 01/01/2029
     Certificate at signing: valid when it was signed
     Level: B-T
     Integrity: what was signed is intact; the content was changed after signing
     Why: The content was changed after signing.
     Technical: FORMAT_FAILURE changed after signing: page 1
  Know also: The file has layers that can be shown or hidden: others may see something else on the page.`},
		{"unreadable, with the reason of the file", "en", record.Verdict{File: "a.pdf", Outcome: record.Unreadable, Reason: "truncated"}, `a.pdf: CANNOT BE READ
  The file is not a PDF that can be read, so it could not be checked.
  The file ends too early. Copy or scan it again, whole.`},
	} {
		if got := Verdict(c.lang, c.verdict); got != c.want {
			t.Errorf("Verdict(%q), %s:\ngot  %s\nwant %s", c.lang, c.situation, got, c.want)
		}
	}
}

// A signer's name is foreign text: it must not forge lines or steer the terminal.
func TestVerdictOfAHostileName(t *testing.T) {
	v := record.Verdict{File: "a\nb.pdf", Outcome: record.Failed, Signatures: []record.SignatureVerdict{{
		Signer: "Evil\n  VALID\x1b[2J\u202e", Outcome: record.Failed, Kind: "signature", ChangesAfter: record.ChangesNone, Integrity: "intact"}}}
	got := Verdict("en", v)
	if strings.ContainsAny(got, "\x1b\u202e") || strings.Contains(got, "\n  VALID") || strings.Contains(got, "a\nb") {
		t.Errorf("Verdict() lets a name through as it is: %q", got)
	}
}

func TestReasonsPage(t *testing.T) {
	const path = "../../docs/reasons.md"
	want := Page()
	if os.Getenv("WRITE_DOCS") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what Page() gives (%v): WRITE_DOCS=1 go test ./internal/say", path, err)
	}
}
