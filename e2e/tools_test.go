package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// need returns a tool's path, or leaves the test out because it is missing, or
// fails it where nothing may be left out.
func need(t *testing.T, what, path string) string {
	t.Helper()
	if path != "" {
		return path
	}
	if os.Getenv("IRM_TEST_ALL") == "1" {
		t.Fatalf("%s is missing, and IRM_TEST_ALL=1 lets nothing be left out (.ci/tools installs it)", what)
	}
	t.Skipf("%s is missing (.ci/tools installs it)", what)
	return ""
}

// found is the file that a variable names, or the first of the others that exists.
func found(variable string, others ...string) string {
	if v := os.Getenv(variable); v != "" {
		others = []string{v}
	}
	for _, name := range others {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			return name
		}
	}
	return ""
}

func chromium() string {
	return found("IRM_TEST_CHROMIUM", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
}

func axeSource() string {
	return found("IRM_TEST_AXE", filepath.Join(cache(), "node_modules/axe-core/axe.min.js"))
}

func vnuJar() string {
	return found("IRM_TEST_VNU", filepath.Join(cache(), "node_modules/vnu-jar/build/dist/vnu.jar"))
}

// cache is where .ci/tools puts what it fetches.
func cache() string {
	if dir := os.Getenv("IRM_CI_CACHE"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "irm-ci")
}

func TestFound(t *testing.T) {
	t.Setenv("IRM_TEST_AXE", filepath.Join(t.TempDir(), "none"))
	if got := found("IRM_TEST_AXE", "sh"); got != "" {
		t.Errorf("a variable that names nothing gives %q", got)
	}
	t.Setenv("IRM_TEST_AXE", "doc.go")
	if got := found("IRM_TEST_AXE", "sh"); got != "doc.go" {
		t.Errorf("a variable that names a file gives %q", got)
	}
	t.Setenv("IRM_TEST_AXE", "")
	if got := found("IRM_TEST_AXE", "no such program", "doc.go"); got != "doc.go" {
		t.Errorf("the second choice gives %q", got)
	}
}
