package work

import (
	"os"
	"path/filepath"

	"github.com/sohoa/sohoa/pipeline/field"
	"github.com/sohoa/sohoa/record"
)

// RulesFolder is where, in the data folder, an agency's own rules lie.
const RulesFolder = "rules"

// OpenRules reads an agency's own forms and places from dir or, if dir is "", from
// the data folder's rules, which need not be there.
func OpenRules(dir, data string) (*field.Reader, error) {
	if dir == "" && data != "" {
		own := filepath.Join(data, RulesFolder)
		if _, err := os.Stat(own); err == nil {
			dir = own
		}
	}
	if dir == "" {
		return nil, nil
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, record.Refuse(record.InputMissing, err, "open the folder of rules %s", dir)
	}
	r, err := field.OpenReader(os.DirFS(dir))
	if err != nil {
		return nil, record.Refuse(record.Invalid, err, "read the rules in %s", dir)
	}
	return r, nil
}
