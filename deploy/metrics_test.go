package deploy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sohoa/sohoa/internal/testsvc"
)

func read(t *testing.T, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %v", pattern, err)
	}
	var all strings.Builder
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

// A rule on a number that is not there would never fire.
func TestAlertsAndDashboardAskForNumbersThatAreThere(t *testing.T) {
	told := map[string]bool{}
	for _, m := range regexp.MustCompile(`"(sohoa_[a-z_]+)"`).FindAllStringSubmatch(read(t, "../internal/observe/[a-z]*.go"), -1) {
		told[m[1]] = true
	}
	for _, file := range []string{"prometheus/alerts.yml", "grafana/sohoa.json"} {
		asked := regexp.MustCompile(`sohoa_[a-z_]+`).FindAllString(read(t, file), -1)
		if len(asked) < 10 {
			t.Errorf("%s asks for %d numbers", file, len(asked))
		}
		for _, name := range asked {
			if base := regexp.MustCompile(`_(bucket|count|sum)$`).ReplaceAllString(name, ""); !told[name] && !told[base] {
				t.Errorf("%s asks for %s, which nobody tells", file, name)
			}
		}
	}
}

// Whoever is woken by an alert finds what to do under its name.
func TestEveryAlertStandsInTheManual(t *testing.T) {
	manual := read(t, "../docs/operations.md")
	for _, m := range regexp.MustCompile(`- alert: (\w+)`).FindAllStringSubmatch(read(t, "prometheus/alerts.yml"), -1) {
		if !strings.Contains(manual, "| `"+m[1]+"` |") {
			t.Errorf("docs/operations.md does not say what to do about %s", m[1])
		}
	}
}

// Each alert fires on numbers of alerts_test.yml and keeps quiet on others, by
// Prometheus's own reading of the rules.
func TestAlertsFireWhenTheyShould(t *testing.T) {
	cases := read(t, "prometheus/alerts_test.yml")
	for _, m := range regexp.MustCompile(`- alert: (\w+)`).FindAllStringSubmatch(read(t, "prometheus/alerts.yml"), -1) {
		fires := regexp.MustCompile(`alertname: ` + m[1] + `\n\s+exp_alerts:\n`)
		quiet := regexp.MustCompile(`alertname: ` + m[1] + `\}`)
		if !fires.MatchString(cases) || !quiet.MatchString(cases) {
			t.Errorf("%s: alerts_test.yml lacks numbers on which it fires, or on which it does not", m[1])
		}
	}
	promtool(t, "test", "rules", "prometheus/alerts_test.yml")
}

// What the dashboard asks for is written as rules, which Prometheus's own tool reads.
func TestDashboardAsksInPromQL(t *testing.T) {
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "grafana/sohoa.json")), &board); err != nil {
		t.Fatal(err)
	}
	rules := "groups:\n  - name: dashboard\n    rules:\n"
	for i, p := range board.Panels {
		if len(p.Targets) == 0 {
			t.Errorf("panel %q asks for nothing", p.Title)
		}
		for _, target := range p.Targets {
			rules += fmt.Sprintf("      - {record: panel:%d, expr: %q}\n", i, target.Expr)
		}
	}
	path := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(path, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "rules", path)
}

func promtool(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command(testsvc.Promtool(t), args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %v: %v\n%s", args, err, out)
	}
}
