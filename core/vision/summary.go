package vision

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/record"
)

// Marks on the overall figure from which a statement is told to guide.
const (
	guidesWell = 60
	goodEnough = 60 // a part that needs no advice
	guides     = 50
	guidesLess = 35
)

// Most points of advice, and most words quoted with one.
const (
	mostAdvice = 4
	mostKept   = 3
	mostWords  = 3
)

// summary puts the verdict in words.
func summary(b *record.Statement, findings []lint.Diagnostic, text string) *record.Summary {
	v := b.Verdict
	s := &record.Summary{Line: headline(v, b.Measures.Words)}
	up := slices.DeleteFunc(slices.Clone(v.Reasons), func(r record.Reason) bool { return r.Points < 3 })
	down := slices.DeleteFunc(slices.Clone(v.Reasons), func(r record.Reason) bool { return r.Points > -worthTelling })
	weigh := func(r record.Reason) float64 { return r.Points * weightOf[partOf(r.Part)] }
	slices.SortStableFunc(up, func(a, b record.Reason) int { return -cmp.Compare(weigh(a), weigh(b)) })
	slices.SortStableFunc(down, func(a, b record.Reason) int { return cmp.Compare(weigh(a), weigh(b)) })
	for _, r := range up {
		if k := sentence(r.Text); len(s.Keep) < mostKept && !slices.Contains(s.Keep, k) {
			s.Keep = append(s.Keep, k)
		}
	}
	advised := map[string]bool{}
	for i, d := range findings {
		if d.Severity == lint.Error {
			advise(s, d.Rule.ID, d.Message, []int{i}, findings, text, advised)
		}
	}
	for _, r := range down {
		if score(v, partOf(r.Part)) >= goodEnough || len(r.Findings) == 0 && v.Overall >= guides {
			continue // no need, or nothing to show
		}
		advise(s, r.Rule, r.Text, r.Findings, findings, text, advised)
	}
	// What no figure of the verdict moved may still be wrong.
	for i, d := range findings {
		if d.Severity >= lint.Warning {
			advise(s, d.Rule.ID, d.Message, []int{i}, findings, text, advised)
		}
	}
	return s
}

// advise adds what to change, once a rule: what is wrong, the words that show it,
// and the rule's advice.
func advise(s *record.Summary, rule, what string, shown []int, findings []lint.Diagnostic, text string, advised map[string]bool) {
	if len(s.Change) == mostAdvice || advised[cmp.Or(rule, what)] {
		return
	}
	advised[cmp.Or(rule, what)] = true
	var quotes []string
	fix := ""
	for _, i := range shown {
		d := findings[i]
		fix = d.Rule.Fix
		words := strings.Join(strings.Fields(text[d.Span.Start:d.Span.End]), " ")
		if q := "“" + words + "”"; words != "" && !strings.Contains(what, q) && len(words) <= 60 && len(quotes) < mostWords && !slices.Contains(quotes, q) {
			quotes = append(quotes, q)
		}
	}
	line := what
	if len(quotes) > 0 {
		line += " (" + strings.Join(quotes, ", ") + ")"
	}
	line = sentence(line)
	if fix != "" {
		line += " " + fix
	}
	s.Change = append(s.Change, line)
}

// headline is the verdict in a sentence or two.
func headline(v *record.Verdict, words int) string {
	if words > noLongerOne {
		return "A page, not a statement: find the sentence that it is about."
	}
	var line string
	switch {
	case v.Overall >= guidesWell:
		line = "A statement that would guide people."
	case v.Overall >= guides:
		line = "It would guide staff somewhat."
	case v.Overall >= guidesLess:
		line = "It gives staff little to act on."
	default:
		line = "Words on a wall: nobody could act on it."
	}
	best, worst := extremes(v)
	if v.Overall >= guides && score(v, worst) < goodEnough {
		return line + " Its weakest side: " + questions[worst] + "."
	}
	if v.Overall < guides && score(v, best) >= goodEnough {
		return line + " Its strongest side: " + questions[best] + "."
	}
	return line
}

// questions name the parts to a reader.
var questions = [parts]string{
	Simple: "whether it can be understood and repeated", Concrete: "whether one could see who does what",
	True: "whether it could be anybody's", Credible: "whether it can be kept",
}

// extremes gives the parts with the highest and the lowest score, True left out,
// which is mostly provisional.
func extremes(v *record.Verdict) (best, worst Part) {
	best, worst = Simple, Simple
	for _, p := range []Part{Concrete, Credible} {
		if score(v, p) > score(v, best) {
			best = p
		}
		if score(v, p) < score(v, worst) {
			worst = p
		}
	}
	return best, worst
}

func score(v *record.Verdict, p Part) float64 {
	return [parts]float64{Simple: v.Simple, Concrete: v.Concrete, True: v.True, Credible: v.Credible}[p]
}

func partOf(name string) Part {
	for p := range parts {
		if p.String() == name {
			return p
		}
	}
	return Simple
}

// sentence gives a phrase a capital and a full stop.
func sentence(phrase string) string {
	if phrase == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(phrase)
	return string(unicode.ToUpper(first)) + phrase[size:] + "."
}
