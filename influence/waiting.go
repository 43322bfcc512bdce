package influence

// WaitingClasses are the classes of how long something has waited: less than 7,
// 30, 60 and 90 calendar days, and longer.
const WaitingClasses = 5

var waitingDays = [WaitingClasses - 1]int{7, 30, 60, 90}

// NoClock is the last day of a turn whose clock stands: every claim on the
// agreement waits for its partner. It comes after all other days.
const NoClock Day = "9999-12-31"

// WaitingTitles names the classes from the shortest on.
func WaitingTitles() [WaitingClasses]string {
	return [...]string{"< 7", "< 30", "< 60", "< 90", "90 +"}
}

// TurnBegan is the business day on or before which a LAR's turn began that ends
// on due.
func TurnBegan(due Day, set Settings) Day { return AddBusinessDays(due, -set.LARTurn) }

// WaitingBounds returns for each class but the last the day after which a turn is
// due that is in it: the day on which a turn ends that began so many days ago.
func WaitingBounds(today Day, set Settings) (after [WaitingClasses - 1]Day) {
	for i, n := range waitingDays {
		after[i] = AddBusinessDays(today.AddDays(-n), set.LARTurn)
	}
	return after
}

// WaitingClass is the class, from 0, of a turn that ends on due.
func WaitingClass(due Day, after [WaitingClasses - 1]Day) int {
	for i, day := range after {
		if due > day {
			return i
		}
	}
	return WaitingClasses - 1
}
