package main

import (
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestMetricsAreRead: every line of /metrics is one that Prometheus reads, each
// number is there once, after what it is, and the counters have the ending of one.
func TestMetricsAreRead(t *testing.T) {
	w := httptest.NewRecorder()
	metricsPage().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/plain; version=0.0.4") {
		t.Errorf("Content-Type %q", kind)
	}
	line := regexp.MustCompile(`^([a-z_]+)(?:\{[a-z_]+="[^"\\]*"\})? (\S+)$`)
	kinds, seen := map[string]string{}, map[string]float64{}
	for text := range strings.Lines(w.Body.String()) {
		text = strings.TrimSuffix(text, "\n")
		if words := strings.Fields(text); words[0] == "#" {
			if words[1] == "TYPE" {
				kinds[words[2]] = words[3]
			}
			continue
		}
		m := line.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("line %q", text)
		}
		value, err := strconv.ParseFloat(m[2], 64)
		if _, twice := seen[m[1]]; twice || err != nil {
			t.Errorf("%q: twice %v, %v", text, twice, err)
		}
		if (kinds[m[1]] == "counter") != strings.HasSuffix(m[1], "_total") {
			t.Errorf("%s is a %q", m[1], kinds[m[1]])
		}
		seen[m[1]] = value
	}
	for _, name := range []string{"go_goroutines", "go_memstats_alloc_bytes", "go_memstats_sys_bytes", "process_start_time_seconds", "go_info"} {
		if seen[name] <= 0 {
			t.Errorf("%s is %v", name, seen[name])
		}
	}
}
