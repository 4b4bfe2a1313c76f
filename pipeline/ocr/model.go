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

// layOut writes our model into a folder of its own in the work folder, for the engine takes models from files
// only and engines share the work folder, and returns which; "" if the engine has its models, or is to have
// those of the system. A folder named in TESSDATA_PREFIX goes before ours, for whoever wants models of his own.
func (e *engine) layOut() (folder string, err error) {
	if e.loaded || e.languages != ours || os.Getenv("TESSDATA_PREFIX") != "" {
		return "", nil
	}
	folder, err = os.MkdirTemp(e.work, "model-")
	if err != nil {
		return "", fmt.Errorf("lay out the model: %w", err)
	}
	e.client.TessdataPrefix = folder
	if err := os.WriteFile(filepath.Join(folder, ours+".traineddata"), thirdparty.Vietnamese, 0o600); err != nil {
		return folder, fmt.Errorf("lay out the model: %w", err)
	}
	return folder, nil
}
