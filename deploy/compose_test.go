// Package deploy_test holds the properties of what operators start.
package deploy_test

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// environment is what scripts/make-env writes.
var environment = types.Mapping{"SOHOA_UID": "1000", "SOHOA_GID": "1000", "SOHOA_STORE_KEY": "key", "SOHOA_TSA": "http://tsa:8418/tsa"}

func load(t *testing.T, env types.Mapping) (*types.Project, error) {
	t.Helper()
	path, err := filepath.Abs("../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	return loader.LoadWithContext(context.Background(), types.ConfigDetails{WorkingDir: filepath.Dir(path), Environment: maps.Clone(env),
		ConfigFiles: []types.ConfigFile{{Filename: path}}}, func(o *loader.Options) { o.Profiles = []string{"*"} })
}

func project(t *testing.T) *types.Project {
	t.Helper()
	p, err := load(t, environment)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestComposeHasTheParts(t *testing.T) {
	p := project(t)
	want := []string{"api", "catalogue", "queue", "store", "tools", "tsa", "worker"}
	if got := p.ServiceNames(); !slices.Equal(got, want) {
		t.Errorf("services %q; want %q", got, want)
	}
	worker := p.Services["worker"]
	if n := worker.GetScale(); n != 2 {
		t.Errorf("%d workers; want 2", n)
	}
	for name, profile := range map[string]string{"tsa": "development", "tools": "tools"} {
		if got := p.Services[name].Profiles; !slices.Equal(got, []string{profile}) {
			t.Errorf("%s has profiles %q; want %q: it must not start by itself", name, got, profile)
		}
	}
}

func TestComposeFencesEveryService(t *testing.T) {
	tagged := regexp.MustCompile(`:[^:/]*\d+\.\d+[^:/]*$|:RELEASE\.\d{4}-\d{2}-\d{2}T`)
	for name, s := range project(t).Services {
		root := s.User == "" || strings.HasPrefix(s.User, "0") || strings.HasPrefix(s.User, "root")
		limits := s.Deploy != nil && s.Deploy.Resources.Limits != nil && s.Deploy.Resources.Limits.MemoryBytes > 0 && s.Deploy.Resources.Limits.NanoCPUs > 0 && s.Deploy.Resources.Limits.Pids > 0
		for property, holds := range map[string]bool{
			"a pinned image":          tagged.MatchString(s.Image),
			"a user that is not root": !root,
			"a read-only root":        s.ReadOnly,
			"no capabilities":         slices.Equal(s.CapDrop, []string{"ALL"}) && len(s.CapAdd) == 0 && !s.Privileged,
			"no new privileges":       slices.Contains(s.SecurityOpt, "no-new-privileges:true"),
			"limits":                  limits,
			"a health check":          s.HealthCheck != nil && (len(s.HealthCheck.Test) > 1 || name == "tools"),
			"bounded logs":            s.Logging != nil && s.Logging.Options["max-size"] != "",
		} {
			if !holds {
				t.Errorf("%s has not %s", name, property)
			}
		}
		for _, port := range s.Ports {
			if port.HostIP != "127.0.0.1" || name != "api" {
				t.Errorf("%s is open at %s:%s", name, port.HostIP, port.Published)
			}
		}
	}
}

func TestComposeWaitsForHealthyParts(t *testing.T) {
	p := project(t)
	for _, name := range []string{"api", "worker", "tools"} {
		for _, part := range []string{"store", "queue", "catalogue"} {
			if got := p.Services[name].DependsOn[part].Condition; got != types.ServiceConditionHealthy {
				t.Errorf("%s starts when %s is %q; want healthy", name, part, got)
			}
		}
	}
}

// The key is where the worker is, and the parts are where nobody else is.
func TestComposeKeepsThingsApart(t *testing.T) {
	p := project(t)
	if !p.Networks["inside"].Internal {
		t.Error("the parts' network leads outside")
	}
	for _, part := range []string{"store", "queue", "catalogue"} {
		if got := slices.Collect(maps.Keys(p.Services[part].Networks)); !slices.Equal(got, []string{"inside"}) {
			t.Errorf("%s is on %q; want inside alone", part, got)
		}
	}
	for name, s := range p.Services {
		for _, v := range s.Volumes {
			if filepath.Base(v.Source) == "keys" && !slices.Contains([]string{"worker", "tools", "tsa"}, name) {
				t.Errorf("%s can read the key", name)
			}
			if filepath.Base(v.Source) == "keys" && name == "worker" && !v.ReadOnly {
				t.Error("the worker can replace the key")
			}
		}
		for variable, value := range s.Environment {
			if value != nil && regexp.MustCompile(`(?i)(password|secret|token)`).MatchString(variable) && !strings.HasPrefix(*value, "/") {
				t.Errorf("%s: %s is a value and not a file", name, variable)
			}
		}
	}
	queue := strings.Join(p.Services["queue"].Command, " ")
	if regexp.MustCompile(`redis-server[^\n]*/run/secrets`).MatchString(queue) {
		t.Errorf("the queue's password is an argument: %s", queue)
	}
	for _, want := range []string{"--appendonly yes", "--appendfsync everysec", "--maxmemory-policy noeviction"} {
		if !strings.Contains(queue, want) {
			t.Errorf("the queue runs without %s: %s", want, queue)
		}
	}
}

// Nothing starts with a setting that was forgotten.
func TestComposeAsksForWhatIsMissing(t *testing.T) {
	for missing := range environment {
		env := maps.Clone(environment)
		delete(env, missing)
		if _, err := load(t, env); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

// Each image of ours is a target of the Dockerfile, and none runs as root.
func TestDockerfileHasTheTargets(t *testing.T) {
	b, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for name, s := range project(t).Services {
		if s.Build != nil && !strings.Contains(text, " AS "+s.Build.Target+"\n") {
			t.Errorf("%s: the Dockerfile has no target %s", name, s.Build.Target)
		}
	}
	users := regexp.MustCompile(`(?m)^USER (.*)$`).FindAllStringSubmatch(text, -1)
	if len(users) == 0 || users[len(users)-1][1] != "65532:65532" {
		t.Errorf("users of the Dockerfile: %q", users)
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(text, -1) {
		if strings.Contains(from[1], ":") && !regexp.MustCompile(`:\d+\.\d+-slim$`).MatchString(from[1]) {
			t.Errorf("image %s is not pinned", from[1])
		}
	}
}

// scripts/make-env writes all that the file asks for, and secrets that others cannot read.
func TestMakeEnvMakesWhatComposeAsksFor(t *testing.T) {
	dir := t.TempDir()
	script, err := os.ReadFile("../scripts/make-env")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "scripts"), 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "scripts", "make-env")
	if err := os.WriteFile(path, script, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(path, "--development").CombinedOutput(); err != nil {
		t.Fatalf("make-env: %v: %s", err, out)
	}
	env := types.Mapping{}
	for line := range strings.Lines(read(t, filepath.Join(dir, ".env"))) {
		if name, value, is := strings.Cut(strings.TrimSpace(line), "="); is && !strings.HasPrefix(line, "#") {
			env[name] = value
		}
	}
	p, err := load(t, env)
	if err != nil {
		t.Fatal(err)
	}
	if user := p.Services["worker"].User; user == "0:0" || strings.HasPrefix(user, ":") {
		t.Errorf("the worker runs as %s", user)
	}
	if info, err := os.Stat(filepath.Join(dir, ".secrets")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf(".secrets: %v, %v", info, err)
	}
	for name, s := range p.Secrets {
		if b := read(t, filepath.Join(dir, ".secrets", filepath.Base(s.File))); len(b) < 40 {
			t.Errorf("secret %s has %d characters", name, len(b))
		}
	}
	if out, err := exec.Command(path, "--development").CombinedOutput(); err == nil {
		t.Errorf("made a second time: %s", out)
	}
}
