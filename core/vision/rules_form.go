package vision

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Limits of the rules for form.
const (
	sloganWords  = 5   // up to so many words a statement is a slogan
	manyItems    = 5   // of a list
	noLongerOne  = 300 // words from which a text is a page, not a statement
	quotedInside = 3   // words in quotation marks that are no quotation
)

func formRules() []*lint.Rule {
	return []*lint.Rule{
		{
			ID: "form/all-caps", Title: "All in capitals", Severity: lint.Hint,
			Why:      "Capitals take longer to read and sound as if somebody shouts.",
			Fix:      "Write it as any other sentence.",
			Source:   "Tinker, Legibility of Print (1963); Federal Plain Language Guidelines (2011)",
			Examples: lint.Examples{Bad: []string{"WE ANSWER EVERY CALL OURSELVES."}, Good: []string{"We answer every call ourselves."}},
			Check: func(p *lint.Pass) {
				eachSentence(p, func(s *prose.Sentence) {
					if s.Capitals {
						p.Report(s.Span, "all in capitals")
					}
				})
			},
		},
		{
			ID: "form/exclamation", Title: "Exclamation mark", Severity: lint.Hint,
			Why:      "It asks readers to be excited and gives them no reason.",
			Fix:      "Use a full stop.",
			Source:   "Fowler, Modern English Usage (1926)",
			Examples: lint.Examples{Bad: []string{"We bake at night!"}, Good: []string{"We bake at night."}},
			Check: func(p *lint.Pass) {
				eachSentence(p, func(s *prose.Sentence) {
					if at := strings.LastIndexByte(s.In(p.Text.Source), '!'); s.Mark == prose.Exclamation && at >= 0 {
						p.Report(prose.Span{Start: s.Start + at, End: s.Start + at + 1}, "an exclamation mark")
					}
				})
			},
		},
		{
			ID: "form/link", Title: "Web address inside", Severity: lint.Hint,
			Why:      "What has to be looked up is not in anybody's head.",
			Fix:      "Put the address under the statement.",
			Source:   "Toister, The Service Culture Handbook (2017): simple and easily understood",
			Examples: lint.Examples{Bad: []string{"We keep the promises at www.example.com/charter."}, Good: []string{"We keep our promises."}},
			Check: func(p *lint.Pass) {
				for _, w := range p.Text.Words {
					if w.Is(prose.Link) {
						p.Report(w.Span, "an address stands in the statement")
					}
				}
			},
		},
		{
			ID: "form/long-list", Title: "Long list", Severity: lint.Hint,
			Why:      "A list of more than five points is read as a form to be filled in.",
			Fix:      "Choose the three that matter most.",
			Source:   "Cowan (2001)",
			Examples: lint.Examples{Bad: []string{"- We listen.\n- We ask.\n- We answer.\n- We write.\n- We call.\n- We thank."}, Good: []string{"- We listen.\n- We answer.\n- We thank."}},
			Whole: func(p *lint.Pass) {
				if n := factsIn(p).items; n > manyItems {
					p.Report(prose.Span{}, "a list of %s points", number(n))
				}
			},
		},
		{
			ID: "form/not-a-statement", Title: "A page, not a statement", Severity: lint.Warning,
			Why:      "Nobody carries a page in mind to the next customer.",
			Fix:      "Find the sentence that the page is about. If several statements stand here, give each a heading.",
			Source:   "Toister, The Service Culture Handbook (2017): simple and easily understood",
			Examples: lint.Examples{Bad: []string{strings.Repeat("We answer the phone when it rings and we listen. ", 31)}, Good: []string{"We answer the phone when it rings, and we listen."}},
			Whole: func(p *lint.Pass) {
				if n := factsIn(p).Counts.Words; n > noLongerOne {
					p.Report(prose.Span{}, "%d words are a page, not a statement", n)
				}
			},
		},
		{
			ID: "form/placeholder", Title: "Blank that was not filled in", Severity: lint.Error,
			Why:      "It shows that the text was copied and not read.",
			Fix:      "Fill it in.",
			Source:   "No source needed: the text is not finished",
			Examples: lint.Examples{Bad: []string{"[Company] brings food to ____ every day.", "TBD"}, Good: []string{"We bring food [and water] to farms."}},
			Check:    checkPlaceholders,
		},
		{
			ID: "form/repeated-word", Title: "Word written twice", Severity: lint.Warning,
			Why:      "It shows that nobody read the text after it was changed.",
			Fix:      "Delete one.",
			Source:   "No source needed: a slip of the pen",
			Examples: lint.Examples{Bad: []string{"We answer the the phone."}, Good: []string{"We had had enough.", "We answer the phone."}},
			Check:    checkRepeated,
		},
		{
			ID: "form/scare-quotes", Title: "Words in quotation marks", Severity: lint.Hint,
			Why:      "The marks say that the writer does not quite mean it.",
			Fix:      "Take the marks off, or the words out.",
			Source:   "Strunk, The Elements of Style (1918)",
			Examples: lint.Examples{Bad: []string{"We give “world class” care."}, Good: []string{"A nurse will ask: “What would you like to be called?”"}},
			Check:    checkQuotes,
		},
		{
			ID: "form/several", Title: "Several statements in one", Severity: lint.Hint,
			Why:      "Mission, vision and values answer different questions, and in one text none is answered.",
			Fix:      "Give each its own heading, or file.",
			Source:   "Collins and Porras (1996)",
			Examples: lint.Examples{Bad: []string{"Our mission is to bake. Our vision is a town that eats bread."}, Good: []string{"Our mission is to bake."}},
			Check:    checkSeveral,
		},
		{
			ID: "form/slogan", Title: "Only a slogan", Severity: lint.Hint,
			Why:      "A slogan is for customers to remember you by; staff cannot tell from it what to do.",
			Fix:      "Keep it for the sign, and write beside it who does what for whom.",
			Source:   "Toister, The Service Culture Handbook (2017); Carton, Murphy and Clark (2014)",
			Examples: lint.Examples{Bad: []string{"We try harder."}, Good: []string{"We answer the phone within three rings."}},
			Whole: func(p *lint.Pass) {
				if n := factsIn(p).Counts.Words; n > 0 && n <= sloganWords {
					p.Report(prose.Span{}, "%s words are a slogan", number(n))
				}
			},
		},
	}
}

// blanks are words in brackets or capitals that stand for what is to be filled in.
var blanks = []string{"company", "organization", "organisation", "name", "product", "products", "customer", "customers", "industry", "insert", "your", "date", "city", "department"}

func checkPlaceholders(p *lint.Pass) {
	source := p.Text.Source
	for i := 0; i < len(source); i++ {
		if !opensBlank[source[i]] {
			continue
		}
		if end := blankAt(source, i); end > i {
			p.Report(prose.Span{Start: i, End: end}, "%s", quoting("%q is still to be filled in", source[i:end]))
			i = end - 1
		}
	}
}

// opensBlank is the bytes that a blank may begin with.
var opensBlank = [256]bool{'_': true, '[': true, '<': true, '{': true, 'X': true, 'T': true, 'L': true, 'x': true}

// blankAt gives the end of the blank that begins at i, or i where none does.
func blankAt(source string, i int) int {
	rest := source[i:]
	switch rest[0] {
	case '_':
		n := len(rest) - len(strings.TrimLeft(rest, "_"))
		if n >= 3 {
			return i + n
		}
	case '[', '<', '{':
		end := strings.IndexAny(rest[:min(len(rest), 40)], "]>}\n")
		if end < 2 || rest[end] == '\n' {
			return i
		}
		inside := strings.Trim(rest[1:end], "<>{}[] ")
		first, _, _ := strings.Cut(strings.ToLower(inside), " ")
		for _, b := range blanks {
			if first == b && len(inside) > 0 {
				return i + end + 1
			}
		}
	default:
		if i > 0 && isLetter(source[i-1]) {
			return i
		}
		for _, word := range []string{"XXX", "xxx", "TBD", "TBA", "Lorem ipsum", "XYZ Company", "XYZ Corp"} {
			if strings.HasPrefix(rest, word) && (len(rest) == len(word) || !isLetter(rest[len(word)])) {
				return i + len(word)
			}
		}
	}
	return i
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// twice are words that are right when written twice.
const twice = " had that so very no bye ha knock you her "

func checkRepeated(p *lint.Pass) {
	t := p.Text
	eachSentence(p, func(s *prose.Sentence) {
		for i := s.FirstWord + 1; i < s.EndWord; i++ {
			a, b := t.Words[i-1], t.Words[i]
			if a.End-a.Start != b.End-b.Start || b.Kind&prose.Number != 0 || a.Letters == 0 || strings.TrimSpace(t.Source[a.End:b.Start]) != "" ||
				!strings.EqualFold(t.Word(i-1), t.Word(i)) || contains(twice, lexicon.Fold(t.Word(i))) {
				continue
			}
			p.Diagnose(lint.Diagnostic{Span: prose.Span{Start: a.Start, End: b.End}, Message: "“" + t.Word(i) + "” is written twice",
				Fix: &lint.Fix{Replacement: t.Word(i - 1), Safe: true}})
		}
	})
}

func checkQuotes(p *lint.Pass) {
	t := p.Text
	for i := range t.Words {
		if !quoteBefore(t.Source, t.Words[i].Start) {
			continue
		}
		for j := i; j < min(i+quotedInside, len(t.Words)); j++ {
			if quoteAfter(t.Source, t.Words[j].End) {
				// Brackets around a name that is defined, as (“AP”), are no irony.
				if !t.Words[i].Is(prose.Capitalized) {
					p.Report(wordsSpan(t, i, j+1), "%s", quoting("%q is in quotation marks", wordsSpan(t, i, j+1).In(t.Source)))
				}
				break
			}
			if t.Source[t.Words[j].End:min(len(t.Source), t.Words[j].End+1)] != " " {
				break
			}
		}
	}
}

func quoteBefore(source string, at int) bool {
	return at > 0 && (source[at-1] == '"' || strings.HasSuffix(source[:at], "“"))
}

func quoteAfter(source string, at int) bool {
	return at < len(source) && (source[at] == '"' || strings.HasPrefix(source[at:], "”"))
}

func checkSeveral(p *lint.Pass) {
	t := p.Text
	seen := lint.PerText(p, "form/several", func() map[string]bool { return map[string]bool{} })
	for i := 0; i+1 < len(t.Words); i++ {
		if w := t.Word(i); w != "our" && w != "Our" {
			continue
		}
		switch word := strings.ToLower(t.Word(i + 1)); word {
		case "mission", "vision", "values", "purpose":
			if seen[word] = true; len(seen) == 2 && !seen["told"] {
				seen["told"] = true
				p.Report(wordsSpan(t, i, i+2), "a second kind of statement begins here")
			}
		}
	}
}

// setOf makes a set of words with spaces between them.
func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// contains says whether a word is in a list of words with spaces around each.
func contains(list, word string) bool { return strings.Contains(list, " "+word+" ") }
