package web

import (
	"fmt"
	"net/http"

	"irm/influence"
	"irm/store"
	"irm/views"
)

// jobShow is the progress of long work; with scripts only its part is asked for again.
func (s *server) jobShow(r *request) error {
	j, err := r.store.Job(r.Request().Context(), r.Param("ref"))
	if err != nil {
		return err
	}
	m := jobModel(j)
	m.CanCancel = m.Running && r.actor.May(influence.UploadReports)
	if r.Request().Header.Get("HX-Request") != "" {
		return r.html(http.StatusOK, views.JobProgress(m))
	}
	return r.html(http.StatusOK, views.JobShow(r.page(m.Title), m))
}

func jobModel(j store.Job) views.JobModel {
	m := views.JobModel{Ref: j.Ref, Done: j.Done, Total: j.Total, Next: "/reports/" + j.SubjectRef, NextLabel: "See the report",
		Percent: fmt.Sprintf("%d %%", 100*j.Done/max(j.Total, 1))}
	switch j.State {
	case store.JobDone:
		m.State, m.Title, m.Lead = "done", "The report is imported", "Every row has its verdict."
	case store.JobFailed:
		m.Failed, m.State, m.Title, m.Lead = true, "stopped", "The import stopped", j.Message
	case store.JobCancelled:
		m.State, m.Title, m.Lead = "cancelled", "The import was cancelled", "None of the rows counts. You can upload the file again."
	default:
		m.Running, m.State, m.Title, m.Lead = true, "running", "Importing your report", "You can leave this page. The work goes on."
	}
	return m
}

// jobCancel stops an import; what came in is taken back.
func (s *server) jobCancel(r *request) error {
	if _, err := r.form(); err != nil {
		return err
	}
	ref := r.Param("ref")
	if err := r.store.CancelJob(r.Request().Context(), ref); err != nil {
		return err
	}
	return r.said("/jobs/"+ref, "info", "The import was cancelled. What had come in was taken back.")
}
