package observe

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// scrape is what a monitoring reads.
func scrape(t *testing.T, f Figures, err error) string {
	t.Helper()
	w := httptest.NewRecorder()
	Handler(func(context.Context) (Figures, error) { return f, err }).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestWhatIsToldIsCounted(t *testing.T) {
	start := time.Now()
	Job("ingest", "set-aside", "damaged", time.Second)
	Refused("wrong-state")
	Page()
	_, sealed := Seal(t.Context())
	sealed(nil)
	_, stamped := Stamp(t.Context())
	stamped(errors.New("away"))
	_, stored := Store(t.Context(), "put")
	stored(nil)
	_, answered := Request(t.Context(), "upload")
	answered(202)
	Waited("read", 2*time.Second)
	KeyEnds(time.Unix(2e9, 0))
	TrustEnds(time.Unix(3e9, 0))
	Fixity(3)
	got := scrape(t, Figures{Oldest: map[string]time.Time{"read": start.Add(-time.Hour), "large": {}}, Jobs: []Jobs{{"seal", "dead", 2}}, Documents: map[string]int{"sealed": 7}}, nil)
	for _, want := range []string{
		`sohoa_job_seconds_count{kind="ingest",outcome="set-aside"} 1`, `sohoa_refusals_total{reason="damaged",where="job"} 1`,
		`sohoa_refusals_total{reason="wrong-state",where="request"} 1`, `sohoa_pages_total 1`, `sohoa_seal_seconds_count{result="done"} 1`, `sohoa_wait_seconds_sum{lane="read"} 2`,
		`sohoa_tsa_seconds_count{result="failed"} 1`, `sohoa_store_seconds_count{operation="put",result="done"} 1`,
		`sohoa_http_seconds_count{operation="upload",status="202"} 1`, `sohoa_key_expiry_timestamp_seconds 2e+09`, `sohoa_trust_expiry_timestamp_seconds 3e+09`, `sohoa_fixity_faults 3`,
		`sohoa_oldest_waiting_seconds{lane="read"} 3600`, `sohoa_oldest_waiting_seconds{lane="large"} 0`, `sohoa_jobs{lane="seal",state="dead"} 2`, `sohoa_documents{status="sealed"} 7`, `sohoa_catalogue_up 1`,
	} {
		if !strings.Contains(got, "\n"+want) {
			t.Errorf("metrics lack %s", want)
		}
	}
}

func TestACatalogueThatIsAwayIsSaid(t *testing.T) {
	got := scrape(t, Figures{}, errors.New("away"))
	if !strings.Contains(got, "\nsohoa_catalogue_up 0") || strings.Contains(got, "sohoa_oldest_waiting_seconds") {
		t.Errorf("metrics of a catalogue that is away:\n%s", got)
	}
}
