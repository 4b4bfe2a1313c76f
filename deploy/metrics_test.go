package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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
