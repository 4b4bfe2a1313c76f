package record

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

// FuzzFields: what is taken for fields is the same when it is written and read again.
func FuzzFields(f *testing.F) {
	for _, text := range []string{"", "null", "{}", "[]", `{"codeNumber":{"value":"07","normal":"7","confidence":0.8,"status":"read"}}`, `{"a":null}`, `{"a":{"confidence":1e400}}`,
		`{"a":{"value":"\ud800"}}`, `{"signerName":{"value":"Đỗ Thị Ước","words":[{"page":1,"line":0,"word":3}]}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fields, err := ParseFields(text)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		written, err := json.Marshal(fields)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		again, err := ParseFields(written)
		if err != nil || !reflect.DeepEqual(again, fields) {
			t.Errorf("%q is read as %+v, and written %q, %v", text, fields, written, err)
		}
		BriefOf(fields)
	})
}
