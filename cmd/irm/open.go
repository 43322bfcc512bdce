package main

import (
	"context"
	"time"
	_ "time/tzdata" // the program's day is New York's, whatever the machine has

	"irm/store"

	"github.com/spf13/cobra"
)

// programZone is where a program day is a calendar day (domain.md, Time).
const programZone = "America/New_York"

// clock is the machine's time in the program's zone, ahead by an offset.
func clock(offset time.Duration) (store.Clock, error) {
	zone, err := time.LoadLocation(programZone)
	return store.Clock{Offset: offset, Zone: zone}, err
}

// open opens the database that the command names.
func open(cmd *cobra.Command) (*store.Store, error) {
	c, err := clock(0)
	if err != nil {
		return nil, err
	}
	if today, _ := cmd.Flags().GetString("today"); today != "" {
		if c, err = clockAt(today); err != nil {
			return nil, err
		}
	}
	return openAt(cmd.Context(), database(cmd), c)
}

func openAt(ctx context.Context, dsn string, c store.Clock) (*store.Store, error) {
	s, err := store.Open(ctx, dsn, c)
	if err != nil {
		return nil, atFault{err}
	}
	return s, nil
}

func database(cmd *cobra.Command) string {
	dsn, _ := cmd.Flags().GetString("database")
	return dsn
}

// clockAt starts program time on a day at 09:00 New York.
func clockAt(day string) (store.Clock, error) {
	c, err := clock(0)
	if err != nil {
		return c, err
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" 09:00", c.Zone)
	if err != nil {
		return c, err
	}
	c.Offset = time.Until(at)
	return c, nil
}

// sealed runs fn and gives what it changed its place in the ledger.
func sealed(ctx context.Context, s *store.Store, fn func() error) error {
	if err := fn(); err != nil {
		return err
	}
	key, _, err := s.Signer(ctx)
	if err != nil {
		return err
	}
	return s.SealAll(ctx, key)
}
