package deploy_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestUnitFencesTheService: what docs/security.md says of the unit.
func TestUnitFencesTheService(t *testing.T) {
	unit := read(t, "systemd/sohoa.service")
	for _, line := range []string{"User=sohoa", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "CapabilityBoundingSet=", "LimitCORE=0", "UMask=0077", "RestrictNamespaces=yes"} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("sohoa.service lacks %s", line)
		}
	}
	allowed := regexp.MustCompile(`(?m)^SystemCallFilter=(.*)$`).FindStringSubmatch(unit)
	if len(allowed) == 0 || !slices.Equal(strings.Fields(allowed[1]), []string{"@system-service", "seccomp"}) {
		t.Errorf("system calls: %q; want those of services, and seccomp, by which children fence themselves", allowed)
	}
}
