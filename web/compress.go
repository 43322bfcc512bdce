package web

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// Compress sends text packed to browsers that take it. Level 1 costs a page 0.3 ms
// and leaves some percent more bytes than level 9, which costs thirty times that.
// What is packed already (files of ours, spreadsheets) goes through as it is.
// Pages carry no secret beside what a visitor typed, so their length tells nothing.
func Compress(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.CompressionLevel(1),
		gzhttp.EnableZstd(false), // its encoder holds megabytes for each page under way
		gzhttp.ContentTypes([]string{
			"text/html", "text/css", "text/csv", "text/plain", "text/javascript",
			"application/json", "application/manifest+json", "image/svg+xml",
		}),
	)
	if err != nil {
		panic("web: compress: " + err.Error()) // the options above contradict each other
	}
	return wrap(next)
}
