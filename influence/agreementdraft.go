package influence

// AgreementDraft is what a LAR types to enter an agreement with its first order.
type AgreementDraft struct {
	AgreementNumber, Program, Customer, CustomerState, Seats, SignedOn string
	OrderDraft
}

// OrderDraft is what a LAR types to enter or correct an order.
type OrderDraft struct {
	OrderNumber, OrderKind, OrderedOn, Amount string
	Correct                                   bool // replace the order with this number
}

// Validate reads the form as a report's line that names no partner, or returns
// an Invalid that names every wrong field.
func (d AgreementDraft) Validate(today Day, set Settings) (Line, error) {
	v := Invalid{}
	l := d.OrderDraft.read(v, today, set)
	l.AgreementNumber = line(d.AgreementNumber)
	l.AgreementKey = NumberKey(l.AgreementNumber)
	v.Check(l.AgreementKey != "", "agreement_number", "Enter the agreement number.")
	checkText(v, "agreement_number", l.AgreementNumber, NameLimit)
	l.Program = parsed(v, "program", d.Program, claimProgram)
	l.Customer = line(d.Customer)
	v.Check(l.Customer != "", "customer", "Enter the customer.")
	checkText(v, "customer", l.Customer, NameLimit)
	l.State = parsed(v, "customer_state", d.CustomerState, CustomerState)
	l.Seats = int64(parsed(v, "seats", d.Seats, func(s string) (int, error) { return ParseSeats(s, set.LeastSeats) }))
	l.SignedOn = parsed(v, "signed_on", d.SignedOn, func(s string) (Day, error) { return parseNear(s, today) })
	return l, v.OrNil()
}

// Validate reads the order's own fields.
func (d OrderDraft) Validate(today Day, set Settings) (Line, error) {
	v := Invalid{}
	l := d.read(v, today, set)
	return l, v.OrNil()
}

func (d OrderDraft) read(v Invalid, today Day, set Settings) Line {
	l := Line{OrderNumber: line(d.OrderNumber)}
	l.OrderKey = OrderKey(l.OrderNumber)
	v.Check(l.OrderKey != "", "order_number", "Enter the order number.")
	checkText(v, "order_number", l.OrderNumber, OrderNumberLimit)
	kind, ok := ParseOrderKind(d.OrderKind)
	v.Check(ok, "order_kind", "Choose what kind of order it is.")
	l.Kind = kind
	l.OrderedOn = parsed(v, "ordered_on", d.OrderedOn, func(s string) (Day, error) { return parseNear(s, today) })
	l.Cents = parsed(v, "amount", d.Amount, ParseMoney)
	v.Check(l.Cents <= set.LargestOrder && l.Cents >= -set.LargestOrder, "amount", "This amount is too large.")
	return l
}

// OrderNumberLimit is how many characters an order number may have (interface.md, Files).
const OrderNumberLimit = 2000
