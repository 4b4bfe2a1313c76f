package devpki

// A Lie is something that a service gets wrong on purpose, for tests.
type Lie string

// The lies.
const (
	None             Lie = ""
	TSARefuses       Lie = "tsa-refuses"        // status rejection
	TSAGarbage       Lie = "tsa-garbage"        // not ASN.1
	TSAWrongImprint  Lie = "tsa-wrong-imprint"  // stamps something else
	TSAWrongNonce    Lie = "tsa-wrong-nonce"    // answers an older request
	TSANoNonce       Lie = "tsa-no-nonce"       // as if none had been sent
	TSANoCertificate Lie = "tsa-no-certificate" // leaves its certificate out although asked
	TSAPast          Lie = "tsa-past"           // half a year ago
	TSAFuture        Lie = "tsa-future"         // tomorrow
	TSAOtherPolicy   Lie = "tsa-other-policy"   // not the policy asked for
	TSABrokenSeal    Lie = "tsa-broken-seal"    // signature does not fit
	TSAHuge          Lie = "tsa-huge"           // 8 MB

	OCSPOtherCertificate Lie = "ocsp-other-certificate" // speaks of another serial number
	OCSPUnknown          Lie = "ocsp-unknown"
	OCSPTryLater         Lie = "ocsp-try-later"
	OCSPStale            Lie = "ocsp-stale" // nextUpdate passed
	OCSPBrokenSeal       Lie = "ocsp-broken-seal"
	CRLHuge              Lie = "crl-huge" // 50 MB
	CRLStale             Lie = "crl-stale"
	CRLForeign           Lie = "crl-foreign" // signed by another authority of the same PKI
)
