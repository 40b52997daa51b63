package jobs

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/record"
)

// The parts of the staleness.
const (
	PartReview       = "review"
	PartContents     = "contents"
	PartOrganization = "organization"
	PartDirection    = "direction"
)

// most is how many points each part can have at most, in the order in which they are
// told; together they make 100. The points are our judgment.
var most = [...]struct {
	Part   string
	Points float64
}{
	{PartReview, 35}, {PartContents, 30}, {PartOrganization, 25}, {PartDirection, 10},
}

// points is what a finding of each rule counts, and whether it shows that something
// the document says is no longer so. Rules that are not here count nothing.
var points = map[string]struct {
	each  float64
	wrong bool
}{
	"review/bumped": {4, false}, "review/next-passed": {6, false},
	"dated/product": {10, true}, "dated/service": {10, true}, "dated/term": {10, true}, "dated/tool": {10, true}, "dated/version": {10, true},
	"passed/deadline": {8, true}, "passed/promise": {10, true}, "passed/reference": {2, false},
	"org/former-department": {10, true}, "org/former-name": {10, true}, "org/former-person": {8, true}, "org/former-product": {10, true}, "org/former-title": {8, true},
	"org/reports-to-circle": {8, true}, "org/reports-to-conflict": {8, true}, "org/reports-to-missing": {2, false}, "org/reports-to-person": {3, false},
	"org/reports-to-unknown": {4, false}, "org/two-titles": {3, false}, "org/unknown-department": {4, false}, "org/near-copy": {2, false},
	"direction/former-value": {5, true}, "direction/former-vision": {6, true}, "direction/no-mission": {1, false},
	"customer/no-behavior": {3, false}, "customer/no-goal": {2, false}, "customer/no-authority": {1, false}, "customer/no-people-skill": {1, false}, "wording/exclusionary": {1, false},
}

// Points of the review: at the day on which it was due, and at the policy's limit.
const (
	pointsDue     = 10.0
	pointsSevere  = 30.0
	pointsUnknown = 12.0 // where nothing tells when it was gone through
)

// part gives the part of the staleness that a rule's findings speak of; empty for
// rules of the user's.
func part(rule *lint.Rule) string { return partOf(rule.Family()) }

// staleness adds up what speaks against a document.
func (p *Paper) staleness(found []lint.Diagnostic) *record.Staleness {
	sums := map[string]float64{PartReview: p.reviewPoints()}
	whys := map[string][]string{}
	if why := p.reviewWhy(); why != "" {
		whys[PartReview] = append(whys[PartReview], why)
	}
	for _, d := range different(found) {
		weight, known := points[d.Rule.ID]
		if !known {
			continue
		}
		at := part(d.Rule)
		sums[at] += weight.each
		if len(whys[at]) < 3 && !slices.Contains(whys[at], d.Message) {
			whys[at] = append(whys[at], d.Message)
		}
	}
	s := &record.Staleness{}
	for _, m := range most {
		points := math.Min(m.Points, math.Round(10*sums[m.Part])/10)
		why := ""
		if points > 0 {
			why = joinSentences(whys[m.Part])
		}
		s.Parts = append(s.Parts, record.StalenessPart{Name: m.Part, Points: points, Most: m.Points, Why: why})
		s.Score += points
	}
	s.Score = math.Round(10*math.Min(100, s.Score)) / 10
	return s
}

// different leaves out findings that say the same of another place: a thing that is
// named five times is wrong once.
func different(found []lint.Diagnostic) []lint.Diagnostic {
	seen := map[[2]string]bool{}
	var out []lint.Diagnostic
	for _, d := range found {
		if key := [2]string{d.Rule.ID, strings.ToLower(d.Message)}; !seen[key] {
			seen[key] = true
			out = append(out, d)
		}
	}
	return out
}

func joinSentences(all []string) string {
	out := ""
	for i, s := range all {
		if i > 0 {
			out += "; "
		}
		out += s
	}
	return out
}

// reviewPoints grow with the time since the review was due.
func (p *Paper) reviewPoints() float64 {
	r := p.review
	if r.AgeMonths == nil {
		return pointsUnknown
	}
	sure := 1.0
	if r.Sure == "low" {
		sure = 0.5 // a date that says little about a review
	}
	return sure * p.agePoints()
}

// agePoints are the points for the time since the last review.
func (p *Paper) agePoints() float64 {
	r := p.review
	age, due, limit := float64(*r.AgeMonths), float64(r.Months), float64(p.policy.Severe)
	limitPoints := most[0].Points
	switch {
	case !p.past() || age < due && r.Next == "":
		return 0
	case age < due:
		return pointsDue // the day that the document names is past
	case age < limit:
		return pointsDue + (pointsSevere-pointsDue)*(age-due)/(limit-due)
	}
	return math.Min(limitPoints, pointsSevere+(age-limit)/12)
}

// reviewWhy says what the points of the review are for.
func (p *Paper) reviewWhy() string {
	r := p.review
	switch {
	case r.AgeMonths == nil:
		return "Nothing tells when it was last gone through"
	case !p.past():
		return ""
	}
	return fmt.Sprintf("%s: %s ago, the interval is %s", sentence(r.Evidence), age(*r.AgeMonths), age(r.Months))
}

// dueWithin says how long before its next review a document is due: a sixth of the
// interval.
const dueWithin = 6

// verdict decides what to call a document, and how sure that is.
func (p *Paper) verdict(found []lint.Diagnostic) (verdict, sure string) {
	if p.ended != nil {
		if p.ended.Ambiguous {
			return "closed", "medium"
		}
		return "closed", "high"
	}
	if p.inactive {
		return "closed", "high"
	}
	hints, wrong := 0, 0
	for _, d := range different(found) {
		if points[d.Rule.ID].wrong {
			if d.Severity == lint.Hint {
				hints++
			} else {
				wrong++
			}
		}
	}
	r := p.review
	switch {
	case wrong == 0 && p.onlyWritten():
		return "unknown", "low"
	case wrong > 1:
		return "stale", "high"
	case wrong == 1:
		return "stale", "medium"
	case r.AgeMonths == nil && r.Next == "":
		return "unknown", "low"
	case r.Next < p.set.AsOf.Format("2006-01-02"):
		return "overdue", orLow(r.Sure)
	case p.nearNext():
		return "due", orLow(r.Sure)
	}
	if hints > 0 && r.Sure == "high" {
		return "current", "medium"
	}
	return "current", orLow(r.Sure)
}

// onlyWritten says whether all that speaks for a review in time is that the file was
// written lately, as copying it does.
func (p *Paper) onlyWritten() bool {
	return p.review.AgeMonths != nil && *p.review.AgeMonths < p.review.Months && p.evidence[0].tier == tierFile && p.review.Next >= p.set.AsOf.Format("2006-01-02")
}

func orLow(sure string) string {
	if sure == "" {
		return "low"
	}
	return sure
}

// past says whether the day of the next review is over.
func (p *Paper) past() bool {
	return p.review.Next != "" && p.review.Next < p.set.AsOf.Format("2006-01-02")
}

// nearNext says whether the next review is near.
func (p *Paper) nearNext() bool {
	next := p.review.Next
	return next < p.set.AsOf.AddDate(0, max(1, p.review.Months/dueWithin), 0).Format("2006-01-02")
}
