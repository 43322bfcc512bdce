package store

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Ten tries are free, then each waits twice as long, a quarter of an hour at most;
// quiet or a right password has them forgotten.
func TestTriesWait(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		at := time.Duration(0)
		try := func(email string) time.Duration {
			wait, err := later(s, at).Attempt(t.Context(), email, "")
			must(t, err)
			return wait.Round(time.Second)
		}
		for range 10 {
			if wait := try("Owner@alder.example"); wait != 0 {
				t.Fatalf("a free try waits %s", wait)
			}
		}
		for _, seconds := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900} {
			want := time.Duration(seconds) * time.Second
			if wait := try(" owner@ALDER.example"); wait != want {
				t.Fatalf("waits %s, want %s", wait, want)
			}
			at += want + time.Second
			if seconds < 900 {
				if wait := try("owner@alder.example"); wait != 0 {
					t.Fatalf("after the pause it waits %s", wait)
				}
			}
		}
		if wait := try("owner@alder.example"); wait != 0 {
			t.Errorf("after a quarter of an hour of quiet it waits %s", wait)
		}
		for range 12 {
			try("owner@birch.example")
		}
		if wait := try("owner@birch.example"); wait == 0 {
			t.Fatal("no pause")
		}
		if _, err := s.StartSession(t.Context(), p.birch.MemberID, Client{}); err != nil {
			t.Fatal(err)
		}
		if wait := try("owner@birch.example"); wait != 0 {
			t.Errorf("after signing in it waits %s", wait)
		}
	})
}

// However often strangers try, the owner's own browser is not kept waiting; and
// it is known for its own account alone.
func TestKnownBrowserIsNotKeptWaiting(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		p := begun(t, s)
		_, err := s.StartSession(t.Context(), p.alder.MemberID, Client{Browser: "own"})
		must(t, err)
		try := func(email, browser string) time.Duration {
			wait, err := s.Attempt(t.Context(), email, browser)
			must(t, err)
			return wait
		}
		for range 20 {
			try("owner@alder.example", "a stranger's")
			try("owner@birch.example", "")
		}
		if try("owner@alder.example", "") == 0 || try("owner@alder.example", "a stranger's") == 0 || try("owner@birch.example", "own") == 0 {
			t.Error("a stranger is not kept waiting")
		}
		for n := range 11 {
			if wait := try("owner@alder.example", "own"); (wait == 0) != (n < 10) {
				t.Errorf("the owner's try %d waits %s", n, wait)
			}
		}
	})
}

// Tries at the same moment can't outrun the count.
func TestTriesAtOnceAreCounted(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		stopped := s.clock.System()
		still := after(s, 0)
		still.clock.Now = func() time.Time { return stopped }
		var free atomic.Int64
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() {
				wait, err := still.Attempt(t.Context(), "owner@alder.example", "")
				if err != nil {
					t.Error(err)
				}
				if wait == 0 {
					free.Add(1)
				}
			})
		}
		all.Wait()
		if free.Load() > 10 || free.Load() == 0 {
			t.Errorf("%d tries were free", free.Load())
		}
	})
}
