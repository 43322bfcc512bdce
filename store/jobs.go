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
}

const jobColumns = `j.id, j.ref, j.kind, j.subject, coalesce((SELECT x.ref FROM reports x WHERE x.id = j.subject), ''), j.org_id, j.member_id, j.state,
	j.done, j.total, j.at_key, j.message`

func scanJob(row scanner) (j Job, err error) {
	err = row.Scan(&j.ID, &j.Ref, &j.Kind, &j.Subject, &j.SubjectRef, &j.OrgID, &j.MemberID, &j.State, &j.Done, &j.Total, &j.At, &j.Message)
	return j, err
}

// newJob puts work into the queue for any instance.
func (t *tx) newJob(kind, subject string, total int64) (ref string, err error) {
	return t.referred("JOB", func(ref string) (int64, error) {
		return t.exec(`INSERT INTO jobs (id, ref, kind, subject, org_id, member_id, state, total, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8)
			ON CONFLICT (ref) DO NOTHING`, newID("job", t.at), ref, kind, subject, t.who.OrgID, t.who.MemberID, total, t.at.UnixMicro())
	})
}

// advanced writes down how far a job came, in the transaction that did the work,
// so that nothing is done twice. Who lost the job to another instance loses the
// work too.
func (t *tx) advanced(was, now Job) error {
	return t.must(`UPDATE jobs SET done = $2, at_key = $3 WHERE id = $1 AND at_key = $4 AND state = 'running'`, now.ID, now.Done, now.At, was.At)
}

func (t *tx) endJob(j Job, state JobState, message string) error {
	return t.must(`UPDATE jobs SET state = $2, message = $3, ended_at = $4 WHERE id = $1 AND state = 'running'`, j.ID, string(state), message, t.at.UnixMicro())
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
		rows, err := t.rows(`UPDATE jobs AS j SET state = 'running', holder = $1, until = $2 WHERE j.id = (SELECT id FROM jobs
			WHERE (state = 'waiting' OR state = 'running' AND until < $3) AND ($4 = '' OR ref = $4) ORDER BY id LIMIT 1) AND j.until < $3
			RETURNING `+jobColumns, me, t.sys.Add(jobLease).UnixMicro(), t.sys.UnixMicro(), ref)
		found, err := collect(rows, err, scanJob)
		if ok = len(found) > 0; ok {
			j = found[0]
		}
		return err
	})
	return j, ok, err
}

// keepJob prolongs the lease.
func (s *Store) keepJob(ctx context.Context, me string, j Job) error {
	return s.transact(ctx, func(t *tx) error {
		return t.must(`UPDATE jobs SET until = $3 WHERE id = $1 AND holder = $2 AND state = 'running'`, j.ID, me, t.sys.Add(jobLease).UnixMicro())
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
			err = s.work(ctx, me, j, nil)
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

// RunJob does one job here and now, and tells how far it is.
func (s *Store) RunJob(ctx context.Context, ref string, progress func(done, total int64)) error {
	me := newID("wrk", s.clock.System())
	j, ok, err := s.takeJob(ctx, me, ref)
	if err != nil {
		return err
	}
	if !ok {
		return influence.ErrConflict
	}
	return s.work(ctx, me, j, progress)
}

// work does a job step by step, for the member who started it.
func (s *Store) work(ctx context.Context, me string, j Job, progress func(done, total int64)) error {
	v := s.As(influence.Actor{MemberID: j.MemberID, OrgID: j.OrgID, Role: influence.RoleLAR, Rank: influence.RankMember})
	kept := s.clock.System()
	for more := true; more; {
		next, again, err := v.CommitStep(ctx, j)
		if err != nil {
			if ctx.Err() != nil {
				return err // another instance, or the next start, goes on
			}
			return errors.Join(err, s.failJob(ctx, j))
		}
		j, more = next, again
		if progress != nil {
			progress(j.Done, j.Total)
		}
		if now := s.clock.System(); more && now.Sub(kept) > jobLease/3 {
			kept = now
			if err := s.keepJob(ctx, me, j); err != nil {
				return fmt.Errorf("job %s: %w", j.Ref, err)
			}
		}
	}
	return nil
}

func (s *Store) failJob(ctx context.Context, j Job) error {
	return s.transact(ctx, func(t *tx) error {
		return t.endJob(j, JobFailed, "Something went wrong on our side. What was imported so far is kept; undo the report or tell us its reference.")
	})
}
