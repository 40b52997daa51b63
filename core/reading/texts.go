package reading

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/firstcall-cli/firstcall/core/record"
)

// This file words what only the answers of single people can tell, and what
// is therefore computed elsewhere.

// IdealPracticeText says whether what is done keeps up with what is said.
func IdealPracticeText(body record.AssessmentBody, x record.IdealPractice) string {
	s := newSurvey(body)
	ideal, practice := s.score(x.Pair.First), s.score(x.Pair.Second)
	who := ""
	if len(x.Key) > 0 {
		who = nameOf(x.Key) + ": "
	}
	text := fmt.Sprintf("%s%s scores %d%s, %s %d.", who, s.quoted(x.Ideal), ideal, s.lowerIsBetter(), s.quoted(x.Practice), practice)
	chance := x.Pair.Test.Chance()
	apart := between(ideal-practice) + " "
	switch {
	case ideal == practice:
		return text + " What is done keeps up with what is said."
	case chance == record.ChancePossible:
		text += fmt.Sprintf(" The %s between them may be chance.", points(ideal-practice))
	case chance == record.ChanceUnknown:
		text += " There is not enough to say whether that is chance."
	case s.better(x.Pair.First, x.Pair.Second):
		text += " " + apart + chance.String() + ": what is said is not what is done."
	default:
		text += " " + apart + chance.String() + ": what is done is ahead of what is said."
	}
	return join(text, fewPairs(x.Pair.N))
}

// fewPairs warns when a comparison within people rests on few of them.
func fewPairs(n int64) string {
	if n >= fewPeople {
		return ""
	}
	return fmt.Sprintf("Only %s answered both, so it could look different next time.", people(n))
}

// ServiceCareText says which of service and care is ahead.
func ServiceCareText(body record.AssessmentBody, x record.ServiceCare) string {
	s := newSurvey(body)
	service, care := s.score(x.Service.Percent), s.score(x.Care.Percent)
	who := ""
	if len(x.Key) > 0 {
		who = nameOf(x.Key) + ": "
	}
	text := fmt.Sprintf("%sService (helping people to choose, use and complain) scores %d%s and care (listening, solving and following up) %d.",
		who, service, s.lowerIsBetter(), care)
	if service == care {
		return text
	}
	var test *record.Test
	n := min(x.Service.N, x.Care.N)
	if x.Pair != nil {
		test, n = x.Pair.Test, x.Pair.N
	}
	switch chance := test.Chance(); chance {
	case record.ChancePossible:
		text += fmt.Sprintf(" The %s between them may be chance.", points(service-care))
	case record.ChanceUnknown:
		text += " There is not enough to say whether that is chance."
	default:
		behind := "care lags behind service"
		if s.better(x.Care.Percent, x.Service.Percent) {
			behind = "service lags behind care"
		}
		text += fmt.Sprintf(" %s %s: %s.", between(service-care), chance, behind)
	}
	return join(text, fewPairs(n))
}

const (
	mostCarriers = 2   // dimensions that a sentence about drivers names
	leastShare   = 0.1 // of what is explained, of a dimension that it names
)

// DriversText says what goes together with an outcome, and how far that can be
// trusted. It names dimensions only where all of them together explain the
// outcome beyond chance: at most two, of a share of 10 % or more, and says of
// one that goes the other way that it does.
func DriversText(body record.AssessmentBody, x record.Drivers) string {
	s := newSurvey(body)
	ranked := slices.DeleteFunc(slices.Clone(x.Dimensions), func(d record.Driver) bool { return d.Share == nil })
	if x.RSq == nil || len(ranked) == 0 {
		return ""
	}
	switch chance := explained(x); chance {
	case record.ChanceUnknown:
		return join(s.explainText(x), chance.Sentence())
	case record.ChancePossible:
		return join(
			fmt.Sprintf("The dimensions together explain next to nothing of how people differ in %s that chance would not: the %s that they come to may be chance.",
				s.quoted(x.Outcome), percentOf(*x.RSq)),
			fewForDrivers(x, "with more people more might show"),
			"This is no proof that nothing goes together with it.",
		)
	}
	slices.SortStableFunc(ranked, func(a, b record.Driver) int { return cmp.Compare(*b.Share, *a.Share) })
	carriers := 0
	for carriers < min(mostCarriers, len(ranked)) && *ranked[carriers].Share >= leastShare {
		carriers++
	}
	return join(
		s.explainText(x),
		s.carryText(ranked[:carriers]),
		s.otherWay(x.Outcome, ranked[:carriers]),
		closeOrder(ranked, carriers),
		fewForDrivers(x, "take it as a hint"),
		"This shows what goes together, which is no proof that one brings about the other.",
	)
}

func (s survey) explainText(x record.Drivers) string {
	return fmt.Sprintf("The dimensions together explain %s of how people differ in %s.", percentOf(*x.RSq), s.quoted(x.Outcome))
}

// carryText names the dimensions that carry most of what is explained.
func (s survey) carryText(carriers []record.Driver) string {
	var names []string
	for _, d := range carriers {
		names = append(names, fmt.Sprintf("%s (%s)", s.title(d.Dimension), percentOf(*d.Share)))
	}
	switch len(names) {
	case 0:
		return "No single one carries much of it."
	case 1:
		return fmt.Sprintf("Of that, %s carries the most.", names[0])
	}
	return fmt.Sprintf("Of that, %s carry the most.", list(names))
}

// otherWay says which of the dimensions go together with the outcome in the
// way that nobody would build on.
func (s survey) otherWay(outcome string, carriers []record.Driver) string {
	var names []string
	for _, d := range carriers {
		if s.body.Toward(outcome, d) < 0 {
			names = append(names, s.title(d.Dimension))
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0] + " goes the other way: the better its score, the worse the outcome."
	}
	return list(names) + " go the other way: the better their scores, the worse the outcome."
}

// closeOrder says so when the interval of the second weight reaches that of the
// first, of which so many are named.
func closeOrder(ranked []record.Driver, named int) string {
	if named == 0 || len(ranked) < 2 || ranked[0].Low == nil || ranked[1].High == nil || *ranked[1].High < *ranked[0].Low {
		return ""
	}
	if named == 1 {
		return "That it is this one may be chance."
	}
	return "Their order may be chance."
}

// fewForDrivers warns of too few people for so many dimensions: ten for each is
// the customary least.
func fewForDrivers(x record.Drivers, advice string) string {
	if x.N == nil || *x.N >= int64(10*len(x.Dimensions)) {
		return ""
	}
	return fmt.Sprintf("It rests on %s, which is few for %d dimensions: %s.", people(*x.N), len(x.Dimensions), advice)
}
