package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/sohoa/sohoa/internal/devpki"
)

// pyHankoScript signs a file again and again in one process: what the interpreter
// and its imports cost at the start is not counted.
const pyHankoScript = `
import io, json, resource, sys, time
from asn1crypto import pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext
file, p12, password, roots, tsa, count = sys.argv[1:]
count = int(count)
data = open(file, 'rb').read()
signer = signers.SimpleSigner.load_pkcs12(p12, passphrase=open(password, 'rb').readline().strip())
anchors = [x509.Certificate.load(der) for _, _, der in pem.unarmor(open(roots, 'rb').read(), multiple=True)]
stamper = timestamps.HTTPTimeStamper(tsa)
def sign(level):
    more = {}
    if level == 'B-LTA':
        more = dict(embed_validation_info=True, use_pades_lta=True, validation_context=ValidationContext(trust_roots=anchors, allow_fetching=True))
    meta = signers.PdfSignatureMetadata(field_name='S', md_algorithm='sha256', subfilter=fields.SigSeedSubFilter.PADES, **more)
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), meta, signer, timestamper=None if level == 'B-B' else stamper)
def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime
for level in ('B-B', 'B-T', 'B-LTA'):
    sign(level)
    start, before = time.monotonic(), cpu()
    for _ in range(count):
        sign(level)
    print(json.dumps(dict(name=level, cpu=(cpu() - before) / count, time=(time.monotonic() - start) / count)))
`

// pyHanko has pyHanko sign the same file with the same key and authorities.
func (b *signBench) pyHanko(ctx context.Context, python string) ([]SignRow, error) {
	file := filepath.Join(b.folder, "pyhanko.pdf")
	if err := os.WriteFile(file, b.file, 0o600); err != nil {
		return nil, err
	}
	pki := func(name string) string { return filepath.Join(b.folder, "pki", name) }
	measured, err := runPyHanko(ctx, python, pyHankoScript, file, pki(devpki.SignerFile), pki(devpki.PasswordFile), pki(devpki.RootsFile), b.options.TSA.URLs[0], fmt.Sprint(b.count))
	var rows []SignRow
	for _, m := range measured {
		rows = append(rows, SignRow{Name: "pyHanko " + m.Name, CPU: seconds(m.CPU), Time: seconds(m.Time)})
	}
	return rows, err
}

// A measured is one line that a script of pyHanko printed, in seconds for each run.
type measured struct {
	Name      string
	CPU, Time float64
}

func runPyHanko(ctx context.Context, python, script string, args ...string) ([]measured, error) {
	cmd := exec.CommandContext(ctx, python, append([]string{"-c", script}, args...)...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run pyHanko: %w: %.2000s", err, problems.String())
	}
	var all []measured
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var one measured
		if err := d.Decode(&one); err != nil {
			return nil, fmt.Errorf("read what pyHanko measured: %w", err)
		}
		all = append(all, one)
	}
	return all, nil
}
