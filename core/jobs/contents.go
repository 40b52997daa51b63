package jobs

import (
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/dated"
	"github.com/firstcall-cli/firstcall/core/dates"
	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// stamps finds the dates of which something is said: in the text, in what stands
// around its pages, and in what the file says of itself.
func (f *Facts) stamps(doc *document.Document) {
	for _, s := range dates.Stamps(doc.Text) {
		if s.Kind.Passes() && s.Kind != dates.Closing && f.sectionAt(s.Start) == questionnaire {
			continue // asked of applicants
		}
		f.Stamps = append(f.Stamps, stamp{Stamp: s, source: "text"})
	}
	for _, m := range doc.Margins {
		for _, s := range dates.Stamps(m.Text) {
			words := around(m.Text, s)
			s.Span, s.Label = prose.Span{}, prose.Span{}
			f.Stamps = append(f.Stamps, stamp{Stamp: s, source: "margin", words: words, place: m.Place})
		}
	}
	for _, i := range dates.Intervals(doc.Text) {
		f.Intervals = append(f.Intervals, interval{i.Span, i.Months})
	}
	if at := filled(doc.Text); at != "" {
		f.Inactive = at
	}
	for _, field := range doc.Fields {
		if s, every, ok := dates.Key(field.Key, field.Value); ok {
			if every.Months > 0 {
				f.Intervals = append(f.Intervals, interval{months: every.Months})
			}
			if s.Kind != dates.None {
				f.Stamps = append(f.Stamps, stamp{Stamp: s, source: "front-matter", words: field.Key + ": " + s.Phrase, place: field.Place})
			}
		}
		if quote := inactive(field.Key, field.Value); quote != "" && f.Inactive == "" {
			f.Inactive = quote
		}
	}
}

// filled finds words by which a text says that nobody is looked for any more; empty when
// it has none.
func filled(text string) string {
	for _, words := range []string{"position has been filled", "position is filled", "vacancy has been filled", "vacancy is closed", "no longer accepting applications", "no longer taking applications"} {
		for from := 0; ; {
			at := strings.IndexByte(text[from:], words[0])
			if at < 0 {
				break
			}
			if at += from; at+len(words) <= len(text) && strings.EqualFold(text[at:at+len(words)], words) {
				return text[at : at+len(words)]
			}
			from = at + 1
		}
	}
	return ""
}

// inactive tells from a field whether a document is no longer in use, and gives it as
// it may be quoted.
func inactive(key, value string) string {
	key = key[strings.LastIndexByte(key, '.')+1:]
	value = strings.ToLower(strings.TrimSpace(value))
	said := false
	switch key {
	case "active", "current", "open", "is_open", "hiring", "published", "available":
		said = value == "false" || value == "no"
	case "archived", "closed", "retired", "obsolete", "deprecated", "expired", "filled", "inactive":
		said = value == "true" || value == "yes"
	case "status", "state":
		said = has(" closed archived retired obsolete deprecated expired filled inactive withdrawn superseded ", value)
	}
	if !said {
		return ""
	}
	return key + ": " + value
}

// world finds what is out of date in the world. Notices and questions to applicants are no context for it, but terms for
// people are looked for there as well.
func (f *Facts) world(t *prose.Text, asOf time.Time) {
	for _, h := range dated.English().Find(t, asOf) {
		if h.Excuse != dated.None || h.Entry.Kind != dated.Term && f.skipped(h.Start) {
			continue
		}
		if slices.ContainsFunc(f.Excluding, func(e exclusion) bool { return e.Start < h.Span.End && h.Start < e.End }) {
			continue // told as a word that shuts people out
		}
		f.Dated = append(f.Dated, outOfDate{h.Span, h.Entry, h.Strength == dated.Soft, f.skipped(h.Start) || f.noticed(h.Start)})
	}
}

// skipped says whether a place lies in a section that is no context for contents.
func (f *Facts) skipped(offset int) bool {
	switch f.sectionAt(offset) {
	case legal, questionnaire:
		return true
	}
	return false
}

// noticed says whether a place lies in a paragraph that stands in every document of an
// employer.
func (f *Facts) noticed(offset int) bool {
	return slices.ContainsFunc(f.notices, func(s prose.Span) bool { return s.Start <= offset && offset < s.End })
}

// sectionAt gives the section of a place.
func (f *Facts) sectionAt(offset int) section {
	lo, hi := 0, len(f.blocks)
	for lo < hi {
		mid := (lo + hi) / 2
		if f.blocks[mid].End <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(f.blocks) {
		return opening
	}
	return f.parts[lo]
}

// organization finds what the client file knows of: names that are no longer right,
// words of a former vision, and the values that the document carries.
func (f *Facts) organization(t *prose.Text, k *Known) {
	if k == nil {
		return
	}
	k.find(t, func(first, end int, n name) {
		s := &t.Sentences[sentenceOf(t, first)]
		if n.is == formerValue && !f.ofValues(t, s) || f.historic(t, s, first, end) {
			return
		}
		f.Names = append(f.Names, namesake{wordsSpan(t, first, end), n})
	})
	f.formerVision(t, k)
	f.presentVision(t, k)
	f.carries = make([]bool, len(k.values))
	if len(k.values) == 0 {
		return
	}
	bases := map[string]bool{}
	for i := range t.Words {
		if w := t.Words[i]; w.Kind&(prose.Link|prose.Number) == 0 {
			bases[baseOf(t.Word(i))] = true
		}
	}
	for i, v := range k.values {
		f.carries[i] = len(v.bases) > 0
		for _, b := range v.bases {
			f.carries[i] = f.carries[i] && bases[b]
		}
	}
}

// ofValues says whether a sentence is about what the organization stands for, so that
// a former value is meant and not the ordinary word.
func (f *Facts) ofValues(t *prose.Text, s *prose.Sentence) bool {
	for i := s.FirstWord; i < s.EndWord; i++ {
		if has(" value values believe stand commitment committed principles principle culture ", strings.ToLower(t.Word(i))) {
			return true
		}
	}
	return false
}

// historic says whether a name is told of as one of the past: "formerly Help Desk", "was
// renamed", "moves members from the old plan".
func (f *Facts) historic(t *prose.Text, s *prose.Sentence, first, end int) bool {
	leaving := false
	for i := max(s.FirstWord, first-8); i < first; i++ {
		word := strings.ToLower(t.Word(i))
		leaving = leaving || has(" move moves moving transfer transfers transferring convert converts converting migrate migrates migrating switch switches switching ", word)
		switch {
		case word == "from" && leaving:
			return true
		case i >= first-5 && has(" formerly former previously once ex aka replaces replaced replacing succeeded renamed migrated migrating old legacy discontinued dissolved memory honor honour named ", word):
			return true
		}
	}
	for i := end; i < min(s.EndWord, end+6); i++ {
		word := strings.ToLower(t.Word(i))
		if has(" renamed replaced closed dissolved merged retired discontinued founded formerly founder award scholarship library building foundation fund records ", word) || word == "now" && i > end {
			return true
		}
	}
	return f.negated(t, s, first)
}

// presentVision takes words of the present statements for a tie to them.
func (f *Facts) presentVision(t *prose.Text, k *Known) {
	for si := range t.Sentences {
		s := &t.Sentences[si]
		for i := s.FirstWord; len(k.stands) > 0 && i+runOfVision <= s.EndWord; i++ {
			if run, says := runAt(t, i); says && k.stands[run] {
				f.Purpose = append(f.Purpose, wordsSpan(t, i, i+runOfVision))
				return
			}
		}
	}
}

// formerVision finds runs of words that only the former vision has.
func (f *Facts) formerVision(t *prose.Text, k *Known) {
	if len(k.gone) == 0 {
		return
	}
	for si := range t.Sentences {
		s := &t.Sentences[si]
		for i := s.FirstWord; i+runOfVision <= s.EndWord; i++ {
			run, says := runAt(t, i)
			if !says || !k.gone[run] {
				continue
			}
			end := i + runOfVision
			for end < s.EndWord {
				if next, _ := runAt(t, end-runOfVision+1); !k.gone[next] {
					break
				}
				end++
			}
			f.Vision = append(f.Vision, wordsSpan(t, i, end))
			i = end - 1
		}
	}
}
