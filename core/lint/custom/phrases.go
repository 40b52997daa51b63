package custom

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// maxPhrase is the longest phrase, in words.
const maxPhrase = 20

// phrases is the phrases of several rules, as a tree of words. It is read only
// once made.
type phrases struct {
	root  node
	rules int // how many rules have phrases
}

// node is reached by the words from the root. A first word's key is the word
// folded, that of others has what stands before it in front.
type node struct {
	next map[string]*node
	ends []*phrase // that end here
}

// phrase is one phrase of one rule.
type phrase struct {
	rule        int // index, below phrases.rules
	written     string
	lead, trail string // what else than words it begins and ends with, folded: the "++" of "C++"
	replacement *string
}

// hit is a place of a phrase.
type hit struct {
	span   prose.Span
	phrase *phrase
}

// add adds a phrase, or says what is wrong with it.
func (ps *phrases) add(rule int, written string, replacement *string) (what, hint string) {
	t := prose.Parse(written)
	switch {
	case len(t.Words) == 0:
		return fmt.Sprintf("phrase %q has no word in it", written), "use a pattern"
	case len(t.Sentences) > 1:
		return fmt.Sprintf("phrase %q is more than one sentence", written), "use a pattern"
	case len(t.Words) > maxPhrase:
		return fmt.Sprintf("phrase %q has more than %d words", text(written), maxPhrase), "its first words will do"
	}
	p := &phrase{
		rule:        rule,
		written:     text(written),
		lead:        fold(nil, strings.TrimLeftFunc(written[:t.Words[0].Start], unicode.IsSpace)),
		trail:       fold(nil, strings.TrimRightFunc(written[t.Words[len(t.Words)-1].End:], unicode.IsSpace)),
		replacement: replacement,
	}
	n := &ps.root
	for i := range t.Words {
		key := string(wordKey(nil, t, i, i > 0))
		if n.next == nil {
			n.next = map[string]*node{}
		}
		if n.next[key] == nil {
			n.next[key] = &node{}
		}
		n = n.next[key]
	}
	for _, other := range n.ends {
		if other.rule == rule && other.lead == p.lead && other.trail == p.trail {
			return fmt.Sprintf("phrase %q is there twice", p.written), "delete one; case and spaces make no difference"
		}
	}
	n.ends = append(n.ends, p)
	return "", ""
}

// find gives the places of the phrases in a text, for each rule. Of one rule's
// that overlap, the first and then the longest counts.
func (ps *phrases) find(t *prose.Text) [][]hit {
	hits := make([][]hit, ps.rules)
	var buffer [128]byte
	for _, s := range t.Sentences {
		for i := s.FirstWord; i < s.EndWord; i++ {
			n := &ps.root
			for j := i; j < s.EndWord; j++ {
				key := wordKey(buffer[:0], t, j, j > i)
				next := n.next[string(key)]
				if base := possessive(key); next == nil && base > 0 {
					if last := n.next[string(key[:base])]; last != nil {
						ends(hits, last, t, i, t.Words[j].Start+baseEnd(t.Word(j)))
					}
				}
				if next == nil {
					break
				}
				n = next
				ends(hits, n, t, i, t.Words[j].End)
			}
		}
	}
	return hits
}

// ends adds the phrases that end at n, from the i-th word up to end, to the hits
// of their rules.
func ends(hits [][]hit, n *node, t *prose.Text, i, end int) {
	for _, p := range n.ends {
		start, end, ok := p.around(t.Source, t.Words[i].Start, end)
		if !ok {
			continue
		}
		list := hits[p.rule]
		span := prose.Span{Start: start, End: end}
		switch last := len(list) - 1; {
		case last < 0 || list[last].span.End <= start:
			hits[p.rule] = append(list, hit{span, p})
		case list[last].span.Start == start && list[last].span.End < end:
			list[last] = hit{span, p}
		}
	}
}

// around widens a span of words by what else the phrase has, if that is there.
func (p *phrase) around(source string, start, end int) (int, int, bool) {
	if p.lead != "" {
		from := start
		for range utf8.RuneCountInString(p.lead) {
			_, size := utf8.DecodeLastRuneInString(source[:from])
			from -= size
		}
		if fold(nil, source[from:start]) != p.lead {
			return 0, 0, false
		}
		start = from
	}
	if p.trail != "" {
		to := end
		for range utf8.RuneCountInString(p.trail) {
			_, size := utf8.DecodeRuneInString(source[to:])
			to += size
		}
		if fold(nil, source[end:to]) != p.trail {
			return 0, 0, false
		}
		end = to
	}
	return start, end, true
}

// possessive gives the length of a folded word without its 's, 0 when it has
// none.
func possessive(key []byte) int {
	if n := len(key); n > 2 && key[n-1] == 's' && key[n-2] == '\'' {
		return n - 2
	}
	return 0
}

// baseEnd is possessive for a word as written.
func baseEnd(word string) int {
	_, mark := utf8.DecodeLastRuneInString(word[:len(word)-1])
	return len(word) - 1 - mark
}

// wordKey appends the key of the i-th word: folded, and with gap what stands
// between it and the one before: a space, or the marks there without any.
func wordKey(key []byte, t *prose.Text, i int, gap bool) []byte {
	if gap {
		between := t.Source[t.Words[i-1].End:t.Words[i].Start]
		if between != " " {
			between = fold(nil, strings.Join(strings.Fields(between), ""))
		}
		if between == "" {
			between = " "
		}
		key = append(key, between...)
	}
	return appendFold(key, t.Word(i))
}

func fold(buffer []byte, s string) string { return string(appendFold(buffer, s)) }

// appendFold appends s in lower case, with straight apostrophes and quotes,
// simple hyphens, no soft ones, and accents as part of their letters.
func appendFold(b []byte, s string) []byte {
	start := len(b)
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return append(b[:start], strings.ToLower(plainMarks.Replace(norm.NFC.String(s)))...)
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

var plainMarks = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "‐", "-", "‑", "-", "\u00ad", "")

// phraseRule makes a rule of phrases and swap.
func (r reader) phraseRule(rule *lint.Rule, raw rawRule, w words, p path) {
	index := r.phrases.rules
	r.phrases.rules++
	r.checkMessage(w, p, "{found}", "{replacement}")
	if len(raw.Phrases)+len(raw.Swap) == 0 {
		r.report(p.at("phrases"), "rule looks for nothing", "write down at least one phrase")
	}
	r.addPhrases(index, raw.Phrases, raw.Replacement, p.at("phrases"))
	for _, phrase := range r.doc.Keys(p.at("swap")...) {
		replacement := raw.Swap[phrase]
		if what, hint := r.phrases.add(index, phrase, &replacement); what != "" {
			r.report(p.at("swap", phrase), what, hint)
		}
	}
	all, safe := r.phrases, raw.Safe
	rule.Check = func(p *lint.Pass) {
		for _, h := range all.of(p)[index] {
			quote := h.span.In(p.Text.Source)
			instead := h.phrase.instead(quote)
			d := lint.Diagnostic{Span: h.span, Message: w.found(quote, instead)}
			if instead != nil {
				if *instead == text(quote) {
					continue // it differs in case only, and is right here
				}
				d.Fix = &lint.Fix{Replacement: *instead, Safe: safe}
			}
			p.Diagnose(d)
		}
	}
}

// addPhrases adds a list of phrases for a rule.
func (r reader) addPhrases(index int, list []string, replacement *string, p path) {
	for i, phrase := range list {
		if what, hint := r.phrases.add(index, phrase, replacement); what != "" {
			r.report(p.at(i), what, hint)
		}
	}
}

// of gives the places in the piece of a pass, found once for all rules.
func (ps *phrases) of(p *lint.Pass) [][]hit {
	return lint.PerPiece(p, ps, func() [][]hit { return ps.find(p.Text) })
}

// instead gives the replacement in the case of the quoted words. What is quoted
// just as the phrase is written takes the replacement as written.
func (p *phrase) instead(quote string) *string {
	if p.replacement == nil {
		return nil
	}
	replacement := *p.replacement
	if text(quote) != p.written {
		replacement = inCaseOf(quote, replacement)
	}
	return &replacement
}

// inCaseOf gives the replacement capitals where the quote has them: all through,
// or on its first letter.
func inCaseOf(quote, replacement string) string {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, quote)
	first, size := utf8.DecodeRuneInString(letters)
	switch {
	case !unicode.IsUpper(first):
		return replacement
	case len(letters) > size && letters == strings.ToUpper(letters):
		return strings.ToUpper(replacement)
	}
	r, size := utf8.DecodeRuneInString(replacement)
	return string(unicode.ToUpper(r)) + replacement[size:]
}
