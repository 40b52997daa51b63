package dated

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// Hit is one place where something out of date is named.
type Hit struct {
	First, End int // words of Text.Words, half open
	prose.Span     // bytes of Text.Source, with signs that belong to the name: Google+
	Entry      *Entry
	// Strength is that of the entry, or less: a release that is only a minimum
	// ("2016 or later") or has lost support lately is a hint.
	Strength Strength
	// Excuse is why it is no fault here; None when it is one.
	Excuse Excuse
}

// Fault says whether the hit is to be reported as dated, and not only as a hint.
func (h Hit) Fault() bool { return h.Strength == Sure && h.Excuse == None }

// newHit makes a hit of words.
func newHit(t *prose.Text, e *Entry, first, end int) Hit {
	return Hit{First: first, End: end, Span: prose.Span{Start: t.Words[first].Start, End: t.Words[end-1].End}, Entry: e, Strength: e.Strength}
}

// Find finds what is out of date at the day asOf, in the order of the text: entries
// that became so later are left out. Of names that overlap the first counts, of those
// that begin at one word the longest. It takes time linear in the text.
func (c *Catalogue) Find(t *prose.Text, asOf time.Time) []Hit {
	var hits []Hit
	for i := 0; i < len(t.Words); {
		w := &t.Words[i]
		patterns := c.firsts.get(t.Source[w.Start:w.End])
		if patterns == nil {
			i++
			continue
		}
		found, end := findAt(t, i, patterns, asOf)
		hits = append(hits, found...)
		i = max(i+1, end)
	}
	excuse(t, hits)
	return hits
}

// findAt finds the longest name at the i-th word: its hits, which are none when it
// became out of date later, and the index after it, 0 when there is no name. Of names
// of one length a product with its versions counts.
func findAt(t *prose.Text, i int, patterns []*pattern, asOf time.Time) (best []Hit, bestEnd int) {
	for _, p := range patterns {
		end := i + len(p.words)
		switch {
		case !p.at(t, i):
		case p.product != nil:
			if end == len(t.Words) || !versionStart(t.Source[t.Words[end-1].End:t.Words[end].Start]) {
				continue
			}
			if hits, after := p.product.versions(t, i, end, asOf); after > bestEnd || after == bestEnd && len(hits) > 0 {
				best, bestEnd = hits, after
			}
		case end > bestEnd:
			best, bestEnd = nil, end
			if !p.entry.Since.After(asOf) {
				h := newHit(t, p.entry, i, end)
				h.Span.End += len(p.tail)
				best = []Hit{h}
			}
		}
	}
	return best, bestEnd
}

// at says whether the pattern stands at the i-th word.
func (p *pattern) at(t *prose.Text, i int) bool {
	end := i + len(p.words)
	if end > len(t.Words) {
		return false
	}
	for k := 1; k < len(p.words); k++ {
		if !joined(t.Source[t.Words[i+k-1].End:t.Words[i+k].Start], p.gaps[k-1]) || fold(t.Word(i+k)) != p.words[k] {
			return false
		}
	}
	for k := i; k < end; k++ {
		if t.Words[k].Is(prose.Link) && !p.link || p.capital && !hasCapitals(t.Word(k), p.written[k-i]) {
			return false
		}
	}
	if p.tail != "" && !tailAt(t.Source[t.Words[end-1].End:], p.tail) {
		return false
	}
	if i > 0 && p.context.notAfter[fold(t.Word(i-1))] || end < len(t.Words) && p.context.unfit(t, end) {
		return false
	}
	return !p.needy || p.context.nearIn(t, i, end)
}

// unfit says whether the word after a name, the i-th, says that it is no name.
func (c *context) unfit(t *prose.Text, i int) bool {
	return c.notBefore[fold(t.Word(i))] || c.notBefore["#"] && t.Words[i].Is(prose.Number)
}

// hasCapitals says whether word has a capital wherever the written form has one.
func hasCapitals(word, written string) bool {
	for k := range min(len(written), len(word)) {
		if 'A' <= written[k] && written[k] <= 'Z' && (word[k] < 'A' || 'Z' < word[k]) {
			return false
		}
	}
	return true
}

// tailAt says whether rest begins with the tail and then ends the word.
func tailAt(rest, tail string) bool {
	rest, ok := strings.CutPrefix(rest, tail)
	if !ok {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// joined says whether words with gap between them may be one name: white space
// without an empty line, and signs such as ® and those of Markdown; or the sign that
// the name has there.
func joined(gap, sign string) bool {
	if sign != "" {
		return strings.TrimSpace(gap) == sign
	}
	if gap == " " {
		return true
	}
	lines := 0
	for _, r := range gap {
		switch r {
		case '\n':
			lines++
		case ' ', '\t', '\r', '\u00a0', '*', '_', '`', '®', '™', '!', '-':
		default:
			return false
		}
	}
	return lines < 2 && gap != ""
}

// versionStart says whether a version may follow a name after gap.
func versionStart(gap string) bool {
	switch gap {
	case " ", "\u00a0", " (", "-", "® ", "™ ", "\n", "'":
		return true
	}
	return false
}

// reach is how many words on either side are looked at for context.
const reach = 40

// nearIn says whether a word of the context stands in the paragraph of the words
// [first, end), outside them.
func (c *context) nearIn(t *prose.Text, first, end int) bool {
	for i := first - 1; i >= max(0, first-reach); i-- {
		if strings.Contains(t.Source[t.Words[i].End:t.Words[i+1].Start], "\n\n") {
			break
		}
		if c.near[fold(t.Word(i))] {
			return true
		}
	}
	for i := end; i < min(len(t.Words), end+reach); i++ {
		if strings.Contains(t.Source[t.Words[i-1].End:t.Words[i].Start], "\n\n") {
			break
		}
		if c.near[fold(t.Word(i))] {
			return true
		}
	}
	return false
}
