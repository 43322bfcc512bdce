package demo

import (
	"fmt"
	"math/rand/v2"
)

// Everything in these lists is invented, and so is every company made of them.
var (
	places = []string{"Alder", "Amber", "Aspen", "Bayside", "Beacon", "Birch", "Blue Heron", "Bridgeport", "Brookfield", "Canyon", "Cedar",
		"Chestnut", "Clearwater", "Cobalt", "Copper", "Coral", "Cypress", "Dogwood", "Eastgate", "Elmwood", "Evergreen", "Fairhaven",
		"Falcon", "Foxglove", "Gable", "Glenwood", "Granite", "Great Plains", "Harbor", "Hawthorn", "Hazel", "Heritage", "Hickory",
		"Highland", "Hudson Bend", "Iron Bridge", "Ivy", "Juniper", "Keel", "Kestrel", "Lakeview", "Lantern", "Laurel", "Linden",
		"Magnolia", "Maple", "Marble", "Meadow", "Mesa", "Millstone", "Mistral", "Northfield", "Oakmont", "Ocean Bluff", "Old Mill",
		"Orchard", "Palmetto", "Pebble", "Pine Ridge", "Pioneer", "Prairie", "Quarry", "Quill", "Red Rock", "Ridgeline", "River Bend",
		"Rosewood", "Saddleback", "Sage", "Sandstone", "Sawgrass", "Sequoia", "Shoreline", "Silver Lake", "Slate", "Spruce", "Stonegate",
		"Summerfield", "Sunrise", "Sycamore", "Tamarack", "Thistle", "Timber", "Trillium", "Tupelo", "Valley Forge Road", "Vista",
		"Walnut", "Westbrook", "Whitecap", "Willow", "Windward", "Winterberry", "Yarrow", "Yellow Birch", "Zephyr"}
	trades = []string{"Networks", "Systems", "Consulting", "Technology", "Computing", "Solutions", "Data Services", "IT Group", "Software",
		"Integration", "Micro", "Digital", "Infotech", "Business Systems"}
	industries = []string{"Health", "Insurance", "Foods", "Logistics", "Manufacturing", "Bank", "Credit Union", "School District", "University",
		"Energy", "Water Authority", "Airlines", "Motors", "Pharmaceuticals", "Publishing", "Hotels", "Retail", "Paper", "Steel",
		"Medical Center", "County", "Freight", "Chemicals", "Farms", "Textiles", "Utilities", "Packaging", "Clinics", "Brewing", "Media"}
	endings  = []string{"Inc.", "Corp.", "LLC", "Co.", "Group", ""}
	first    = []string{"Alex", "Ana", "Ben", "Carla", "Dana", "Eli", "Erin", "Grace", "Hugo", "Ines", "Jamal", "Kim", "Leo", "Maya", "Nora", "Omar", "Priya", "Quinn", "Rosa", "Sam", "Theo", "Uma", "Vera", "Will", "Yara"}
	last     = []string{"Abbott", "Baker", "Chen", "Diaz", "Ellis", "Foster", "Gupta", "Hayes", "Ito", "Jensen", "Keller", "Lopez", "Morgan", "Nolan", "Okafor", "Perez", "Quist", "Reyes", "Shaw", "Torres", "Underhill", "Vance", "Whitfield", "Young", "Zeller"}
	larNames = []string{"Northgate Licensing", "Summit Volume Licensing", "Lakeshore Volume Group", "Pinnacle License Partners", "Meridian Software Supply",
		"Granite Enterprise Licensing", "Keystone License Group", "Harborpoint Direct", "Bluewater Licensing", "Cascade Software Direct",
		"Ironwood Licensing", "Palisade Volume Services", "Redwood Corporate Software", "Sterling License Desk", "Tidewater Enterprise Software",
		"Uplands Licensing", "Vanguard Row Software", "Westlake Volume Licensing"}
	// States by how much business there is, roughly as population.
	stateWeights = []struct {
		code   string
		weight int
	}{{"CA", 37}, {"TX", 23}, {"NY", 19}, {"FL", 18}, {"IL", 13}, {"PA", 12}, {"OH", 11}, {"MI", 10}, {"GA", 9}, {"NC", 9}, {"NJ", 9},
		{"VA", 8}, {"MA", 7}, {"WA", 7}, {"IN", 6}, {"TN", 6}, {"AZ", 6}, {"MO", 6}, {"MD", 6}, {"WI", 6}, {"MN", 5}, {"CO", 5}, {"AL", 5},
		{"SC", 4}, {"LA", 4}, {"KY", 4}, {"OR", 4}, {"OK", 4}, {"CT", 4}, {"IA", 3}, {"MS", 3}, {"AR", 3}, {"KS", 3}, {"UT", 3}, {"NV", 3},
		{"NM", 2}, {"WV", 2}, {"NE", 2}, {"ID", 2}, {"ME", 1}, {"NH", 2}, {"HI", 1}, {"RI", 1}, {"MT", 1}, {"DE", 1}, {"SD", 1}, {"AK", 1},
		{"ND", 1}, {"DC", 2}, {"VT", 1}, {"WY", 1}}
)

// dice draws what the demo is made of; the same seed draws the same.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 0x5eed))} } //nolint:gosec // to be drawn again, not to be secret

func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

// in reports true so many times out of a hundred.
func (d dice) in(percent int) bool { return d.IntN(100) < percent }

func (d dice) state() string {
	total := 0
	for _, s := range stateWeights {
		total += s.weight
	}
	n := d.IntN(total)
	for _, s := range stateWeights {
		if n -= s.weight; n < 0 {
			return s.code
		}
	}
	return "WY"
}

func (d dice) person() string { return pick(d, first) + " " + pick(d, last) }

// names hands out company names, each once.
type names struct{ taken map[string]bool }

func (n *names) unique(make func() string) string {
	for i := 2; ; i++ {
		name := make()
		if i > 50 {
			name = fmt.Sprintf("%s %d", name, i)
		}
		if !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
}

func (d dice) partnerName() string { return pick(d, places) + " " + pick(d, trades) }

func (d dice) customerName() string {
	name := pick(d, places) + " " + pick(d, industries)
	if end := pick(d, endings); end != "" {
		name += " " + end
	}
	return name
}
