package org

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

// The most that a text of a file may hold. What is larger was not written by hand,
// and would make records and hints unreadable.
const (
	maxName      = 200      // characters of a name, a title or an id
	maxStatement = 64 << 10 // bytes of a statement, as much as a record carries
	maxNames     = 100      // entries of a list of names
)

// fields checks decoded fields in place and reports faults to doc. Its methods go
// on after a fault, so that all are found.
type fields struct{ doc *tomlfile.Doc }

// place names a place in the file, as for tomlfile.Doc.
type place []any

// at extends p without sharing memory with other extensions of it.
func (p place) at(steps ...any) place { return append(slices.Clip(p), steps...) }

// key names what p leads to: a key, or an entry of a list.
func (p place) key() string {
	if i, ok := p[len(p)-1].(int); ok {
		return fmt.Sprintf("entry %d of %s", i+1, p[:len(p)-1].key())
	}
	return fmt.Sprint(p[len(p)-1])
}

func (f fields) report(p place, what, hint string) { f.doc.Report(what, hint, p...) }

// known says by name, in the form that names share, that it was there before.
type known map[string]bool

// once reports a name that is known already, and says whether it is new.
func (f fields) once(seen known, name string, p place, thing string) bool {
	folded := sameName(name)
	if folded == "" {
		return false
	}
	if seen[folded] {
		f.report(p, fmt.Sprintf("%s %q stands twice", thing, name), "upper and lower case count as the same; keep one")
		return false
	}
	seen[folded] = true
	return true
}

// few reports a list that is longer than most, and gives how many of its entries
// to look at.
func (f fields) few(n, most int, p place) int {
	if n > most {
		f.report(p, fmt.Sprintf("%s has %d entries, and at most %d are read", p.key(), n, most), "")
	}
	return min(n, most)
}

// line checks a text of one line, which may be left out but not empty. One that
// is too long is dropped: looking for names near it would take too long.
func (f fields) line(text *string, p place) { f.sentence(text, p, maxName) }

// sentence is line for a text of at most some number of characters.
func (f fields) sentence(text *string, p place, most int) {
	if !f.doc.Defined(p...) {
		return
	}
	*text = strings.TrimSpace(*text)
	switch {
	case *text == "":
		f.report(p, p.key()+" is empty", "write it, or take it out")
	case strings.ContainsFunc(*text, unicode.IsControl):
		f.report(p, p.key()+" holds a line break or another control character", "write it on one line")
	case utf8.RuneCountInString(*text) > most:
		f.report(p, fmt.Sprintf("%s is longer than %d characters", p.key(), most), "")
		*text = ""
	}
}

// required is line for a text that must be there.
func (f fields) required(text *string, p place, thing, hint string) {
	if !f.doc.Defined(p...) {
		f.report(p, fmt.Sprintf("%s has no %s", thing, p.key()), hint)
		return
	}
	f.line(text, p)
}

// nameOr is line for a name for which something else stands in.
func (f fields) nameOr(name *string, fallback string, p place) {
	f.line(name, p)
	if *name == "" {
		*name = fallback
	}
}

// names checks a list of names, none of which may stand twice or be the taken one.
func (f fields) names(names []string, p place, taken, what string) {
	seen := known{}
	for i := range f.few(len(names), maxNames, p) {
		f.line(&names[i], p.at(i))
		if taken != "" && sameName(names[i]) == sameName(taken) {
			f.report(p.at(i), fmt.Sprintf("%q is %s", names[i], what), "take it out")
		}
		f.once(seen, names[i], p.at(i), "name")
	}
}

// statement checks a text of any number of lines, which may be left out but not
// empty.
func (f fields) statement(text *string, p place) {
	if !f.doc.Defined(p...) {
		return
	}
	*text = strings.TrimSpace(*text)
	control := func(c rune) bool { return unicode.IsControl(c) && !unicode.IsSpace(c) }
	switch {
	case *text == "":
		f.report(p, p.key()+" is empty", "write it, or take it out")
	case len(*text) > maxStatement:
		f.report(p, fmt.Sprintf("%s is longer than %d KiB", p.key(), maxStatement>>10), "")
	case strings.ContainsFunc(*text, control):
		f.report(p, p.key()+" holds a control character", "delete it")
	}
}
