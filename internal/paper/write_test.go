package paper

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestSampleDossierIsSmallAndComesWithItsTruth(t *testing.T) {
	dir := t.TempDir()
	if err := WriteSampleDossier(dir); err != nil {
		t.Fatal(err)
	}
	var size int64
	files, _ := os.ReadDir(dir)
	for _, f := range files {
		info, _ := f.Info()
		size += info.Size()
	}
	if want := 3 * len(SampleDossier()); len(files) != want || size > 2<<20 {
		t.Errorf("the dossier has %d files of %d bytes; want %d, at most 2 MB", len(files), size, want)
	}
	for _, spec := range SampleDossier() {
		b, err := os.ReadFile(filepath.Join(dir, spec.Name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var truth map[string]any
		if err := json.Unmarshal(b, &truth); err != nil || truth["nguoi_ky"] == nil {
			t.Errorf("%s.json: %v, nguoi_ky %v; want an object with the signer", spec.Name, err, truth["nguoi_ky"])
		}
		if name, _ := truth["tep"].(string); filepath.Join(dir, name) != filepath.Join(dir, spec.Name+"."+spec.Format) {
			t.Errorf("%s.json: tep = %q; want the file beside it", spec.Name, name)
		}
	}
}

// An absent thing is null where the layout has a place for it, and no key where it has none.
func TestNullAndAbsentKeysOfTheTruth(t *testing.T) {
	for _, c := range []struct {
		kind          Kind
		key           string
		there, isNull bool
	}{
		{"thu-cong", "so", true, true},
		{"phieu-gui", "trich_yeu", true, true},
		{"bien-ban", "nguoi_ky", false, false},
		{"cong-van", "nguoi_ky", true, false},
		{Application, "so", false, false},
	} {
		b, err := json.Marshal(mustMake(t, Spec{Kind: c.kind, Seed: 1}).Truth)
		if err != nil {
			t.Fatal(err)
		}
		var truth map[string]any
		if err := json.Unmarshal(b, &truth); err != nil {
			t.Fatal(err)
		}
		value, there := truth[c.key]
		if there != c.there || there && (value == nil) != c.isNull {
			t.Errorf("%s: %s = %v, there %v; want there %v, null %v", c.kind, c.key, value, there, c.there, c.isNull)
		}
	}
}

func TestWriteToRefusesAFolderThatIsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := mustMake(t, Spec{Kind: "cong-van", Seed: 1, Format: "jpg"}).WriteTo(file); err == nil {
		t.Errorf("WriteTo(a file) = nil; want an error")
	}
}
