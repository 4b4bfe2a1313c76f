package testsvc

import "testing"

// Promtool is the path of Prometheus's tool that reads and tests rules.
func Promtool(t testing.TB) string {
	t.Helper()
	path, err := program("promtool", "TEST_PROMTOOL", "usr/bin")
	if err != nil {
		t.Fatal(err)
	}
	return path
}
