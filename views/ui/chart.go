package ui

import "slices"

// Part is one part of a bar. Class is the meaning of its color: k1 influenced,
// k2 unassisted, k3 undecided, ks the rest of a whole.
type Part struct {
	Class string
	Value int64
	Title string // said when pointed at
}

type rect struct{ class, x, y, width, height, title string }

// barRects lays parts side by side over a width of 100, of a whole that is at least
// their sum. A part of nothing or less is left out.
func barRects(parts []Part, whole int64) []rect {
	sum := int64(0)
	for _, p := range parts {
		sum += max(0, p.Value)
	}
	whole = max(whole, sum)
	var all []rect
	at := 0.0
	for _, p := range parts {
		width := share(p.Value, whole, 100)
		if width == 0 {
			continue
		}
		all = append(all, rect{class: p.Class, x: coord(at), width: coord(width), title: p.Title})
		at += width
	}
	return all
}

// Month is one column of the chart by month. Amounts are of any one unit.
type Month struct {
	Name   string // Jul, of which narrow screens show the first letter
	Title  string // said when pointed at: all its figures
	Href   string // the rows behind it
	Parts  [3]int64
	Before int64 // last year's, a line across the bar; 0 for none
}

// MonthsProps is the chart by month: influenced, unassisted, undecided, and last
// year's as a line.
type MonthsProps struct {
	Months []Month
	Label  func(amount int64) string // of the axis: $50M
}

const monthWidth = 10.0

// axis are the lines of the chart's axis, top first.
func (p MonthsProps) axis() []int64 {
	most := int64(0)
	for _, m := range p.Months {
		sum := int64(0)
		for _, v := range m.Parts {
			sum += max(0, v)
		}
		most = max(most, sum, m.Before)
	}
	return RoundAxis(most)
}

// box is the drawing's view box: ten units a month, 100 high.
func (p MonthsProps) box() string {
	return "0 0 " + coord(monthWidth*float64(max(1, len(p.Months)))) + " 100"
}

// rects are the parts of month i from the base up, on an axis that ends at top.
func (p MonthsProps) rects(i int, top int64) []rect {
	var all []rect
	y := 100.0
	for n, v := range p.Months[i].Parts {
		height := share(v, top, 100)
		if height == 0 {
			continue
		}
		y -= height
		all = append(all, rect{class: [3]string{"k1", "k2", "k3"}[n], x: coord(monthWidth*float64(i) + 1.8), y: coord(y), width: "6.4", height: coord(height)})
	}
	return all
}

// before is the height of last year's line.
func (p MonthsProps) before(i int, top int64) string {
	return coord(100 - share(p.Months[i].Before, top, 100))
}

// lineY is where line i of n lies.
func lineY(i, n int) string { return coord(100 * float64(i) / float64(max(1, n-1))) }

func monthX(i int, inset float64) string { return coord(monthWidth*float64(i) + inset) }

// initial is the first letter, rest what follows it.
func initial(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func rest(s string) string { return s[len(initial(s)):] }

type statePath struct{ code, name, path string }

// StateValue is what the map shows of one state, named by its postal code.
type StateValue struct {
	Code, Title, Href string
	Value             int64
}

// MapProps is the map of the states. Bounds are the lower bounds of up to five
// classes above the lowest, rising; empty for round ones from the values.
type MapProps struct {
	States []StateValue
	Bounds []int64
	Label  func(amount int64) string
}

func (p MapProps) bounds() []int64 {
	if len(p.Bounds) > 0 {
		return p.Bounds[:min(5, len(p.Bounds))]
	}
	most := int64(0)
	for _, s := range p.States {
		most = max(most, s.Value)
	}
	return RoundBounds(most)
}

// of finds what is shown of a state; without a value it is said to have none.
func (p MapProps) of(s statePath) StateValue {
	i := slices.IndexFunc(p.States, func(v StateValue) bool { return v.Code == s.code })
	if i < 0 {
		return StateValue{Code: s.code, Title: s.name + ": none"}
	}
	return p.States[i]
}

// quantity is the class of a color for an amount: q0 to q5. Few classes use the
// darker ones too, so that the highest always stands out.
func quantity(v int64, bounds []int64) string {
	n := classOf(v, bounds)
	if n > 0 {
		n += 5 - len(bounds)
	}
	return "q" + coord(float64(n))
}

// heat is the class of a color for waiting work: h0 for none, h1 to h5.
func heat(v int64, bounds []int64) string {
	return "h" + coord(float64(min(5, classOf(v, bounds))))
}
