// Package form renders an instrument as a questionnaire that people can fill
// in: on paper (Markdown), in a browser (HTML) or as a table (CSV).
//
// The three ask the same questions and name their columns by the ids of the
// instrument, so that what comes back is scored as it is. None of them shows
// how answers are scored: no reverse keys, no favorable steps, and not the
// About texts, which are written for the reader of a report.
package form

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// Options adapts a questionnaire to one round of questions. The zero value
// renders the instrument as it is.
type Options struct {
	// Client and Wave are the same for everyone who answers. They are written
	// into the answers and shown as plain text, never asked. When empty, a form
	// in the browser leaves their columns out.
	Client, Wave string

	// Choices are the answers offered to a group attribute, by attribute id.
	// They replace the values of the instrument; an empty list asks for free
	// text instead.
	Choices map[string][]string

	Title string // instead of the instrument's title
	Intro string // one paragraph below the title; none when empty
}

// How many answers are still laid out side by side, offered as a list of radio
// buttons, or marked rather than typed as a number.
const (
	maxRowLabels    = 7
	maxRadioChoices = 6
	maxRadioSteps   = 11
)

// questionKind is how a question is answered.
type questionKind string

const (
	oneOf  questionKind = "one-of" // radio buttons, boxes on paper
	pick   questionKind = "pick"   // a drop-down list, boxes on paper
	number questionKind = "number" // a number typed in
	text   questionKind = "text"   // free text
)

// layout is how the choices of a one-of question stand.
type layout string

const (
	row   layout = "row"   // words side by side
	steps layout = "steps" // bare numbers side by side
	stack layout = "stack" // one below the other
)

// choice is one answer on offer.
type choice struct {
	Value   string // as it stands in the answers
	Label   string // as it is read
	Default bool
}

// question is one item or one group attribute as the respondent meets it.
type question struct {
	Column   string // id of the item or attribute
	Field    string // name of its form field
	Number   int    // from 1 for items, in the order asked; 0 for attributes
	Text     string
	Kind     questionKind
	Layout   layout
	Choices  []choice
	Hint     string // what bare numbers mean; may be empty
	Whole    bool   // a number without decimals
	Min, Max int    // of a number
}

// section is a run of questions under one heading.
type section struct {
	ID        string
	Title     string
	Questions []question
}

// constant is a column with the same value in every row.
type constant struct {
	Column, Field, Value string
}

// sheet is a questionnaire ready to be rendered.
type sheet struct {
	Instrument string // id
	Title      string
	Intro      string
	Constants  []constant
	Sections   []section  // items
	AboutYou   []question // group attributes
	Columns    []string   // ids in the order of the answers: constants, attributes, items
	Items      int
}

// newSheet lays out the questionnaire, or says which option does not fit the
// instrument.
func newSheet(in *instrument.Instrument, opt Options) (*sheet, error) {
	choices, err := offered(in, opt.Choices)
	if err != nil {
		return nil, err
	}
	s := &sheet{Instrument: in.ID, Title: cmp.Or(oneLine(opt.Title), oneLine(in.Title)), Intro: oneLine(opt.Intro)}
	fixed := []struct {
		kind  instrument.AttributeKind
		value string
	}{{instrument.KindClient, opt.Client}, {instrument.KindWave, opt.Wave}}
	for _, f := range fixed {
		value, err := cell(string(f.kind), f.value)
		if err != nil {
			return nil, err
		}
		if value == "" {
			continue
		}
		id, err := fixedColumn(in, f.kind)
		if err != nil {
			return nil, err
		}
		s.Constants = append(s.Constants, constant{id, s.addColumn(id), value})
	}
	for _, a := range in.Attributes {
		if asked(a) {
			q := attributeQuestion(a, choices[a.ID])
			q.Field = s.addColumn(a.ID)
			s.AboutYou = append(s.AboutYou, q)
		}
	}
	for i, d := range in.Dimensions {
		s.addSection(fmt.Sprintf("section-%d", i+1), d.Title, d.Items)
	}
	s.addSection("section-overall", "Overall", in.Outcomes)
	return s, nil
}

// addColumn appends a column and returns the name of its form field. Fields go
// by the column's place because an id such as "submit" means something else to
// a browser.
func (s *sheet) addColumn(id string) string {
	s.Columns = append(s.Columns, id)
	return fmt.Sprintf("c%d", len(s.Columns)-1)
}

func (s *sheet) addSection(id, title string, items []instrument.Item) {
	if len(items) == 0 {
		return
	}
	sec := section{ID: id, Title: oneLine(title)}
	for _, it := range items {
		s.Items++
		q := itemQuestion(it)
		q.Number, q.Field = s.Items, s.addColumn(it.ID)
		sec.Questions = append(sec.Questions, q)
	}
	s.Sections = append(s.Sections, sec)
}

// asked reports whether people are asked for the attribute. A sensitive one is
// never reported by, so there is no reason to collect it; a person's id would
// end the anonymity.
func asked(a instrument.Attribute) bool {
	return a.Kind == instrument.KindGroup && !a.Sensitive
}

// fixedColumn is the id of the column for the client or the wave: the
// attribute of that kind, or the name of the kind where none is declared.
func fixedColumn(in *instrument.Instrument, kind instrument.AttributeKind) (string, error) {
	if a, ok := attributeOf(in, kind); ok {
		return a.ID, nil
	}
	id := string(kind)
	_, taken := in.Attribute(id)
	taken = taken || slices.ContainsFunc(in.Items(), func(it instrument.Item) bool { return it.ID == id })
	if taken {
		return "", problem.Problem{
			What: fmt.Sprintf("instrument %q has no attribute of kind %q, and uses the id %q for something else", in.ID, kind, id),
			Hint: fmt.Sprintf("declare an attribute with kind = %q, or leave the %s out", kind, kind),
		}
	}
	return id, nil
}

func attributeOf(in *instrument.Instrument, kind instrument.AttributeKind) (instrument.Attribute, bool) {
	i := slices.IndexFunc(in.Attributes, func(a instrument.Attribute) bool { return a.Kind == kind })
	if i < 0 {
		return instrument.Attribute{}, false
	}
	return in.Attributes[i], true
}

// offered gives the choices of every attribute that is asked, trimmed.
func offered(in *instrument.Instrument, overrides map[string][]string) (map[string][]string, error) {
	all := map[string][]string{}
	var ids []string
	for _, a := range in.Attributes {
		if asked(a) {
			ids = append(ids, a.ID)
			all[a.ID] = a.Values
		}
	}
	for _, id := range slices.Sorted(maps.Keys(overrides)) {
		if !slices.Contains(ids, id) {
			return nil, problem.Problem{
				What: fmt.Sprintf("choices for %q: the form asks no such attribute", id),
				Hint: problem.DidYouMean(id, ids, unknownAttributeHint(ids)),
			}
		}
		all[id] = overrides[id]
	}
	for _, id := range ids {
		values, err := cleanChoices(id, all[id])
		if err != nil {
			return nil, err
		}
		all[id] = values
	}
	return all, nil
}

func unknownAttributeHint(ids []string) string {
	if len(ids) == 0 {
		return "the instrument declares no attribute of kind \"group\" to ask for"
	}
	return "it asks " + strings.Join(ids, ", ")
}

func cleanChoices(id string, values []string) ([]string, error) {
	var out []string
	for i, v := range values {
		v, err := cell(fmt.Sprintf("choice %d for %q", i+1, id), v)
		switch {
		case err != nil:
			return nil, err
		case v == "":
			return nil, problem.Problem{
				What: fmt.Sprintf("choice %d for %q is empty", i+1, id),
				Hint: "leave it out: people can always choose not to say",
			}
		case slices.Contains(out, v):
			return nil, problem.Problem{What: fmt.Sprintf("choice %d for %q repeats %q", i+1, id, v), Hint: "name each choice once"}
		}
		out = append(out, v)
	}
	return out, nil
}

// cell trims a text that becomes a cell of the answers and refuses what would
// not come back unchanged from one.
func cell(what, value string) (string, error) {
	value = strings.TrimSpace(value)
	if strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) {
		return "", problem.Problem{
			What: what + " holds a line break or another character that cannot be printed",
			Hint: "write it as one line of plain text",
		}
	}
	return value, nil
}

func attributeQuestion(a instrument.Attribute, values []string) question {
	q := question{Column: a.ID, Text: oneLine(a.Text), Kind: text}
	if q.Text == "" || q.Text == a.ID {
		q.Text = spokenID(a.ID)
	}
	if len(values) == 0 {
		return q
	}
	silent := choice{Label: "Prefer not to say", Default: true}
	for _, v := range values {
		q.Choices = append(q.Choices, choice{Value: v, Label: v})
	}
	if len(values) > maxRadioChoices {
		q.Kind = pick
		q.Choices = slices.Insert(q.Choices, 0, silent) // what a closed list shows
		return q
	}
	q.Kind, q.Layout = oneOf, stack
	q.Choices = append(q.Choices, silent)
	return q
}

// spokenID turns an id into something to read: "years-here" into "Years here".
func spokenID(id string) string {
	words := []rune(strings.NewReplacer("-", " ", "_", " ").Replace(id))
	if len(words) > 0 {
		words[0] = unicode.ToUpper(words[0])
	}
	return string(words)
}

func itemQuestion(it instrument.Item) question {
	sc := it.Scale
	q := question{
		Column: it.ID, Text: oneLine(it.Text), Kind: oneOf, Layout: row,
		Whole: !it.Continuous, Min: sc.Min, Max: sc.Max,
	}
	labeled := len(sc.Labels) == sc.Options()
	switch {
	case it.Continuous:
		q.Kind = number
	case sc.Options() > maxRadioSteps && labeled:
		q.Kind = pick
		q.Choices = []choice{{Label: "No answer", Default: true}}
	case sc.Options() > maxRadioSteps:
		q.Kind = number
	case !labeled:
		q.Layout = steps
	case sc.Options() > maxRowLabels:
		q.Layout = stack
	}
	if q.Kind == number {
		q.Hint = fmt.Sprintf("A %s from %d to %d.", map[bool]string{true: "whole number", false: "number"}[q.Whole], sc.Min, sc.Max)
		return q
	}
	if !labeled {
		q.Hint = endsHint(it)
	}
	for v := sc.Min; v <= sc.Max; v++ {
		c := choice{Value: fmt.Sprint(v), Label: fmt.Sprint(v)}
		if labeled {
			c.Label = oneLine(sc.Labels[v-sc.Min])
		}
		q.Choices = append(q.Choices, c)
	}
	return q
}

// endsHint says what the ends of a scale without words mean.
func endsHint(it instrument.Item) string {
	if it.Type == instrument.ENPS {
		return fmt.Sprintf("%d means not at all likely, %d means extremely likely.", it.Scale.Min, it.Scale.Max)
	}
	return fmt.Sprintf("%d is the lowest answer, %d the highest.", it.Scale.Min, it.Scale.Max)
}

// oneLine joins the words of s with single spaces and drops control
// characters, so that a text never breaks the line it stands in.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}
