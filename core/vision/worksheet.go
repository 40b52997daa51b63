package vision

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
	"github.com/firstcall-cli/firstcall/core/record"
)

// sheet gathers quotations for the worksheet, each blank's first few.
type sheet struct {
	who, does, forWhom, seen, when []string
}

// Quotations of one blank, and words of one.
const (
	mostQuoted   = 4
	longestQuote = 8
)

// gather adds what a piece has for the worksheet.
func (s *sheet) gather(f *Facts, t *prose.Text) {
	if len(s.who) == mostQuoted && len(s.does) == mostQuoted && len(s.forWhom) == mostQuoted && len(s.seen) == mostQuoted && len(s.when) == mostQuoted {
		return
	}
	for _, h := range f.Marks.Hits {
		switch h.List {
		case lexicon.Actors:
			if w := h.Phrase.Text; w == "you" || w == "us" {
				continue
			}
			quote(&s.who, hitSpan(t, h).In(t.Source))
		case lexicon.Behaviors:
			if len(s.does) < mostQuoted && f.Marks.Entries[h.First].Noun < 8 && !f.Marks.InAny(h.First, noAct) {
				quote(&s.does, f.negated(t, h))
			}
		case lexicon.Customers, lexicon.SecondPerson:
			quote(&s.forWhom, hitSpan(t, h).In(t.Source))
		case lexicon.Manners:
			if f.negation(t, h.First) >= 0 {
				continue
			}
			quote(&s.seen, hitSpan(t, h).In(t.Source))
		case lexicon.Standards:
			if len(s.when) == mostQuoted || contains(" until unless before after if when within then ", lexicon.Fold(clause(t, h))) {
				continue
			}
			quote(&s.when, clause(t, h))
		}
	}
}

// filled gives the worksheet; a blank is a list of nothing.
func (s *sheet) filled() *record.Worksheet {
	quotes := func(of []string) []string { return append([]string{}, of...) }
	return &record.Worksheet{Who: quotes(s.who), Does: quotes(s.does), ForWhom: quotes(s.forWhom), Seen: quotes(s.seen), When: quotes(s.when)}
}

// quote adds a quotation that is not there yet.
func quote(to *[]string, words string) {
	if len(*to) == mostQuoted {
		return
	}
	words = strings.Join(strings.Fields(words), " ")
	if !slices.ContainsFunc(*to, func(w string) bool { return strings.EqualFold(w, words) || strings.Contains(w, words) }) {
		*to = append(*to, words)
	}
}

// clause gives a phrase with what follows it up to the next mark or joint, of a
// few words.
func clause(t *prose.Text, h lexicon.Hit) string {
	end := h.End
	for end < len(t.Words) && end-h.First < longestQuote {
		gap := t.Source[t.Words[end-1].End:t.Words[end].Start]
		if gap != " " && strings.ContainsAny(gap, ".,;:!?()—–\n") {
			break
		}
		if w := lexicon.Fold(t.Word(end)); w == "and" || w == "or" || w == "but" {
			break
		}
		end++
	}
	// A quotation that ends with "to" or "the" is cut short.
	for end > h.End && little(lexicon.Fold(t.Word(end-1))) {
		end--
	}
	return wordsSpan(t, h.First, end).In(t.Source)
}

// negated is clause with the word before it that says it is not done.
func (f *Facts) negated(t *prose.Text, h lexicon.Hit) string {
	quoted := clause(t, h)
	if n := f.negation(t, h.First); n >= 0 {
		return t.Source[t.Words[n].Start:t.Words[h.First].Start] + quoted
	}
	return quoted
}

func little(w string) bool {
	return contains(" to the a an of in on at by for from with our your their its that which who as is are be so and or this these each every it they we ", w)
}

// staffTest gives the questions to try a statement with five employees.
func staffTest(b *record.Statement) []string {
	us := "us"
	if b.Department != "" {
		us = b.Department
	}
	return []string{
		"Without warning, ask five people to say it in their own words. How many give the same answer?",
		"Ask each: what will you do on Monday that you would not do without it?",
		"Think of the last customer who was upset. What does it tell you to do?",
		"How would a customer notice that we keep it?",
		"Put a competitor's name in place of " + us + ". Does it still fit?",
	}
}
