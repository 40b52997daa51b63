package survey

import (
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/instrument"
	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// MapFile is what the user says about exports in a mapping file: which column
// is which, what answers mean, and how the values of groups are called.
//
//	[columns]
//	care-1 = "Q13_1"              # the heading, any of its rows
//	care-2 = 14                   # or the number of the column
//	client = "Company"            # also wave, respondent, time, and attributes
//
//	[answers]
//	"Stimme zu" = 4               # for every item
//	"Weiß nicht" = "missing"
//	[answers.care-2]              # for one item, or for the items of a dimension
//	A1 = 5
//	[answers.hours]               # decimals for continuous items
//	"half an hour" = 0.5
//
//	[values.department]
//	"Vertrieb" = "Sales"
//
// Answers for an item go before those for its dimension, and these before
// those for all. All go before the labels of the scale.
type MapFile struct {
	doc     *tomlfile.Doc
	columns map[string]toldColumn
	answers map[string]*answers          // by item
	values  map[string]map[string]string // by column; text, folded loosely, to its translation
}

// toldColumn is how the user calls a column: by a heading or by its number.
type toldColumn struct {
	heading string
	number  int // 1-based; 0 when there is a heading
}

// answers say what texts and codes mean, whatever the scale says. Items with
// the same answers share them.
type answers struct {
	byText   map[string]int32 // folded loosely; Missing for no answer, between for what only a continuous item can be answered by
	byNumber map[int64]int32  // for texts that are whole numbers

	texts   map[string]meaning // the same, for continuous items
	numbers map[int64]meaning
}

// meaning is what a text stands for: no answer, or a number. The number is a
// whole one unless it is for continuous items.
type meaning struct {
	missing bool
	number  float64
}

// between stands for a number between two steps of a scale.
const between = Missing + 1

// whole is the meaning on a scale of whole steps.
func (m meaning) whole() int32 {
	switch {
	case m.missing:
		return Missing
	case m.number != math.Trunc(m.number) || math.Abs(m.number) >= math.MaxInt32:
		return between
	}
	return int32(m.number)
}

// mapFile is the shape of the file.
type mapFile struct {
	Columns map[string]any               `toml:"columns"`
	Answers map[string]any               `toml:"answers"`
	Values  map[string]map[string]string `toml:"values"`
}

// answersTo returns what the user says that answers to an item mean, or nil.
func (f *MapFile) answersTo(item string) *answers {
	if f == nil {
		return nil
	}
	return f.answers[item]
}

// OpenMap reads the mapping file at path.
func OpenMap(path string, in *instrument.Instrument) (*MapFile, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read mapping: %w", err)
	}
	return ReadMap(path, src, in)
}

// ReadMap reads a mapping file. The name is how the user calls it. The error
// is a problem.List with everything that can be known to be wrong without a
// file of answers.
func ReadMap(file string, src []byte, in *instrument.Instrument) (*MapFile, error) {
	var content mapFile
	doc, err := tomlfile.Decode(file, src, &content)
	if doc == nil {
		return nil, err
	}
	r := mapReader{doc: doc, in: in, f: &MapFile{doc: doc, answers: map[string]*answers{}}}
	r.columns(content.Columns)
	r.allAnswers(content.Answers)
	r.values(content.Values)
	if err := doc.Err(); err != nil {
		return nil, err
	}
	return r.f, nil
}

// mapReader is a MapFile in the making.
type mapReader struct {
	doc *tomlfile.Doc
	in  *instrument.Instrument
	f   *MapFile
}

// roles are the names in [columns] besides those of items and attributes.
func roles() []string {
	return []string{string(RoleClient), string(RoleWave), string(RoleRespondent), string(RoleTime)}
}

func (r mapReader) columns(table map[string]any) {
	known := roles()
	for _, it := range r.in.Items() {
		known = append(known, it.ID)
	}
	for _, a := range r.in.Attributes {
		known = append(known, a.ID)
	}
	r.f.columns = map[string]toldColumn{}
	for _, id := range r.doc.Keys("columns") {
		if !slices.Contains(known, id) {
			r.doc.Report(fmt.Sprintf("%q is no item and no attribute of %q", id, r.in.ID),
				problem.DidYouMean(id, known, "on the left stands the id of an item or an attribute, or one of "+strings.Join(roles(), ", ")), "columns", id)
			continue
		}
		switch v := table[id].(type) {
		case string:
			if folded(v) == "" {
				r.doc.Report(fmt.Sprintf("%q has a blank heading", id), "give the heading as it stands in the file, or the number of the column", "columns", id)
			}
			r.f.columns[id] = toldColumn{heading: v}
		case int64:
			if v < 1 || v > MaxColumns {
				r.doc.Report(fmt.Sprintf("%q is column %d, which no file has", id, v), "columns are counted from 1", "columns", id)
			}
			r.f.columns[id] = toldColumn{number: int(v)}
		default:
			r.doc.Report(fmt.Sprintf("%q must be a heading in quotes, or the number of a column", id), "", "columns", id)
		}
	}
}

// allAnswers reads [answers] and the tables in it, and makes the answers of
// each item.
func (r mapReader) allAnswers(table map[string]any) {
	tables := map[string]map[string]meaning{}
	for _, id := range r.doc.Keys("answers") {
		inner, ok := table[id].(map[string]any)
		if !ok {
			continue
		}
		if items := r.itemsOf(id); len(items) == 0 {
			r.doc.Report(fmt.Sprintf("%q is no item and no dimension of %q", id, r.in.ID), problem.DidYouMean(id, r.answerable(), ""), "answers", id)
		} else {
			tables[id] = r.answers(inner, items, "answers", id)
		}
	}
	everywhere := r.answers(table, r.in.Items(), "answers")
	shared := map[string]*answers{}
	give := func(it instrument.Item, dimension string) {
		id := dimension
		if tables[it.ID] != nil {
			id = "\x00" + it.ID
		}
		if shared[id] == nil {
			shared[id] = newAnswers(everywhere, tables[dimension], tables[it.ID])
		}
		if len(shared[id].byText) > 0 {
			r.f.answers[it.ID] = shared[id]
		}
	}
	for _, d := range r.in.Dimensions {
		dimension := d.ID
		if tables[dimension] == nil {
			dimension = ""
		}
		for _, it := range d.Items {
			give(it, dimension)
		}
	}
	for _, it := range r.in.Outcomes {
		give(it, "")
	}
}

// answerable lists what may have answers of its own.
func (r mapReader) answerable() []string {
	var ids []string
	for _, d := range r.in.Dimensions {
		ids = append(ids, d.ID)
	}
	for _, it := range r.in.Items() {
		ids = append(ids, it.ID)
	}
	return ids
}

// itemsOf returns an item by its id, or a dimension's items.
func (r mapReader) itemsOf(id string) []instrument.Item {
	for _, it := range r.in.Items() {
		if it.ID == id {
			return []instrument.Item{it}
		}
	}
	for _, d := range r.in.Dimensions {
		if d.ID == id {
			return d.Items
		}
	}
	return nil
}

// answers reads one table of them. What they stand for must be on the scale of
// one of the items.
func (r mapReader) answers(table map[string]any, items []instrument.Item, path ...any) map[string]meaning {
	out := map[string]meaning{}
	first := map[string]string{}
	for _, label := range r.doc.Keys(path...) {
		at := append(slices.Clip(path), label)
		if _, isTable := table[label].(map[string]any); isTable && len(path) == 1 {
			continue
		}
		key := foldedLoosely(label)
		value, ok := r.meaning(table[label], items, at)
		switch other, twice := first[key]; {
		case !ok:
		case key == "":
			r.doc.Report("an answer is blank", "a blank cell is no answer anyway", at...)
		case twice:
			r.doc.Report(fmt.Sprintf("%q is the same answer as %q", label, other), "case, spaces and the shape of quotes make no difference; keep one", at...)
		default:
			first[key], out[key] = label, value
		}
	}
	return out
}

// missingWord is how [answers] says that something is no answer.
const missingWord = "missing"

func (r mapReader) meaning(v any, items []instrument.Item, at []any) (m meaning, ok bool) {
	number, isNumber := 0.0, false
	switch v := v.(type) {
	case string:
		if strings.EqualFold(strings.TrimSpace(v), missingWord) {
			return meaning{missing: true}, true
		}
	case int64:
		number, isNumber = float64(v), true
	case float64:
		number = v
		isNumber = slices.ContainsFunc(items, func(it instrument.Item) bool { return it.Continuous })
	}
	kind := "a whole number"
	for _, it := range items {
		if it.Continuous {
			kind = "a number"
		}
		fits := number >= float64(it.Scale.Min) && number <= float64(it.Scale.Max)
		if isNumber && fits && (it.Continuous || number == math.Trunc(number)) {
			return meaning{number: number}, true
		}
	}
	if isNumber {
		hint := fmt.Sprintf("the scale goes from %d to %d", items[0].Scale.Min, items[0].Scale.Max)
		r.doc.Report(fmt.Sprintf("%q stands for %v, which is not on the scale", at[len(at)-1], v), hint, at...)
		return meaning{}, false
	}
	r.doc.Report(fmt.Sprintf("%q must stand for %s on the scale, or for %q", at[len(at)-1], kind, missingWord), "", at...)
	return meaning{}, false
}

// newAnswers merges tables, of which a later one goes before an earlier one.
func newAnswers(tables ...map[string]meaning) *answers {
	a := &answers{byText: map[string]int32{}, byNumber: map[int64]int32{}, texts: map[string]meaning{}, numbers: map[int64]meaning{}}
	for _, t := range tables {
		maps.Copy(a.texts, t)
	}
	for _, text := range slices.Sorted(maps.Keys(a.texts)) {
		m := a.texts[text]
		a.byText[text] = m.whole()
		if n, ok := parseNumber([]byte(text)); ok && !n.fraction {
			a.byNumber[n.floor], a.numbers[n.floor] = m.whole(), m
		}
	}
	return a
}

func (r mapReader) values(tables map[string]map[string]string) {
	r.f.values = map[string]map[string]string{}
	for _, column := range r.doc.Keys("values") {
		out := map[string]string{}
		first := map[string]string{}
		for _, text := range r.doc.Keys("values", column) {
			key, value := foldedLoosely(text), folded(tables[column][text])
			if other, twice := first[key]; twice {
				r.doc.Report(fmt.Sprintf("%q is the same value as %q", text, other), "case, spaces and the shape of quotes make no difference; keep one", "values", column, text)
			}
			if strings.ContainsFunc(value, unicode.IsControl) {
				r.doc.Report(fmt.Sprintf("what %q is called holds a control character", text), "a name holds only letters, digits, signs and spaces", "values", column, text)
			}
			first[key], out[key] = text, value
		}
		r.f.values[column] = out
	}
}
