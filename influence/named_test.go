package influence

import (
	"strings"
	"testing"
)

func TestWhatFollowsFromTheNamesInAReport(t *testing.T) {
	gives := func(no string) *Decision { return &Decision{Shares: []Share{{PartnerNo: no, Points: 4_000}}} }
	one := []string{"1001"}
	for name, c := range map[string]struct {
		in   Named
		kind NamesKind
		item string
	}{
		"nobody":                                {Named{HasLive: true}, NamesNothing, ""},
		"several":                               {Named{PartnerNos: []string{"1001", "1002"}}, NamesItem, "several"},
		"several, one has the share":            {Named{PartnerNos: []string{"1001", "1002"}, HasLive: true, InForceToday: gives("1001")}, NamesItem, "several"},
		"the one with a share":                  {Named{PartnerNos: one, HasLive: true, InForceToday: gives("1001")}, NamesNothing, ""},
		"the one with a share, rivals":          {Named{PartnerNos: one, HasLive: true, InForceToday: gives("1001"), RivalClaims: true, Suspended: true}, NamesNothing, ""},
		"another has the share":                 {Named{PartnerNos: one, HasLive: true, InForceToday: gives("1002")}, NamesItem, "contradicts"},
		"decided for nobody":                    {Named{PartnerNos: one, HasLive: true, InForceToday: &Decision{}}, NamesItem, "contradicts"},
		"decided from a later day":              {Named{PartnerNos: one, HasLive: true}, NamesItem, "contradicts"},
		"contradiction comes before conflict":   {Named{PartnerNos: one, HasLive: true, RivalClaims: true}, NamesItem, "contradicts"},
		"another claims":                        {Named{PartnerNos: one, RivalClaims: true}, NamesItem, "conflict"},
		"conflict comes before what it may not": {Named{PartnerNos: one, RivalClaims: true, Suspended: true, OwnedByLAR: true, LARNotReady: true}, NamesItem, "conflict"},
		"suspended":                             {Named{PartnerNos: one, Suspended: true}, NamesItem, "suspended"},
		"owned":                                 {Named{PartnerNos: one, OwnedByLAR: true}, NamesItem, "owned"},
		"not ready":                             {Named{PartnerNos: one, LARNotReady: true}, NamesItem, "lar_not_ready"},
		"disputed":                              {Named{PartnerNos: one, InDispute: true}, NamesItem, "dispute"},
		"nothing stands in the way":             {Named{PartnerNos: one}, NamesDecide, ""},
	} {
		out := ReportNames(c.in)
		if out.Kind != c.kind || out.Item != c.item {
			t.Errorf("%s: %+v", name, out)
		}
		if asks := out.Kind == NamesItem; asks != strings.HasSuffix(out.Sentence, ".") {
			t.Errorf("%s: a question has a sentence, nothing else has: %+v", name, out)
		}
	}
}
