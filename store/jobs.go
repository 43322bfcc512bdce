package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"irm/influence"
)

// JobState is where long work stands.
type JobState string

// The states of a job.
const (
	JobWaiting   JobState = "waiting"
	JobRunning   JobState = "running"
	JobDone      JobState = "done"
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
)

// Job is long work: how far it came and who does it.
type Job struct {
	ID, Ref, Kind, Subject, SubjectRef string
	OrgID, MemberID                    string
	State                              JobState
	Done, Total                        int64
	At                                 string // the last agreement done
	Message                            string
	holder                             string // of the lease
}

const jobColumns = `j.id, j.ref, j.kind, j.subject, coalesce((SELECT x.ref FROM reports x WHERE x.id = j.subject), ''), j.org_id, j.member_id, j.state,
	j.done, j.total, j.at_key, j.message, j.holder`

func scanJob(row scanner) (j Job, err error) {
	err = row.Scan(&j.ID, &j.Ref, &j.Kind, &j.Subject, &j.SubjectRef, &j.OrgID, &j.MemberID, &j.State, &j.Done, &j.Total, &j.At, &j.Message, &j.holder)
	return j, err
}

// newJob puts work into the queue for any instance.
func (t *tx) newJob(kind, subject string, total int64) (ref string, err error) {
	return t.referred("JOB", func(ref string) (int64, error) {
		return t.exec(`INSERT INTO jobs (id, ref, kind, subject, org_id, member_id, state, total, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8)
			ON CONFLICT (ref) DO NOTHING`, newID("job", t.at), ref, kind, subject, t.who.OrgID, t.who.MemberID, total, t.at.UnixMicro())
	})
}

// errLost says that a job is somebody else's by now, or was cancelled.
var errLost = errors.New("the job is another's by now")

// advanced writes down how far a job comes, in the transaction that does the
// work and before it, so that nothing is done twice: of two who do the same part
// the second waits here and then loses it.
func (t *tx) advanced(was, now Job) error {
	return t.mine(`UPDATE jobs SET done = $2, at_key = $3 WHERE id = $1 AND at_key = $4 AND holder = $5 AND state = 'running'`,
		now.ID, now.Done, now.At, was.At, was.holder)
}

func (t *tx) endJob(j Job, state JobState, message string) error {
	return t.mine(`UPDATE jobs SET state = $2, message = $3, ended_at = $4 WHERE id = $1 AND at_key = $5 AND holder = $6 AND state = 'running'`,
		j.ID, string(state), message, t.at.UnixMicro(), j.At, j.holder)
}

// mine is must for a statement that only the holder of a job may make.
func (t *tx) mine(query string, args ...any) error {
	n, err := t.exec(query, args...)
	if err == nil && n != 1 {
		err = errLost
	}
	return err
}

// Job returns long work of the actor's organization.
func (v Session) Job(ctx context.Context, ref string) (Job, error) {
	j, err := scanJob(v.s.read.QueryRowContext(ctx, `SELECT `+jobColumns+` FROM jobs j WHERE `+v.visible(influence.ViewJobs, "j")+` AND j.ref = $2`, v.actor.OrgID, ref))
	return j, wrap(err)
}

// jobLease is how long an instance has a job without a sign of life.
const jobLease = 30 * time.Second

// takeJob takes the oldest job that waits or whose holder is gone.
func (s *Store) takeJob(ctx context.Context, me, ref string) (j Job, ok bool, err error) {
	var any bool
	if err := s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM jobs WHERE state IN ('waiting', 'running'))`).Scan(&any); err != nil || !any {
		return j, false, err
	}
	err = s.transact(ctx, func(t *tx) error {
		rows, err := t.rows(`UPDATE jobs SET state = 'running', holder = $1, until = $2 WHERE until < $3 AND id = (SELECT id FROM jobs
			WHERE (state = 'waiting' OR state = 'running' AND until < $3) AND ($4 = '' OR ref = $4) ORDER BY id LIMIT 1)
			AND state IN ('waiting', 'running') RETURNING id`, me, t.sys.Add(jobLease).UnixMicro(), t.sys.UnixMicro(), ref)
		taken, err := collect(rows, err, func(row scanner) (id string, err error) { return id, row.Scan(&id) })
		if ok = len(taken) > 0; err != nil || !ok {
			return err
		}
		j, err = scanJob(t.row(`SELECT `+jobColumns+` FROM jobs j WHERE j.id = $1`, taken[0]))
		return err
	})
	return j, ok, err
}

// keepJob prolongs the lease.
func (s *Store) keepJob(ctx context.Context, j Job) error {
	return s.transact(ctx, func(t *tx) error {
		return t.mine(`UPDATE jobs SET until = $3 WHERE id = $1 AND holder = $2 AND state = 'running'`, j.ID, j.holder, t.sys.Add(jobLease).UnixMicro())
	})
}

// KeepWorking does jobs until ctx ends.
func (s *Store) KeepWorking(ctx context.Context, failed func(error)) {
	me := newID("wrk", s.clock.System())
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		j, ok, err := s.takeJob(ctx, me, "")
		if err == nil && ok {
			err = s.work(ctx, j, nil)
		}
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		if ok && err == nil {
			continue
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// RunJob does one job here and now, and tells how far it is. A job that another
// instance does is ErrConflict. A job begun on the command line is the
// operator's, acting for the LAR.
func (s *Store) RunJob(ctx context.Context, ref string, progress func(done, total int64)) error {
	j, ok, err := s.takeJob(ctx, newID("wrk", s.clock.System()), ref)
	if err != nil {
		return err
	}
	if !ok {
		return influence.ErrConflict
	}
	return s.work(ctx, j, progress)
}

// work does a job step by step, for the member who started it: the ledger names
// that person for every part. A job that was lost on the way is left to whoever
// has it.
func (s *Store) work(ctx context.Context, j Job, progress func(done, total int64)) error {
	v := s.As(influence.Actor{MemberID: j.MemberID, OrgID: j.OrgID, Role: influence.RoleLAR, Rank: influence.RankMember})
	kept := s.clock.System()
	for more := true; more; {
		next, again, err := v.patientStep(ctx, j)
		if err != nil {
			return s.stopped(ctx, j, err)
		}
		j, more = next, again
		if progress != nil {
			progress(j.Done, j.Total)
		}
		if now := s.clock.System(); more && now.Sub(kept) > jobLease/3 {
			kept = now
			if err := s.keepJob(ctx, j); err != nil {
				return s.stopped(ctx, j, err)
			}
		}
	}
	return nil
}

// patientStep does a step again when somebody changed the same thing meanwhile.
func (v Session) patientStep(ctx context.Context, j Job) (next Job, more bool, err error) {
	for range 5 {
		next, more, err = v.CommitStep(ctx, j)
		if !errors.Is(err, influence.ErrConflict) {
			break
		}
	}
	return next, more, err
}

// stopped says what becomes of a job that can't go on here.
func (s *Store) stopped(ctx context.Context, j Job, err error) error {
	switch {
	case errors.Is(err, errLost):
		return nil
	case ctx.Err() != nil:
		// Another instance, or the next start, goes on at once.
		return errors.Join(err, s.transact(context.WithoutCancel(ctx), func(t *tx) error {
			return t.mine(`UPDATE jobs SET until = 0 WHERE id = $1 AND holder = $2 AND state = 'running'`, j.ID, j.holder)
		}))
	}
	return errors.Join(fmt.Errorf("job %s: %w", j.Ref, err), s.transact(ctx, func(t *tx) error {
		return t.endJob(j, JobFailed, "Something went wrong on our side. What was imported so far is kept until you undo the report; then you can upload it again.")
	}))
}

// CancelJob stops the import of a report and takes back what came in so far. It
// is refused, and the import goes on, when something was built on that already.
func (v Session) CancelJob(ctx context.Context, ref string) error {
	err := v.do(ctx, influence.UploadReports, func(t *tx) (change, error) {
		j, err := scanJob(t.row(`SELECT `+jobColumns+` FROM jobs j WHERE `+v.visible(influence.ViewJobs, "j")+` AND j.ref = $2`, v.actor.OrgID, ref))
		if err != nil {
			return change{}, err
		}
		n, err := t.exec(`UPDATE jobs SET state = 'cancelled', ended_at = $2 WHERE id = $1 AND state IN ('waiting', 'running')`,
			j.ID, t.at.UnixMicro())
		if err != nil {
			return change{}, err
		}
		if n != 1 {
			return change{}, influence.Refusal("This import has ended, so it can't be cancelled. The report can be undone.")
		}
		r, err := v.reportByID(t.ctx, t.q, influence.UploadReports, j.Subject)
		if err != nil {
			return change{}, err
		}
		return change{r.Ref, recordReport(r, r.State), recordReport(r, ReportUndone)}, v.takeReportBack(t, r)
	})
	if err != nil {
		return fmt.Errorf("cancel job %s: %w", ref, err)
	}
	return nil
}
