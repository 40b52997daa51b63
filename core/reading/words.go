package reading

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// fewPeople is below how many people a sentence warns of how few there are.
const fewPeople = 10

// title is a dimension's name for people, in quotes: titles such as "Knowing
// our customers" would run into the sentence around them.
func (s survey) title(id string) string {
	if at, known := s.place[id]; known && s.in.Dimensions[at].Title != "" {
		id = s.in.Dimensions[at].Title
	}
	return "“" + id + "”"
}

// quoted is the wording of an item or outcome in quotes, without the full stop
// that would end the sentence around it.
func (s survey) quoted(id string) string {
	text := id
	look := func(items []record.ItemText) {
		for _, it := range items {
			if it.ID == id && it.Text != "" {
				text = it.Text
			}
		}
	}
	for _, d := range s.in.Dimensions {
		look(d.Items)
	}
	look(s.in.Outcomes)
	return "“" + strings.TrimSuffix(text, ".") + "”"
}

// nameOf is a group's name for people.
func nameOf(key []string) string {
	names := make([]string, len(key))
	for i, k := range key {
		if names[i] = k; k == "" {
			names[i] = "not stated"
		}
	}
	return strings.Join(names, " / ")
}

// score is the whole number that people see for a percent of scale.
// Differences in sentences are taken between such numbers, so that they agree
// with what stands beside them.
func (s survey) score(percent float64) int { return s.in.Rounded(percent) }

func points(n int) string {
	if n = max(n, -n); n == 1 {
		return "1 point"
	}
	return strconv.Itoa(n) + " points"
}

// between begins a sentence about a difference: "The 8 points between them
// are".
func between(n int) string {
	if n == 1 || n == -1 {
		return "The 1 point between them is"
	}
	return "The " + points(n) + " between them are"
}

func people(n int64) string {
	if n == 1 {
		return "1 person"
	}
	return strconv.FormatInt(n, 10) + " people"
}

// percentOf prints a share as a whole percent.
func percentOf(share float64) string {
	return strconv.Itoa(int(math.Floor(100*share+0.5+1e-9))) + "%"
}

// list joins words as in a sentence.
func list(words []string) string {
	switch n := len(words); n {
	case 0, 1, 2:
		return strings.Join(words, " and ")
	default:
		return strings.Join(words[:n-1], ", ") + ", and " + words[n-1]
	}
}

// join puts sentences behind each other.
func join(sentences ...string) string {
	var kept []string
	for _, text := range sentences {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, " ")
}

// few warns when a side of a comparison is small.
func few(names [2]string, n [2]int64) string {
	var small []string
	for i, people := range n {
		if people < fewPeople {
			small = append(small, fmt.Sprintf("%d in %s", people, names[i]))
		}
	}
	if len(small) == 0 {
		return ""
	}
	return "Few people stand behind it (" + strings.Join(small, ", ") + "), so it could look different next time."
}

// scaleOf is the range of a dimension's answers, if the instrument says it.
func (s survey) scaleOf(dimension string) (low, span float64, ok bool) {
	scale := s.in.Scale
	if at, known := s.place[dimension]; known && s.in.Dimensions[at].Scale != nil {
		scale = s.in.Dimensions[at].Scale
	}
	if scale == nil || scale.Max <= scale.Min {
		return 0, 0, false
	}
	return float64(scale.Min), float64(scale.Max - scale.Min), true
}

// likely words the interval of a dimension's mean as scores, or is empty.
func (s survey) likely(d record.Dimension) string {
	low, span, ok := s.scaleOf(d.ID)
	if !ok || d.CI == nil {
		return ""
	}
	at := func(mean float64) int {
		return s.score(100 * (mean - low) / span)
	}
	return fmt.Sprintf(" (likely %d to %d)", at(d.CI.Low), at(d.CI.High))
}

// lowerIsBetter reminds of a scale whose high end is the bad one.
func (s survey) lowerIsBetter() string {
	if s.in.HighIsBad() {
		return " (lower is better)"
	}
	return ""
}
