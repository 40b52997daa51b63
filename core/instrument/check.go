package instrument

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// This file holds the checks that look at several parts of an instrument.

// maxSlug keeps ids short enough for keys and file names.
const maxSlug = 64

// slug checks an id that becomes part of record keys and file names.
func (r reader) slug(id, thing string, p path) string {
	switch {
	case !r.doc.Defined(p...):
		r.report(p, thing+" has no id", "add an id of letters, digits, hyphens and underscores")
	case len(id) > maxSlug:
		r.report(p, fmt.Sprintf("id is longer than %d characters", maxSlug), "")
	case !isSlug(id):
		hint := "use letters, digits, hyphens and underscores"
		if better := slugOf(id); better != "" {
			hint += fmt.Sprintf(": %q", better)
		}
		r.report(p, fmt.Sprintf("id %q cannot be used in keys and file names", id), hint)
	}
	return id
}

func isSlug(id string) bool {
	outside := func(c rune) bool { return !slugChar(c) && c != '-' && c != '_' }
	return strings.Trim(id, "-") == id && id != "" && !strings.ContainsFunc(id, outside)
}

func slugChar(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// slugOf makes an id of any name; it is empty when no character of it will do.
func slugOf(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(c rune) bool { return !slugChar(c) })
	return strings.Join(words, "-")
}

// columnID checks the id of an item or attribute, which is the head of a column
// in somebody's survey and so may be nearly anything.
func (r reader) columnID(id string, p path) string {
	at := p.at("id")
	hidden := func(c rune) bool { return !unicode.IsPrint(c) }
	switch {
	case !r.doc.Defined(at...):
		r.report(at, thing(p)+" has no id", "add the name of its column as id")
	case strings.TrimSpace(id) == "":
		r.report(at, "id is empty", "write the name of its column")
	case id != strings.TrimSpace(id):
		r.report(at, fmt.Sprintf("id %q has blanks around it", id), fmt.Sprintf("write %q", strings.TrimSpace(id)))
	case strings.ContainsFunc(id, hidden):
		r.report(at, fmt.Sprintf("id %q holds a character that cannot be seen", id), "type it anew")
	}
	return id
}

// thing names what stands at p, the path of an item or attribute.
func thing(p path) string { return p[len(p)-2].(string) }

// checkDimensions finds out whether there are dimensions and whether their ids
// differ.
func (r reader) checkDimensions(in *Instrument) {
	if len(in.Dimensions) == 0 {
		r.report(path{"dimension"}, "instrument has no dimension", "add [[dimension]] with an id, and [[dimension.item]] below it")
	}
	first := map[string]int{}
	for i, d := range in.Dimensions {
		p := path{"dimension", i, "id"}
		if before, taken := first[d.ID]; taken && d.ID != "" {
			r.report(p, fmt.Sprintf("dimension id %q stands twice", d.ID),
				fmt.Sprintf("it first stands on line %d; give each its own", r.line(path{"dimension", before, "id"})))
			continue
		}
		first[d.ID] = i
	}
}

// checkLevels sees to it that all dimensions have a level or none, and that the
// levels run from 1 up without a gap.
func (r reader) checkLevels(in *Instrument) {
	defined := func(i int) bool { return r.doc.Defined("dimension", i, "level") }
	leveled := false
	for i := range in.Dimensions {
		leveled = leveled || defined(i)
	}
	first := map[int]string{}
	for i, d := range in.Dimensions {
		p := path{"dimension", i, "level"}
		switch before, taken := first[d.Level]; {
		case !leveled:
		case !defined(i):
			r.report(p, named("dimension", d.ID)+" has no level, but others have",
				"number all dimensions from 1 at the bottom, or none")
		case d.Level < 1 || d.Level > len(in.Dimensions):
			r.report(p, fmt.Sprintf("level %d is not within 1 and %d, the number of dimensions", d.Level, len(in.Dimensions)),
				"number the dimensions from 1 at the bottom, each once")
		case taken:
			r.report(p, fmt.Sprintf("level %d is already that of dimension %q", d.Level, before),
				"number the dimensions from 1 at the bottom, each once")
		default:
			first[d.Level] = d.ID
		}
	}
}

// column is what a survey's column may be matched by.
type column struct {
	id, text string // text is "" where the file gives none
	path     path
}

func (c column) String() string { return named(thing(c.path), c.id) }

func columnsOf(raw rawInstrument) []column {
	var all []column
	for d, dim := range raw.Dimensions {
		for i, it := range dim.Items {
			all = append(all, column{it.ID, it.Text, path{"dimension", d, "item", i}})
		}
	}
	for i, it := range raw.Outcomes {
		all = append(all, column{it.ID, it.Text, path{"outcome", i}})
	}
	for i, a := range raw.Attributes {
		all = append(all, column{a.ID, a.Text, path{"attribute", i}})
	}
	return all
}

// checkColumns sees to it that no two columns of a survey could be meant by the
// same name. A survey tool heads its columns with ids or with texts, so neither
// may stand twice, nor may one column's id be another's text.
func (r reader) checkColumns(raw rawInstrument) {
	columns := columnsOf(raw)
	ids, texts := map[string]column{}, map[string]column{}
	for _, c := range columns {
		if key := fold(c.id); key != "" {
			if first, taken := ids[key]; taken {
				r.report(c.path.at("id"), r.sameID(c, first), fmt.Sprintf("it first stands on line %d; give each its own", r.line(first.path.at("id"))))
			} else {
				ids[key] = c
			}
		}
		if key := fold(c.text); key != "" {
			if first, taken := texts[key]; taken {
				r.report(c.path.at("text"), fmt.Sprintf("%v has the same text as %v", c, first),
					fmt.Sprintf("it first stands on line %d; columns are found by their text, so each needs its own", r.line(first.path.at("text"))))
			} else {
				texts[key] = c
			}
		}
	}
	for _, c := range columns {
		other, taken := texts[fold(c.id)]
		if taken && fold(other.id) != fold(c.id) {
			r.report(c.path.at("id"), fmt.Sprintf("id %q is also the text of %v", c.id, other),
				"columns are found by id or text, so an id must not be the text of another")
		}
	}
}

func (r reader) sameID(c, first column) string {
	if c.id != first.id {
		return fmt.Sprintf("id %q differs from %q only in upper and lower case or blanks", c.id, first.id)
	}
	return fmt.Sprintf("id %q stands twice", c.id)
}

// placed is an item and where it stands.
type placed struct {
	Item
	path path
}

// checkPairs sees to it that pairs are mutual, and that one half asks for the
// ideal and the other for the practice, on the same range.
func (r reader) checkPairs(in *Instrument) {
	var all []placed
	for d, dim := range in.Dimensions {
		for i, it := range dim.Items {
			all = append(all, placed{it, path{"dimension", d, "item", i}})
		}
	}
	for i, it := range in.Outcomes {
		all = append(all, placed{it, path{"outcome", i}})
	}
	byID, ids := map[string]int{}, make([]string, len(all))
	for i, it := range all {
		ids[i] = it.ID
		if _, taken := byID[it.ID]; !taken {
			byID[it.ID] = i
		}
	}
	for i, it := range all {
		p := it.path.at("pair")
		if !r.doc.Defined(p...) {
			continue
		}
		j, found := byID[it.Pair]
		switch {
		case !found:
			r.report(p, fmt.Sprintf("pair %q is not the id of an item", it.Pair),
				problem.DidYouMean(it.Pair, ids, "name the item that asks the other aspect of the same thing"))
		case j == i || all[j].ID == it.ID:
			r.report(p, "an item cannot be its own pair", "name the item that asks the other aspect of the same thing")
		case all[j].Pair != it.ID:
			r.report(p, fmt.Sprintf("%q is the pair of %q, but not the other way round", it.Pair, it.ID),
				fmt.Sprintf("write pair = %q in item %q", it.ID, it.Pair))
		case j > i:
			r.halves(it, all[j])
		}
	}
}

// halves checks the two items of a mutual pair against each other.
func (r reader) halves(a, b placed) {
	if a.Aspect == "" || b.Aspect == "" || a.Aspect == b.Aspect {
		r.report(b.path.at("pair"), fmt.Sprintf("of the pair %q and %q one must ask for the ideal, the other for the practice", a.ID, b.ID),
			`set aspect = "ideal" on the one and aspect = "practice" on the other`)
	}
	known := a.Scale.Min < a.Scale.Max && b.Scale.Min < b.Scale.Max
	if known && (a.Scale.Min != b.Scale.Min || a.Scale.Max != b.Scale.Max) {
		r.report(b.path.at("pair"), fmt.Sprintf("the pair %q and %q is answered on different ranges", a.ID, b.ID),
			"give both the same min and max, so that they can be compared")
	}
}

// checkKinds sees to it that only groups come in several columns.
func (r reader) checkKinds(in *Instrument) {
	first := map[AttributeKind]int{}
	for i, a := range in.Attributes {
		if a.Kind == KindGroup || a.Kind == "" {
			continue
		}
		if before, taken := first[a.Kind]; taken {
			r.report(path{"attribute", i, "kind"}, fmt.Sprintf("a second attribute of kind %q", a.Kind),
				fmt.Sprintf("the first is %q on line %d; only groups may have several", in.Attributes[before].ID, r.line(path{"attribute", before})))
			continue
		}
		first[a.Kind] = i
	}
}
