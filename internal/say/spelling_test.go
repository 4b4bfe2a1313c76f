package say

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"testing"
)

// Spellings that must not be seen: French parts : ; ! ? » from what stands before
// them, and never breaks the line there; its apostrophe is a curl. Vietnamese is
// spelt as its laws are (số hóa, khóa, hủy).
var misspelt = map[string]*regexp.Regexp{
	"fr": regexp.MustCompile(`\pL'\pL| [:;!?»%](?:[ .,)]|$)|« |[\pL)}][:;!?](?: |$)`),
	"vi": regexp.MustCompile(`(?i)\b(?:[bcdđghklmnprstvx]|th|kh|ch|nh)(?:oá|oà|oả|oã|oạ|uỷ|uỳ|uý)(?:\PL|$)`),
}

var quoted = regexp.MustCompile(`"((?:[^"\\]|\\.)+)"(,|\]|\s*[}\n])`)

func TestSpelling(t *testing.T) {
	for lang, wrong := range misspelt {
		for _, folder := range []string{"words", "../../api/web/words"} {
			b, err := os.ReadFile(fmt.Sprintf("%s/%s.json", folder, lang))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range quoted.FindAllSubmatch(bytes.ReplaceAll(b, []byte("Authorization: Bearer"), nil), -1) {
				if at := wrong.FindIndex(m[1]); at != nil {
					t.Errorf("%s/%s.json: %q in %q", folder, lang, m[1][at[0]:at[1]], m[1])
				}
			}
		}
	}
}
