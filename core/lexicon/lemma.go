package lexicon

import "strings"

// Base gives the form under which a dictionary has a word: of replies, replied and
// replying that is reply, of warmly, warmer and warmness it is warm. It is empty
// for a word of which no form is known. The base of a base is itself.
//
// Where a form is of several words the commoner use is taken: building is of build.
func (l *Lexicon) Base(word string) string {
	key := Fold(word)
	// Each step shortens the word or undoes an irregular form: politenesses has two.
	for range 4 {
		shorter := l.shorten(key)
		if shorter == "" {
			break
		}
		key = shorter
	}
	if key == "" || !l.entry(key).Known() {
		return ""
	}
	return key
}

// entry gives what is known of the very form.
func (l *Lexicon) entry(key string) Entry { return l.words[l.index.find(l.words, []byte(key))].entry }

// derivations are the endings that Base takes off, with what stands there before.
// of says of which part of speech the base must be, and kept which uses of the
// form itself forbid it: supply is no form of supple, nor customer of custom.
var derivations = [...]struct {
	ending, base string
	of, kept     func(Entry) bool
}{
	{"iness", "y", isAdjective, nothing}, {"ness", "", isAdjective, nothing},
	{"ily", "y", isAdjective, noAdverb}, {"uly", "ue", isAdjective, noAdverb}, {"ly", "le", isAdjective, noAdverb}, {"ly", "", isAdjective, noAdverb},
	{"iest", "y", isAdjective, mostlyOther}, {"est", "", isAdjective, mostlyOther}, {"est", "e", isAdjective, mostlyOther},
	{"ier", "y", isAdjective, mostlyOther}, {"er", "", isAdjective, mostlyOther}, {"er", "e", isAdjective, mostlyOther},
	{"ies", "y", isNounOrVerb, nothing}, {"es", "e", isNounOrVerb, nothing}, {"es", "", isNounOrVerb, nothing}, {"s", "", isNounOrVerb, nothing},
	{"ied", "y", isVerb, nothing}, {"ed", "e", isVerb, nothing}, {"ed", "", isVerb, nothing},
	{"ing", "e", isVerb, nothing}, {"ing", "", isVerb, nothing},
}

func isAdjective(e Entry) bool  { return e.Adjective > 0 }
func isVerb(e Entry) bool       { return e.Verb > 0 }
func isNounOrVerb(e Entry) bool { return e.Noun+e.Verb > 0 }
func nothing(Entry) bool        { return false }
func noAdverb(e Entry) bool     { return e.Known() && e.Adverb == 0 }
func mostlyOther(e Entry) bool  { return e.Noun+e.Verb >= 5 }

// shorten undoes one inflection or derivation of a folded word; empty when there
// is none.
func (l *Lexicon) shorten(key string) string {
	if len(l.forms[key]) > 0 {
		return "" // the list of irregular words has it as a base
	}
	if base := l.irregular[key]; base != "" {
		return base
	}
	own := l.entry(key)
	for i := range derivations {
		d := &derivations[i]
		stem, ok := strings.CutSuffix(key, d.ending)
		if !ok || d.kept(own) || d.ending == "s" && strings.HasSuffix(stem, "s") {
			continue
		}
		if base := stem + d.base; len(base) > 2 && d.of(l.entry(base)) {
			return base
		}
		// planned, planning, bigger
		if n := len(stem); n > 3 && stem[n-1] == stem[n-2] && d.base == "" && strings.Contains("ed ing er est", d.ending) && d.of(l.entry(stem[:n-1])) {
			return stem[:n-1]
		}
	}
	return ""
}
