package influence

import "slices"

// InfluenceKind is what a partner did for an agreement.
type InfluenceKind string

// The kinds of influence.
const (
	Sourced    InfluenceKind = "sourced" // brought the deal
	Licensing  InfluenceKind = "licensing"
	Presales   InfluenceKind = "presales"
	Deployment InfluenceKind = "deployment"
	Training   InfluenceKind = "training"
	Other      InfluenceKind = "other"
)

// InfluenceKinds returns the kinds of influence, as forms list them.
func InfluenceKinds() []InfluenceKind {
	return []InfluenceKind{Sourced, Licensing, Presales, Deployment, Training, Other}
}

// Known reports whether k is one of the kinds.
func (k InfluenceKind) Known() bool { return slices.Contains(InfluenceKinds(), k) }
