package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"time"

	"irm/influence"
	"irm/store"

	"github.com/spf13/cobra"
)

// logCheckpoints is how often at most the newest checkpoint is written into the log;
// 0 is never.
func logCheckpoints(cmd *cobra.Command) (every time.Duration, err error) {
	every, err = cmd.Flags().GetDuration("log-checkpoints")
	if err == nil && every != 0 && every < time.Second {
		err = errors.New("--log-checkpoints is a time of a second or more, such as 1m, or 0 for never")
	}
	return every, err
}

// keepTelling writes the ledger's newest checkpoint into the log whenever there is
// another one, at the beginning, at the end, and between at most once in every.
// Whoever keeps the log elsewhere can prove later that nothing was rewritten.
func keepTelling(ctx context.Context, s *store.Store, log *slog.Logger, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	told := ""
	for {
		told = tell(ctx, s, log, told)
		select {
		case <-tick.C:
		case <-ctx.Done():
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			tell(end, s, log, told)
			return
		}
	}
}

// tell writes the newest checkpoint unless it was told, and returns it.
func tell(ctx context.Context, s *store.Store, log *slog.Logger, told string) string {
	checkpoint, size, _, err := s.As(influence.Operator()).Head(ctx)
	if err != nil {
		if ctx.Err() == nil {
			log.Error("checkpoint failed", "err", err)
		}
		return told
	}
	if checkpoint != told {
		log.Info("checkpoint", "size", size, "checkpoint", checkpoint)
	}
	return checkpoint
}

// loggedCheckpoint finds the last checkpoint in lines of a log, whatever another
// program has put before each of them; "" if there is none.
func loggedCheckpoint(text string) (held string) {
	for line := range strings.Lines(text) {
		_, object, found := strings.Cut(line, "{")
		var said struct{ Checkpoint string }
		if found && json.Unmarshal([]byte("{"+object), &said) == nil && store.IsCheckpoint(said.Checkpoint) {
			held = said.Checkpoint
		}
	}
	return held
}

// checkpointIn is the checkpoint that a file's text is, or holds: a receipt's, or the
// last one in lines of a log.
func checkpointIn(text string) (string, error) {
	if r, err := store.ReadReceipt([]byte(text)); err == nil {
		return r.Checkpoint, nil
	}
	if held := strings.ReplaceAll(text, "\r\n", "\n"); store.IsCheckpoint(held) {
		return held, nil
	}
	if held := loggedCheckpoint(text); held != "" {
		return held, nil
	}
	return "", errors.New("this is neither a checkpoint nor a receipt, and no log that holds one")
}
