package vale

import (
	"slices"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// mostly is the share of words that must be as asked for, unless a rule says
// otherwise.
const mostly = 0.8

// capitalization reports texts, headings for the most part, that are not
// capitalized as asked for.
func (c *check) capitalization() {
	def := &c.def
	if def.threshold == 0 {
		def.threshold = mostly
	}
	words := c.words()
	var right func(text string, g *guard) (bool, error)
	switch def.match {
	case "":
		c.fault(def.line("match"), "rule has no match", "known: $title, $sentence, $lower, $upper, or a pattern")
	case "$lower":
		right = func(text string, _ *guard) (bool, error) { return text == strings.ToLower(text), nil }
	case "$upper":
		right = func(text string, _ *guard) (bool, error) { return text == strings.ToUpper(text), nil }
	case "$title":
		right = func(text string, g *guard) (bool, error) { return c.titled(text, words, g) }
	case "$sentence":
		right = func(text string, g *guard) (bool, error) { return c.sentenced(text, words, g) }
	default:
		if p := c.compile("match", []string{def.match}, def.match); p != nil {
			right = func(text string, g *guard) (bool, error) { return p.in(text, &g.clock) }
		}
	}
	c.rule.Check = func(pass *lint.Pass) {
		c.each(pass, func(span prose.Span, text string, g *guard) error {
			if ok, err := right(text, g); ok || err != nil {
				return err
			}
			if !strings.HasPrefix(def.match, "$") || def.match == "$lower" || def.match == "$upper" {
				if spared, err := c.excepted(text, 0, len(text), &g.clock); spared || err != nil {
					return err
				}
			}
			pass.Report(span, "%s", c.say(text))
			return nil
		})
	}
}

// words makes the pattern of the words whose case counts: exceptions, which may
// be several words, and what begins with a letter or digit.
func (c *check) words() *pattern {
	var parts []string
	if len(c.def.exceptions) > 0 {
		exceptions := slices.SortedStableFunc(slices.Values(c.def.exceptions), longestFirst)
		parts = append(parts, `\b(?:`+strings.Join(exceptions, "|")+`)\b`)
	}
	return c.compile("exceptions", parts, strings.Join(append(parts, `[\p{N}\p{L}*]+[^\s]*`), "|"))
}

// spared says whether a word is an exception.
func (c *check) spared(word string, g *guard) (bool, error) {
	if c.exceptions == nil {
		return false, nil
	}
	return c.exceptions.in(word, &g.clock)
}

// titled says whether a text is capitalized like a title.
func (c *check) titled(text string, words *pattern, g *guard) (bool, error) {
	all, err := words.all(text, &g.clock)
	good := 0
	for i, m := range all {
		word := text[m.start:m.end]
		spared, err := c.spared(word, g)
		if err != nil {
			return false, err
		}
		edge := i == 0 || i == len(all)-1 || strings.HasSuffix(strings.TrimRight(text[:m.start], " "), ":")
		small := !edge && small(word, c.def.style)
		switch {
		case spared, word == strings.ToUpper(word), small && word == strings.ToLower(word), !small && upper(word):
			good++
		}
	}
	return c.enough(good, len(all)), err
}

// enough says whether so many of the words are right. A text without words is.
func (c *check) enough(good, words int) bool {
	return words == 0 || float64(good)/float64(words) > c.def.threshold
}

func upper(word string) bool {
	for _, r := range word {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return !unicode.IsLower(r)
		}
	}
	return true
}

// small says whether a word is written small within a title: articles,
// conjunctions and prepositions, in Chicago's style of any length, otherwise of
// three letters at most.
func small(word, style string) bool {
	w := strings.ToLower(strings.Trim(word, `.,:;!?"'’”()`))
	short := []string{"a", "an", "and", "as", "at", "but", "by", "en", "for", "if", "in", "nor", "of", "off", "on", "or", "out", "per", "so", "the", "to", "up", "v", "via", "vs", "yet"}
	if style != "Chicago" {
		return slices.Contains(short, w)
	}
	long := []string{"about", "above", "across", "after", "against", "along", "among", "around", "before", "behind", "below", "beneath", "beside", "between", "beyond", "despite", "down", "during", "except", "from", "inside", "into", "like", "near", "onto", "outside", "over", "past", "since", "through", "throughout", "toward", "towards", "under", "underneath", "until", "upon", "with", "within", "without"}
	chicago := !slices.Contains([]string{"if", "so", "yet"}, w)
	return chicago && (slices.Contains(short, w) || slices.Contains(long, w))
}

// sentenced says whether a text is capitalized like a sentence.
func (c *check) sentenced(text string, words *pattern, g *guard) (bool, error) {
	text = strings.TrimRight(text, "?!.:")
	all, err := words.all(text, &g.clock)
	good := 0
	previous := ""
	for i, m := range all {
		word := text[m.start:m.end]
		// "Top-level" and "Client's" are judged by their beginning.
		head := word
		if at := strings.IndexAny(head, "-'’"); at > 0 {
			head = head[:at]
		}
		spared, err := c.spared(head, g)
		if err == nil && !spared {
			spared, err = c.spared(word, g)
		}
		if err != nil {
			return false, err
		}
		after := slices.ContainsFunc(c.def.indicators, func(s string) bool { return s != "" && strings.HasSuffix(previous, s) })
		previous = word
		switch {
		case head == strings.ToUpper(head), after, spared:
			good++
		case i == 0 && head != upperFirst(strings.ToLower(head)):
			return false, err
		case i == 0 || head == strings.ToLower(head):
			good++
		}
	}
	return c.enough(good, len(all)), err
}
