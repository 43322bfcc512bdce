package influence

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"time"
)

type Day string

const Start Day = ""

func DayOf(t time.Time, loc *time.Location) Day { return Day(t.In(loc).Format(time.DateOnly)) }

func (d Day) AddDays(n int) Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Day(t.AddDate(0, 0, n).Format(time.DateOnly))
}

type Program string

const (
	Enterprise Program = "enterprise"
	Select     Program = "select"
)

func ParseProgram(s string) (Program, bool) {
	switch strings.ToLower(strings.Join(strings.Fields(s), " ")) {
	case "enterprise", "ea", "enterprise agreement":
		return Enterprise, true
	case "select", "sel", "select agreement":
		return Select, true
	}
	return "", false
}

func NumberKey(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' || r == '\t' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.ToUpper(s))
}

type OrderKind string

const (
	Initial OrderKind = "initial"
	TrueUp  OrderKind = "true-up"
	Renewal OrderKind = "renewal"
	CallOff OrderKind = "call-off"
	Credit  OrderKind = "credit"
)

func ParseOrderKind(s string) (OrderKind, bool) {
	k := OrderKind(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), " ", "-"))
	switch k {
	case Initial, TrueUp, Renewal, CallOff, Credit:
		return k, true
	}
	return "", false
}

type InfluenceKind string

const (
	Sourced    InfluenceKind = "sourced"
	Licensing  InfluenceKind = "licensing"
	Presales   InfluenceKind = "presales"
	Deployment InfluenceKind = "deployment"
	Training   InfluenceKind = "training"
	Other      InfluenceKind = "other"
)

type Share struct {
	PartnerID, PartnerNo string
	Points               int64
	Kind                 InfluenceKind
	Primary              bool
}

type Basis string

const (
	Desk       Basis = "desk"
	Report     Basis = "report"
	Escalation Basis = "escalation"
	Ruling     Basis = "ruling"
	Move       Basis = "move"
)

type Decision struct {
	ID         string
	Seq        int64
	From       Day
	Basis      Basis
	Replaces   []string
	Void       bool
	Shares     []Share
	RecordedAt time.Time
	By, Note   string
}

func Live(ds []Decision) []Decision {
	sorted := slices.Clone(ds)
	slices.SortFunc(sorted, func(a, b Decision) int { return cmp.Compare(b.Seq, a.Seq) })
	dead := map[string]bool{}
	var live []Decision
	for _, d := range sorted {
		if d.Void || dead[d.ID] {
			continue
		}
		for _, r := range d.Replaces {
			dead[r] = true
		}
		live = append(live, d)
	}
	slices.Reverse(live)
	return live
}

func InForce(ds []Decision, day Day) (in Decision, ok bool) {
	for _, d := range Live(ds) {
		if d.From <= day && (!ok || d.From >= in.From) {
			in, ok = d, true
		}
	}
	return in, ok
}

type Span struct {
	From, Until Day
	Decision    Decision
}

func Spans(ds []Decision) []Span {
	byFrom := map[Day]Decision{}
	for _, d := range Live(ds) {
		byFrom[d.From] = d
	}
	var spans []Span
	for _, d := range byFrom {
		spans = append(spans, Span{From: d.From, Decision: d})
	}
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	for i := range spans {
		if i+1 < len(spans) {
			spans[i].Until = spans[i+1].From.AddDays(-1)
		}
	}
	return spans
}

func mulDiv(a uint64, bp int64) (q, r uint64) {
	hi, lo := bits.Mul64(a, uint64(bp))
	return bits.Div64(hi, lo, 10_000)
}

func Split(cents int64, shares []Share) []int64 {
	a := uint64(max(cents, -cents))
	var sum int64
	parts := make([]int64, len(shares))
	rest := make([]uint64, len(shares))
	var given uint64
	for i, s := range shares {
		sum += s.Points
		q, r := mulDiv(a, s.Points)
		parts[i], rest[i] = int64(q), r
		given += q
	}
	hi, lo := bits.Mul64(a, uint64(sum))
	lo, c := bits.Add64(lo, 5_000, 0)
	total, _ := bits.Div64(hi+c, lo, 10_000)
	order := make([]int, len(shares))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int {
		sx, sy := shares[x], shares[y]
		if c := cmp.Compare(rest[y], rest[x]); c != 0 {
			return c
		}
		if sx.Primary != sy.Primary {
			if sx.Primary {
				return -1
			}
			return 1
		}
		if c := cmp.Compare(sy.Points, sx.Points); c != 0 {
			return c
		}
		return cmp.Compare(sx.PartnerNo, sy.PartnerNo)
	})
	for i := range int(total - given) {
		parts[order[i]]++
	}
	if cents < 0 {
		for i := range parts {
			parts[i] = -parts[i]
		}
	}
	return parts
}

type Order struct {
	ID, Number     string
	OrderedOn      Day
	Kind           OrderKind
	Cents          int64
	NamedPartnerNo string
}

type Part struct {
	Share
	Cents int64
}

type Parts struct {
	Influenced, Unassisted, Undecided, Sourced int64
	Shares                                     []Part
	Decision                                   *Decision
}

func CountedOn(ordered, signed Day) Day { return max(ordered, signed) }

func PartsOf(o Order, signedOn Day, ds []Decision) Parts {
	d, ok := InForce(ds, CountedOn(o.OrderedOn, signedOn))
	if !ok {
		return Parts{Undecided: o.Cents}
	}
	p := Parts{Unassisted: o.Cents, Decision: &d}
	for i, cents := range Split(o.Cents, d.Shares) {
		s := d.Shares[i]
		p.Shares = append(p.Shares, Part{s, cents})
		p.Influenced += cents
		p.Unassisted -= cents
		if s.Primary && s.Kind == Sourced {
			p.Sourced += cents
		}
	}
	return p
}
