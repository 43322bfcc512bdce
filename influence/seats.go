package influence

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseSeats reads a number of seats, with or without commas, and refuses fewer
// than least, which is a program setting.
func ParseSeats(s string, least int) (int, error) {
	s = strings.TrimSpace(s)
	n, err := strconv.ParseUint(strings.ReplaceAll(s, ",", ""), 10, 31)
	switch {
	case err != nil || !grouped(s):
		return 0, Refusal(quoted(s) + " is not a number of seats. Write it as 1,200.")
	case int(n) < least:
		return 0, Refusal(fmt.Sprintf("%d seats are fewer than %d seats, the least in the program.", n, least))
	}
	return int(n), nil
}
