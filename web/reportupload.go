package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"irm/influence"
	"irm/store"
	"irm/views"
)

func (s *server) reportNew(r *request) error { return r.reportForm(http.StatusOK, nil) }

func (r *request) reportForm(status int, wrong influence.Invalid) error {
	m := views.ReportUploadModel{Error: wrong["file"], Problems: problems(wrong)}
	for _, c := range influence.ReportColumns() {
		needed := "for agreements not yet known"
		if c.Required {
			needed = "always"
		}
		if c.Name == "partner_id" || c.Name == "order_kind" {
			needed = "if you know it"
		}
		m.Columns = append(m.Columns, views.ReportColumn{Name: c.Name, Required: needed})
	}
	return r.html(status, views.ReportUpload(r.page(formTitle("Upload a report", wrong)), m))
}

// uploadTime is how long an upload may take.
const uploadTime = 10 * time.Minute

// upload spools a form's file to disk and hands its name and place to fn.
func (r *request) upload(field string, fn func(name, path string) error) error {
	if err := take(r.s.limits.uploadCompany, r.actor.OrgID); err != nil {
		return err
	}
	rc := http.NewResponseController(r.Response().Writer)
	_ = rc.SetReadDeadline(time.Now().Add(uploadTime)) // not every writer has deadlines; the server's own holds then
	f, err := r.form()
	if err != nil {
		return err
	}
	defer f.Close()
	head := f.File(field)
	if head == nil || head.Filename == "" {
		return influence.Invalid{field: "Choose a file."}
	}
	in, err := head.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(r.s.Spool, "irm-upload-*")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	return fn(fileName(head.Filename), out.Name())
}

// fileName is an uploaded file's name without its folder, for display only.
func fileName(s string) string {
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	return strings.ToValidUTF8(s[:min(len(s), 200)], "")
}

// reportCreate reads an uploaded report and shows what was read.
func (s *server) reportCreate(r *request) error {
	var ref string
	err := r.upload("file", func(name, path string) (err error) {
		ref, err = r.store.UploadReport(r.Request().Context(), name, path, nil)
		return err
	})
	var dup store.DuplicateReport
	if errors.As(err, &dup) {
		msg := fmt.Sprintf("This file was imported already: %s, by %s on %s.", dup.Ref, dup.By, instantText(dup.At, r.zone()))
		return r.reportForm(http.StatusUnprocessableEntity, influence.Invalid{"file": msg})
	}
	if wrong, ok := invalid(err); ok {
		return r.reportForm(http.StatusUnprocessableEntity, wrong)
	}
	if err != nil {
		return err
	}
	return r.seeOther("/reports/" + ref)
}
