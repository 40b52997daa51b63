package vale

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// variables gives what a formula may name. Elements that a text of ours doesn't
// have are 0, as in Vale.
func variables(t lint.Totals) map[string]float64 {
	return map[string]float64{
		"words":              float64(t.Words),
		"sentences":          float64(t.Sentences),
		"syllables":          float64(t.Syllables),
		"characters":         float64(t.Characters),
		"complex_words":      float64(t.Complex),
		"long_words":         float64(t.Long),
		"polysyllabic_words": float64(t.Polysyllables),
		"paragraphs":         float64(t.Paragraphs),
		"list":               float64(t.Items),
		"pre":                0,
		"blockquote":         0,
	}
}

// metric reports texts for which the condition on a formula holds.
func (c *check) metric() {
	def := &c.def
	// The scope is always the whole text.
	formula, what := parseFormula(def.formula)
	if what != "" {
		c.badFormula("formula", what)
		return
	}
	// The condition goes on where the formula ends.
	condition, what := parseFormula(result + " " + def.condition)
	if what != "" {
		c.badFormula("condition", what)
		return
	}
	c.measure(func(t lint.Totals) (float64, bool) {
		v := variables(t)
		value := formula(v)
		v[result] = value
		return value, condition(v) != 0
	})
}

// badFormula reports a formula, or leaves the rule out where it names what is
// not counted here.
func (c *check) badFormula(key, what string) {
	if strings.HasPrefix(what, "heading") {
		c.note(c.def.line(key), "rule is left out: levels of headings are not told apart", "")
		return
	}
	c.fault(c.def.line(key), fmt.Sprintf("%s can't be read: %s", key, what), "it may have numbers, + - * / ( ), math.sqrt and the like, and words, sentences, syllables, ...")
}

// measure makes the rule report texts that have words and for which over holds.
func (c *check) measure(over func(lint.Totals) (value float64, yes bool)) {
	c.rule.Check = func(pass *lint.Pass) { lint.TotalsOf(pass) }
	c.rule.Whole = func(pass *lint.Pass) {
		t := lint.TotalsOf(pass)
		if t.Words == 0 || t.Sentences == 0 {
			return
		}
		if value, yes := over(t); yes && !math.IsNaN(value) && !math.IsInf(value, 0) {
			pass.Report(prose.Span{}, "%s", c.say(fmt.Sprintf("%.2f", value)))
		}
	}
}

// readability is Vale's check before it had formulas: the mean of some grades.
func (c *check) readability() {
	known := []string{"Gunning Fog", "Coleman-Liau", "Flesch-Kincaid", "SMOG", "Automated Readability"}
	for _, m := range c.def.metrics {
		if !slices.Contains(known, m) {
			c.fault(c.def.line("metrics"), fmt.Sprintf("unknown metric %q", m), "known: "+strings.Join(known, ", "))
		}
	}
	if len(c.def.metrics) == 0 {
		c.fault(c.def.line("metrics"), "rule has no metrics", "known: "+strings.Join(known, ", "))
	}
	c.measure(func(t lint.Totals) (float64, bool) {
		r, err := t.Readability()
		if err != nil {
			return 0, false
		}
		grades := map[string]float64{
			"Gunning Fog": r.GunningFog, "Coleman-Liau": r.ColemanLiau, "Flesch-Kincaid": r.FleschKincaid,
			"SMOG": r.SMOG, "Automated Readability": r.ARI,
		}
		sum := 0.0
		for _, m := range c.def.metrics {
			sum += grades[m]
		}
		value := sum / float64(len(c.def.metrics))
		return value, value > c.def.grade
	})
}
