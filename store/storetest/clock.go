package storetest

import (
	"sync/atomic"
	"time"
	_ "time/tzdata" // the program's day is New York's, whatever the machine has
)

// Start is when tests begin: 16 April 2007, 09:00 in New York.
func Start() time.Time { return time.Date(2007, time.April, 16, 9, 0, 0, 0, Zone()) }

// Zone is the program's.
func Zone() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return zone
}

// Clock is a time that begins at Start and goes on by a millisecond each time
// it is asked, so that whatever is recorded later is later.
func Clock() func() time.Time {
	var asked atomic.Int64
	start := Start() // once: a place is read from its file each time
	return func() time.Time { return start.Add(time.Duration(asked.Add(1)) * time.Millisecond) }
}
