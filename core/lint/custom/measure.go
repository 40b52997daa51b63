package custom

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// measure is a figure of a text.
type measure struct {
	name string
	of   func(t lint.Totals, r prose.Readability) float64
	// whole says that an empty text has it too.
	whole bool
}

// longestSentence is the measure that is told sentence by sentence.
const longestSentence = "longest_sentence"

// measures gives the measures there are.
func measures() []measure {
	return []measure{
		{"words", func(t lint.Totals, _ prose.Readability) float64 { return float64(t.Words) }, true},
		{"sentences", func(t lint.Totals, _ prose.Readability) float64 { return float64(t.Sentences) }, true},
		{"paragraphs", func(t lint.Totals, _ prose.Readability) float64 { return float64(t.Paragraphs) }, true},
		{longestSentence, func(t lint.Totals, _ prose.Readability) float64 { return float64(t.Longest) }, true},
		{"words_per_sentence", func(t lint.Totals, _ prose.Readability) float64 { return float64(t.Words) / float64(t.Sentences) }, false},
		{"letters_per_word", func(t lint.Totals, _ prose.Readability) float64 { return float64(t.Letters) / float64(t.Words) }, false},
		{"syllables_per_word", func(t lint.Totals, _ prose.Readability) float64 { return float64(t.Syllables) / float64(t.Words) }, false},
		{"flesch", func(_ lint.Totals, r prose.Readability) float64 { return r.Flesch }, false},
		{"flesch_kincaid", func(_ lint.Totals, r prose.Readability) float64 { return r.FleschKincaid }, false},
		{"gunning_fog", func(_ lint.Totals, r prose.Readability) float64 { return r.GunningFog }, false},
		{"smog", func(_ lint.Totals, r prose.Readability) float64 { return r.SMOG }, false},
		{"ari", func(_ lint.Totals, r prose.Readability) float64 { return r.ARI }, false},
		{"coleman_liau", func(_ lint.Totals, r prose.Readability) float64 { return r.ColemanLiau }, false},
		{"lix", func(_ lint.Totals, r prose.Readability) float64 { return r.LIX }, false},
	}
}

// Measures lists the names that a threshold may have.
func Measures() []string {
	var names []string
	for _, m := range measures() {
		names = append(names, m.name)
	}
	return names
}

// thresholdRule makes a rule of a threshold.
func (r reader) thresholdRule(rule *lint.Rule, raw rawThreshold, w words, p path) {
	names := Measures()
	at := slices.Index(names, raw.Measure)
	switch {
	case raw.Measure == "":
		r.report(p.at("measure"), "threshold has no measure", "known: "+strings.Join(names, ", "))
	case at < 0:
		r.report(p.at("measure"), fmt.Sprintf("unknown measure %q", raw.Measure), problem.DidYouMean(raw.Measure, names, "known: "+strings.Join(names, ", ")))
	}
	switch {
	case raw.Above == nil && raw.Below == nil:
		r.report(p.at("above"), "threshold has no limit", "write above = 40 to report what is more, below = 8 to report what is less")
	case raw.Above != nil && raw.Below != nil && *raw.Above < *raw.Below:
		r.report(p.at("below"), "everything is above or below these limits", "above must be the larger one: what lies between is good")
	}
	r.checkMessage(w, p[:len(p)-1], "{value}", "{limit}")
	if at < 0 {
		return
	}
	th := threshold{measure: measures()[at], rawThreshold: raw, words: w}
	rule.Check = func(p *lint.Pass) {
		lint.TotalsOf(p)
		if raw.Measure == longestSentence && raw.Above != nil {
			th.sentences(p)
		}
	}
	rule.Whole = th.text
}

// threshold is the limits of a measure.
type threshold struct {
	rawThreshold
	measure measure
	words   words
}

// sentences reports each sentence that is too long.
func (th threshold) sentences(p *lint.Pass) {
	for _, par := range p.Text.Paragraphs {
		if par.Kind == prose.Heading {
			continue
		}
		for i := par.FirstSentence; i < par.EndSentence; i++ {
			if n := p.Text.CountSentence(i).Words; float64(n) > *th.Above {
				p.Report(p.Text.Sentences[i].Span, "%s", th.message("sentence has %s words", "above", float64(n), *th.Above))
			}
		}
	}
}

// text reports the text when it is beyond a limit.
func (th threshold) text(p *lint.Pass) {
	sum := lint.TotalsOf(p)
	formulas, err := sum.Readability()
	if err != nil && !th.measure.whole {
		return // there is nothing to measure
	}
	name := strings.ReplaceAll(th.measure.name, "_", " ")
	value := th.measure.of(sum, formulas)
	switch {
	case th.Above != nil && value > *th.Above && th.measure.name != longestSentence:
		p.Report(prose.Span{}, "%s", th.message(name+" is %s", "above", value, *th.Above))
	case th.Below != nil && value < *th.Below:
		p.Report(prose.Span{}, "%s", th.message(name+" is %s", "below", value, *th.Below))
	}
}

// message words a value beyond a limit; usual has a place for the value.
func (th threshold) message(usual, side string, value, limit float64) string {
	shown, bound := number(value), number(limit)
	if th.words.message != "" {
		return strings.NewReplacer("{value}", shown, "{limit}", bound).Replace(th.words.message)
	}
	return fmt.Sprintf("%s: %s, %s %s", th.words.title, fmt.Sprintf(usual, shown), side, bound)
}

// number writes a figure with one decimal at most.
func number(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}
