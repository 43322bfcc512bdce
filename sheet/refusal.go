package sheet

import (
	"errors"
	"fmt"
	"io/fs"
)

// The limits of what is read; all are checked before memory is spent.
const (
	MaxCSVBytes      = 256 << 20 // a CSV file
	MaxXLSXBytes     = 32 << 20  // an XLSX file as it lies on disk
	MaxUnpackedBytes = 512 << 20 // an XLSX file's parts, unpacked
	MaxZipEntries    = 10_000    // parts of an XLSX file
	MaxRows          = 1_050_000 // just above what a spreadsheet holds
	MaxColumns       = 64
	MaxCellBytes     = 32 << 10 // one cell's text as UTF-8
)

// ErrNoHeader is returned by FindHeader when no row was recognized.
var ErrNoHeader = errors.New("no row with known headings was found")

// Refusal is an error about the file's content, in a sentence for its sender.
type Refusal struct {
	Row    int    // 0: the whole file
	Reason string // a sentence
	Cause  error  // for the log; may be nil
}

// Error is the sentence, led by the row it is about.
func (r *Refusal) Error() string {
	if r.Row == 0 {
		return r.Reason
	}
	return fmt.Sprintf("Row %d: %s", r.Row, r.Reason)
}

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.Cause }

func refuse(format string, args ...any) error {
	return &Refusal{Reason: fmt.Sprintf(format, args...)}
}

func refuseRow(row int, format string, args ...any) error {
	return &Refusal{Row: row, Reason: fmt.Sprintf(format, args...)}
}

// damaged turns an error of reading a workbook into a refusal, unless it is one, or
// the disk's fault, or no fault at all.
func damaged(err error, part string) error {
	var r *Refusal
	var disk *fs.PathError
	if err == nil || errors.Is(err, errStop) || errors.As(err, &r) || errors.As(err, &disk) {
		return err
	}
	return &Refusal{
		Reason: fmt.Sprintf("The workbook is damaged (in %s). Open it in your spreadsheet program, save it again as .xlsx and send that.", part),
		Cause:  err,
	}
}
