package influence

import (
	"slices"
	"strings"
)

// OrderKind is what kind of revenue an order is.
type OrderKind string

// The kinds of orders.
const (
	Initial OrderKind = "initial"
	TrueUp  OrderKind = "true-up"
	Renewal OrderKind = "renewal"
	CallOff OrderKind = "call-off"
	Credit  OrderKind = "credit"
)

// OrderKinds returns the kinds of orders.
func OrderKinds() []OrderKind { return []OrderKind{Initial, TrueUp, Renewal, CallOff, Credit} }

// ParseOrderKind reads a kind in any case, also with a blank for its dash. ok is
// false for anything else.
func ParseOrderKind(s string) (k OrderKind, ok bool) {
	k = OrderKind(strings.ReplaceAll(strings.ToLower(line(s)), " ", "-"))
	if !slices.Contains(OrderKinds(), k) {
		return "", false
	}
	return k, true
}

// Order is one line of revenue under an agreement, as its newest version says.
type Order struct {
	ID, Number     string // ID is what the number is compared by, see OrderKey
	OrderedOn      Day
	Kind           OrderKind
	Cents          int64  // may be negative
	NamedPartnerNo string // partner ID that the report names, or ""
}

// OrderKey is how order numbers are compared: without case and extra spaces.
func OrderKey(number string) string {
	return strings.ToUpper(strings.Join(strings.Fields(number), " "))
}

// CountedOn is the day whose decision an order falls on: the later of the days
// it was ordered and the agreement was signed. Its period is that of ordered
// alone.
func CountedOn(ordered, signed Day) Day { return max(ordered, signed) }
