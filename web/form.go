package web

import (
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"irm/influence"
)

// errBadForm marks what none of our pages sends: a field twice, an odd name, too
// many fields, a body that is no form. It is answered with 400.
var errBadForm = errors.New("form not understood")

// Limits of a form. What is larger than formMemory waits on disk.
const (
	maxFields  = 200
	formMemory = 1 << 20
)

// fieldName reports whether our fields are called so. The brackets of other frameworks' lists
// are not among them, so that email[] can't become two addresses.
func fieldName(name string) bool {
	return 1 <= len(name) && len(name) <= 64 && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '.' && r != '-'
	})
}

// Fields is what was typed into a form, or stands in an address after the ?.
type Fields struct {
	values url.Values
	form   *multipart.Form
}

// ReadFields reads the form that was posted. A field may come once; many names
// those that may come more often, one for each row. The error is errBadForm, an
// *http.MaxBytesError (413), or influence.Invalid for text that is no text, and
// then the fields are there too, to be shown again.
func ReadFields(r *http.Request, many ...string) (*Fields, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind == "multipart/form-data":
		err = r.ParseMultipartForm(formMemory) //nolint:gosec // LimitBody has bounded the body
	case kind == "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case r.Header.Get("Content-Type") == "" && r.ContentLength == 0:
		return checkFields(&Fields{}, many)
	default:
		err = fmt.Errorf("content of type %.60q: %w", r.Header.Get("Content-Type"), errors.Join(err, errBadForm))
	}
	f := &Fields{values: r.PostForm, form: r.MultipartForm}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, errors.Join(fmt.Errorf("read form: %w", err), f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read form: %w: %w", errBadForm, err), f.Close())
	}
	return checkFields(f, many)
}

// QueryFields reads what stands in the address after the ?, by the same rules.
func QueryFields(r *http.Request, many ...string) (*Fields, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("read query: %w: %w", errBadForm, err)
	}
	return checkFields(&Fields{values: values}, many)
}

// checkFields applies the rules of a form to what was read.
func checkFields(f *Fields, many []string) (*Fields, error) {
	if err := f.odd(many); err != nil {
		return nil, errors.Join(fmt.Errorf("read form: %w: %w", errBadForm, err), f.Close())
	}
	wrong := influence.Invalid{}
	for name, values := range f.values {
		for i, v := range values {
			wrong.Check(utf8.ValidString(v) && !strings.Contains(v, "\x00"), name, "This has characters in it that are not text. Type it again.")
			values[i] = strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "\uFFFD")
		}
	}
	return f, wrong.OrNil()
}

// odd says what about the fields is not as our pages send them.
func (f *Fields) odd(many []string) error {
	count := 0
	names := map[string]int{}
	for name, values := range f.values {
		names[name] += len(values)
	}
	if f.form != nil {
		for name, files := range f.form.File {
			names[name] += len(files)
		}
	}
	for name, n := range names {
		if !fieldName(name) {
			return fmt.Errorf("a field is called %.80q", name)
		}
		if n > 1 && !slices.Contains(many, name) {
			return fmt.Errorf("the field %s is there %d times", name, n)
		}
		count += n
	}
	if count > maxFields {
		return fmt.Errorf("%d fields", count)
	}
	return nil
}

// Get is the text of a field without the blanks around it and with line breaks as
// \n; "" if it is not there.
func (f *Fields) Get(name string) string { return tidyText(f.values.Get(name)) }

// Raw is a field exactly as it was sent: a password's blanks count.
func (f *Fields) Raw(name string) string { return f.values.Get(name) }

// All is every value of a field that may come more often, in their order and each
// as Get has it.
func (f *Fields) All(name string) []string {
	all := make([]string, len(f.values[name]))
	for i, v := range f.values[name] {
		all[i] = tidyText(v)
	}
	return all
}

// Has reports whether a field was sent at all, as the button that was pressed is.
func (f *Fields) Has(name string) bool { return f.values.Has(name) }

// File is an uploaded file, nil if none was chosen. Its name is what the sender's
// machine calls it, to be shown and nothing else.
func (f *Fields) File(name string) *multipart.FileHeader {
	if f.form == nil || len(f.form.File[name]) == 0 {
		return nil
	}
	return f.form.File[name][0]
}

// Close removes uploaded files from the disk.
func (f *Fields) Close() error {
	if f.form == nil {
		return nil
	}
	return f.form.RemoveAll()
}

func tidyText(s string) string {
	if strings.Contains(s, "\r") { // making a replacer costs more than most pages' fields
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	}
	return strings.TrimSpace(s)
}
