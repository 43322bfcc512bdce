package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"irm/mail"
	"irm/store"
)

// batch is how many mails are taken at once, and turn how long they may take
// before the lease is asked for again: less than it lasts.
const (
	batch = 20
	turn  = 3 * time.Second
)

// keepSending sends what is due from the outbox until ctx ends.
func keepSending(ctx context.Context, s *store.Store, o options, failed func(error)) {
	me := fmt.Sprintf("%s/%d", hostname(), os.Getpid())
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		more, err := sendDue(ctx, s, o, me)
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		if more && ctx.Err() == nil {
			continue
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// sendDue sends a batch, and reports whether more may be due.
func sendDue(ctx context.Context, s *store.Store, o options, me string) (more bool, err error) {
	due, err := s.DueMail(ctx, me, batch)
	if err != nil {
		return false, err
	}
	began := time.Now()
	for _, m := range due {
		if time.Since(began) > turn {
			return true, nil
		}
		if err := sendOne(ctx, s, o, m); err != nil {
			return false, err
		}
	}
	return len(due) == batch, nil
}

// sendOne sends a mail and writes down what came of it. A process that dies in
// between sends it again, under the same Message-ID.
func sendOne(ctx context.Context, s *store.Store, o options, m store.Mail) error {
	link := ""
	if m.Link != "" {
		link = strings.TrimSuffix(o.baseURL, "/") + m.Link
	}
	err := o.sender.Send(ctx, mail.Message{ID: m.ID, To: m.Email, Subject: m.Subject, Text: mail.Text(m.Body, m.Button, link),
		HTML: mail.HTML(m.Subject, m.Body, m.Button, link), At: m.At})
	if err == nil {
		return s.MailSent(ctx, m.ID)
	}
	if ctx.Err() != nil { // told to stop: it was not tried to the end
		return nil //nolint:nilerr // the next process tries it again
	}
	givenUp, err := s.MailFailed(ctx, m.ID, err.Error(), errors.Is(err, mail.ErrRefused))
	if givenUp {
		o.log.Error("mail.given_up", "mail", m.ID) // irm mail says why
	}
	return err
}

func hostname() string { h, _ := os.Hostname(); return h }
