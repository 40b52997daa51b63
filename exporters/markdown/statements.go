package markdown

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Limits of the part about statements.
const (
	maxStatements = 30  // rows of the table
	maxDetails    = 12  // statements that are gone into
	maxText       = 600 // characters of a statement that are quoted
	maxKeep       = 3
	maxChanges    = 3
)

// statementKinds are the kinds of statements in words, in the order in which they
// are drawn.
var statementKinds = []struct{ kind, words string }{
	{"vision", "Vision"}, {"mission", "Mission"}, {"service-vision", "Service vision"}, {"values", "Values"},
	{"promise", "Promise"}, {"slogan", "Slogan"},
}

func kindOrder(kind string) int {
	for i, k := range statementKinds {
		if k.kind == kind {
			return i
		}
	}
	return len(statementKinds)
}

// kindWords says what sort of statement it is, and of which department; fit to be
// printed.
func kindWords(s record.Statement) string {
	words := sentenceCase(s.Kind)
	if at := kindOrder(s.Kind); at < len(statementKinds) {
		words = statementKinds[at].words
	}
	if s.Scope == "department" {
		words += ", " + orElse(esc(cut(s.Department, maxTitle)), "a department")
	}
	return words
}

// sentenceCase makes words of an id that this version does not know.
func sentenceCase(id string) string {
	text := esc(cut(strings.ReplaceAll(id, "-", " "), maxTitle))
	if text == "" {
		return "Statement"
	}
	return upperFirst(text)
}

// statementsPart draws the statements: all at a glance, then each with what to keep
// and what to change.
func (d *dossier) statementsPart(depth int) {
	d.para(d.statementsLine())
	d.statementTable()
	detailed, left := worst(d.statements, maxDetails)
	for _, s := range detailed {
		d.statement(s.body, depth)
	}
	if left > 0 {
		d.para(fmt.Sprintf("These are the %d statements with the lowest overall figures. The others stand in the table only.", len(detailed)))
	}
	d.staffTest(depth)
}

// worst returns at most so many statements, those that need most, in the order in
// which they are drawn.
func worst(all []paper[record.Statement], most int) (some []paper[record.Statement], left int) {
	if len(all) <= most {
		return all, 0
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(overallOf(all[a].body), overallOf(all[b].body)) })
	order = order[:most]
	slices.Sort(order)
	for _, i := range order {
		some = append(some, all[i])
	}
	return some, len(all) - most
}

// overallOf is a statement's overall figure; above all others where there is none.
func overallOf(s record.Statement) float64 {
	if s.Verdict == nil {
		return 101
	}
	return s.Verdict.Overall
}

// statementsLine says which statements would guide people best and least.
func (d *dossier) statementsLine() string {
	judged := slices.DeleteFunc(slices.Clone(d.statements), func(s paper[record.Statement]) bool { return s.body.Verdict == nil })
	text := things(int64(len(d.statements)), "statement was", "statements were") + " read"
	if n := len(d.statements) - len(judged); n > 0 {
		text += fmt.Sprintf(", of which %d could not be judged", n)
	}
	text += "."
	if len(judged) == 0 {
		return text
	}
	slices.SortStableFunc(judged, func(a, b paper[record.Statement]) int { return cmp.Compare(overallOf(b.body), overallOf(a.body)) })
	best, least := judged[0].body, judged[len(judged)-1].body
	named := func(s record.Statement) string {
		return fmt.Sprintf("%s (%d)", d.statementName(s), roundHalfUp(overallOf(s)))
	}
	switch {
	case len(judged) == 1:
		text += fmt.Sprintf(" Overall it has **%d of 100**.", roundHalfUp(overallOf(best)))
	case roundHalfUp(overallOf(best)) > roundHalfUp(overallOf(least)):
		text += fmt.Sprintf(" The one that would guide people best is **%s**, the one that would guide them least **%s**.", named(best), named(least))
	}
	return text
}

// statementName is the name of a statement for people: its kind, with its id where
// that does not tell it from others.
func (d *dossier) statementName(s record.Statement) string {
	words := kindWords(s)
	same := 0
	for _, o := range d.statements {
		if kindWords(o.body) == words {
			same++
		}
	}
	if same > 1 {
		words += " (" + esc(cut(s.ID, maxTitle)) + ")"
	}
	return words
}

// provisionalMark marks a figure that rests on the text alone.
const provisionalMark = "†"

// statementTable shows all statements at a glance.
func (d *dossier) statementTable() {
	cols := []column{{"Statement", false}, {"Kind", false}, {"Overall", true}, {"Simple", true}, {"Concrete", true}, {"True", true}, {"Credible", true}}
	some, left := first(d.statements, maxStatements)
	var rows [][]string
	marked := false
	for _, s := range some {
		row := []string{esc(cut(s.body.ID, maxTitle)), kindWords(s.body)}
		v := s.body.Verdict
		if v == nil {
			rows = append(rows, append(row, "not judged", "–", "–", "–", "–"))
			continue
		}
		for _, f := range []struct {
			name  string
			value float64
		}{{"overall", v.Overall}, {"simple", v.Simple}, {"concrete", v.Concrete}, {"true", v.True}, {"credible", v.Credible}} {
			cell := fmt.Sprint(roundHalfUp(f.value))
			if slices.Contains(v.Provisional, f.name) {
				cell, marked = cell+provisionalMark, true
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	d.table(cols, rows)
	if left > 0 {
		d.para(notListed(left, "statement", "statements", ""))
	}
	d.para("Each figure answers a question, from 0 (no) to 100 (yes). **Overall:** would it guide what employees do? **Simple:** can a new employee understand and repeat it? "+
		"**Concrete:** could one see or check who does what for whom? **True:** does it fit this organization? **Credible:** can it be kept?", d.corpusWords())
	if marked {
		d.para(provisionalMark + " Provisional: it rests on the text alone, as not enough was known of the organization.")
	}
}

// statement draws one statement.
func (d *dossier) statement(s record.Statement, depth int) {
	d.heading(depth, d.statementName(s))
	if text := esc(cut(s.Text, maxText)); text != "" {
		d.block("> " + text)
	}
	said := []string{"This statement was not judged.", asSentence(s.Undefined["verdict"])}
	if s.Verdict != nil {
		said = []string{fmt.Sprintf("**%d of 100.**", roundHalfUp(s.Verdict.Overall))}
	}
	if s.Summary == nil {
		d.para(said...)
		return
	}
	d.para(append(said, asSentence(s.Summary.Line))...)
	keep, _ := first(s.Summary.Keep, maxKeep)
	change, left := first(s.Summary.Change, maxChanges)
	d.points("**Keep**", mapped(keep, asSentence))
	lines := mapped(change, asSentence)
	if left > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", left))
	}
	d.points("**Change, the most pressing first**", lines)
}

// corpusWords says what other statements have, when all compare with the same ones.
func (d *dossier) corpusWords() string {
	var with *record.Standing
	for _, s := range d.statements {
		st := s.body.Standing
		if st == nil || st.CorpusN < 1 {
			continue
		}
		if with != nil && (with.CorpusN != st.CorpusN || with.CorpusMedian != st.CorpusMedian) {
			return ""
		}
		with = st
	}
	if with == nil {
		return ""
	}
	return fmt.Sprintf("To compare: of %s public statements, half have %d or less overall.", count(int64(with.CorpusN)), roundHalfUp(with.CorpusMedian))
}

// points writes a list under a few words, if there is something in it.
func (d *dossier) points(head string, lines []string) {
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == "" })
	if len(lines) > 0 {
		d.para(head)
		d.bullets(lines)
	}
}

// staffTest writes the questions for employees once, when they are the same for
// every statement.
func (d *dossier) staffTest(depth int) {
	var questions []string
	for _, s := range d.statements {
		if q := s.body.StaffTest; len(q) > 0 && questions != nil && !slices.Equal(q, questions) {
			return
		} else if len(q) > 0 {
			questions = q
		}
	}
	if len(questions) == 0 {
		return
	}
	d.heading(depth, "A test with five employees")
	d.para("Figures about a text are no more than a hint. Whether a statement guides people, they can tell best themselves.")
	d.bullets(mapped(questions, asSentence))
}
