package ocr

import (
	"fmt"
	"os"
	"path/filepath"

	thirdparty "github.com/sohoa/sohoa/third_party"
)

// ours are the languages that our own model serves: Debian's for Vietnamese, trained further on lines of
// administrative papers. Others, and Vietnamese along with another, are read with the models of the system,
// for the engine opens one folder.
const ours = "vie"

// layOut writes our model into the work folder, for the engine takes models from files only, and returns
// where; "" if the engine has its models, or is to have those of the system. A folder named in
// TESSDATA_PREFIX goes before ours, for whoever wants models of his own.
func (e *engine) layOut() (model string, err error) {
	if e.loaded || e.languages != ours || os.Getenv("TESSDATA_PREFIX") != "" {
		return "", nil
	}
	model = filepath.Join(e.work, ours+".traineddata")
	if err := os.WriteFile(model, thirdparty.Vietnamese, 0o600); err != nil {
		return "", fmt.Errorf("lay out the model: %w", err)
	}
	e.client.TessdataPrefix = e.work
	return model, nil
}
