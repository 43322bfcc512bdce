package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"sync"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// traffic is what a tab has asked for and been told.
type traffic struct {
	host    string
	changed chan struct{} // wakes who waits for news

	mu        sync.Mutex
	document  network.RequestID // of the page that is shown
	status    int
	documents map[network.RequestID]bool
	awaited   map[network.RequestID]bool // fragments under way
	loads     int                        // pages and fragments that have arrived
	said      []string
	excused   []string
}

func newTraffic(base string) *traffic {
	u, err := url.Parse(base)
	if err != nil {
		u = &url.URL{}
	}
	return &traffic{host: u.Host, changed: make(chan struct{}, 1), documents: map[network.RequestID]bool{}, awaited: map[network.RequestID]bool{}}
}

// hear is called by the browser's reader and must be quick.
func (f *traffic) hear(event any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		f.asked(e)
	case *network.EventResponseReceived:
		if f.documents[e.RequestID] {
			f.document, f.status = e.RequestID, int(e.Response.Status)
		}
	case *network.EventLoadingFinished:
		f.arrived(e.RequestID)
	case *network.EventLoadingFailed:
		f.arrived(e.RequestID)
	case *page.EventLoadEventFired:
		f.loads++
	case *runtime.EventExceptionThrown:
		f.said = append(f.said, "script failed: "+exception(e.ExceptionDetails))
	case *cdplog.EventEntryAdded:
		f.logged(e.Entry)
	}
	select {
	case f.changed <- struct{}{}:
	default:
	}
}

func (f *traffic) asked(e *network.EventRequestWillBeSent) {
	switch e.Type {
	case network.ResourceTypeDocument:
		f.documents[e.RequestID] = true
	case network.ResourceTypeXHR, network.ResourceTypeFetch:
		f.awaited[e.RequestID] = true
	}
	u, err := url.Parse(e.Request.URL)
	if err != nil || u.Host != f.host && strings.HasPrefix(u.Scheme, "http") {
		f.said = append(f.said, "asked elsewhere: "+e.Request.URL)
	}
}

func (f *traffic) arrived(id network.RequestID) {
	if f.awaited[id] {
		delete(f.awaited, id)
		f.loads++
	}
}

// logged keeps what the browser complains about, except that a page of ours has
// answered with a status of 400 or more: the tests look at statuses themselves.
func (f *traffic) logged(e *cdplog.Entry) {
	if e.Level != cdplog.EntryLevelError || e.Source == cdplog.EntrySourceNetwork && f.documents[e.NetworkRequestID] {
		return
	}
	f.said = append(f.said, strings.TrimSpace(e.Text+" "+e.URL))
}

func exception(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

// errors is what was said and not excused.
func (f *traffic) errors() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var left []string
	for _, s := range f.said {
		excused := false
		for _, e := range f.excused {
			excused = excused || strings.Contains(s, e)
		}
		if !excused {
			left = append(left, s)
		}
	}
	return left
}

// seen is how many pages and fragments have arrived so far.
func (f *traffic) seen() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.loads
}

// page is the request and status of the page that is shown.
func (f *traffic) page() (network.RequestID, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.document, f.status
}

func (f *traffic) String() string {
	id, status := f.page()
	return fmt.Sprintf("document %s, status %d, %d loads", id, status, f.seen())
}
