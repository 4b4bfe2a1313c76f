package bench

import (
	"context"
	"encoding/json"
	"path/filepath"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
)

// pyHankoVerifyScript verifies each file again and again in one process: B-B by the
// basic validation that its own command runs, B-LTA by that of long-term archives.
const pyHankoVerifyScript = `
import asyncio, json, logging, resource, sys, time
from datetime import datetime, timezone
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESStatus
from pyhanko.sign.validation import ades, validate_pdf_signature
from pyhanko.sign.validation.policy_decl import CertificateFetchingRule, PdfSignatureValidationSpec, RevinfoOnlineFetchingRule, RevocationInfoGatheringSpec, SignatureValidationSpec
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager
logging.disable(logging.CRITICAL)
roots, files = sys.argv[1], json.loads(sys.argv[2])
anchors = [x509.Certificate.load(der) for _, _, der in pem.unarmor(open(roots, 'rb').read(), multiple=True)]
rule = RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
trust = CertValidationPolicySpec(SimpleTrustManager.build(trust_roots=anchors), CertRevTrustPolicy(RevocationCheckingPolicy(rule, rule)))
offline = RevocationInfoGatheringSpec(online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY, certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH)
def holds(path, level):
    with open(path, 'rb') as f:
        signature = PdfFileReader(f).embedded_regular_signatures[0]
        if level == 'B-LTA':
            now = datetime.now(timezone.utc)
            spec = PdfSignatureValidationSpec(SignatureValidationSpec(trust, offline))
            timing = ValidationTimingInfo(validation_time=now, best_signature_time=now, point_in_time_validation=True)
            return asyncio.run(ades.ades_lta_validation(signature, spec, timing)).ades_subindic.status == AdESStatus.PASSED
        return validate_pdf_signature(signature, ValidationContext(trust_roots=anchors, allow_fetching=False)).bottom_line
def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime
for f in files:
    if not holds(f['path'], f['level']):
        sys.exit(f['path'] + ' does not pass')
    start, before = time.monotonic(), cpu()
    for _ in range(f['count']):
        holds(f['path'], f['level'])
    print(json.dumps(dict(name=f['name'], cpu=(cpu() - before) / f['count'], time=(time.monotonic() - start) / f['count'])))
`

// pyHankoVerifies has pyHanko verify the same files with the same anchors.
func (b *signBench) pyHankoVerifies(ctx context.Context, python string, files []signedFile) ([]VerifyRow, error) {
	type file struct {
		Name  string `json:"name"`
		Path  string `json:"path"`
		Level string `json:"level"`
		Count int    `json:"count"`
	}
	var all []file
	for _, f := range files {
		all = append(all, file{f.name, f.path, string(f.level), max(1, f.count/10)})
	}
	list, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	measured, err := runPyHanko(ctx, python, pyHankoVerifyScript, filepath.Join(b.folder, "pki", devpki.RootsFile), string(list))
	var rows []VerifyRow
	for _, m := range measured {
		rows = append(rows, VerifyRow{Name: m.Name, CPU: seconds(m.CPU), Time: seconds(m.Time)})
	}
	return rows, err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
