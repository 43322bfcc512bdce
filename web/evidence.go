package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// evidenceModel adds what shows a claim, and the form that adds to it.
func (r *request) evidenceModel(m *views.ClaimModel, p store.ClaimPage) {
	mine := p.Own && r.actor.May(influence.EditClaims)
	for _, f := range p.Files {
		m.Files = append(m.Files, views.EvidenceItem{Ref: f.Ref, Name: f.Name, Size: sizeWords(f.Bytes), Statement: f.Statement, By: f.By, When: influence.Ago(f.At, r.now(), r.zone()),
			Exact: instantText(f.At, r.zone()), Removable: mine && p.State == influence.ClaimDrafted})
	}
	if mine && p.State.Can(influence.AddClaimEvidence, influence.RolePartner) == nil {
		m.AddEvidence = &views.EvidenceForm{Accept: influence.EvidenceEndings(), Draft: p.State == influence.ClaimDrafted}
	}
}

// sizeWords is a number of bytes as people say it.
func sizeWords(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// evidenceAdd adds a file, a statement, or both to a claim.
func (s *server) evidenceAdd(r *request) error {
	if err := take(s.limits.uploadCompany, r.actor.OrgID); err != nil {
		return err
	}
	_ = http.NewResponseController(r.Response().Writer).SetReadDeadline(time.Now().Add(uploadTime)) // not every writer has deadlines
	f, err := r.form()
	if _, bad := invalid(err); err != nil && !bad {
		return err
	}
	defer f.Close()
	e := store.NewEvidence{Statement: f.Get("statement")}
	if err == nil {
		err = readEvidence(f, &e)
	}
	if err == nil {
		_, err = r.store.AddEvidence(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")), e)
	}
	return r.claimDone(err, "The evidence was added.", e.Statement, func(m *views.ClaimModel, wrong influence.Invalid) {
		if m.AddEvidence != nil {
			m.AddEvidence.Statement, m.AddEvidence.Wrong, m.AddEvidence.Problems = e.Statement, wrong, problems(wrong)
		}
	})
}

// readEvidence reads the file that was chosen, if one was.
func readEvidence(f *Fields, e *store.NewEvidence) error {
	head := f.File("file")
	if head == nil || head.Filename == "" {
		return nil
	}
	in, err := head.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	e.Name = fileName(head.Filename)
	e.Data, err = io.ReadAll(in) // not nil, also of an empty file
	return err
}

// evidenceFile sends a file of a claim, to be kept and not to be opened here.
func (s *server) evidenceFile(r *request) error {
	f, data, err := r.store.EvidenceContent(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	r.attachment(f.Kind.Media(), f.Name)
	_, err = io.Copy(r.Response(), bytes.NewReader(data))
	return err
}

// evidenceRemove takes a file off a draft.
func (s *server) evidenceRemove(r *request) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	claim, err := r.store.RemoveEvidence(r.Request().Context(), r.Param("ref"), atoi(f.Get("version")))
	if errors.Is(err, influence.ErrConflict) && claim != "" {
		return r.meanwhile(err, func() (views.ConflictModel, error) { return r.claimMeanwhile(claim, "Remove a file", nil) })
	}
	if err != nil {
		return err
	}
	return r.said("/claims/"+claim, "info", "The file was removed.")
}
