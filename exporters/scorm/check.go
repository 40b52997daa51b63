package scorm

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
)

// question is one question of the check.
type question struct {
	ID      string // the same in every run
	Page    string // id of the page that has the answer
	Ask     string
	Quote   string // of the client's own words, what is asked about; may be empty
	Options []string
	Right   int    // index into Options
	Own     bool   // the options are the client's words rather than ours
	subject string // no two questions of a check have one
}

// candidate is a question that may be asked. Its options are not looked for before it is
// chosen: a client with many departments has very many candidates.
type candidate struct {
	question
	part    string // id of the part that asks
	options func() answers
}

// answers are what a question may offer, the wrong ones in the order in which they are
// taken.
type answers struct {
	right string
	wrong []string // the client's words
	foils []string // ours
}

// Sizes of a check. A question with fewer options than the least is left out: it could
// be answered by tossing a coin.
const (
	mostQuestions = 8
	mostOptions   = 4
	leastOptions  = 3
	enough        = 5   // questions, for one that is known by our foils to be left out
	mostLetters   = 180 // of an option
)

// check makes the check for a part: some of the questions that its material gives, a
// few of each sort, in the order of the pages.
func check(m *module, c *learning.Client, p *part) []question {
	k := newMaker(m, c, p)
	// The order is that of weight: what is of the department itself comes first.
	sorts := [][]candidate{
		k.vision(p.Statements, true), k.handsOn(), k.standardOf(), k.vision(m.Statements, false), k.gap(),
		k.valueOf(), k.meaning(), k.takesOver(), k.behaviorOf(), k.best(),
	}
	last := k.isStandard() // all wrong answers are ours
	for _, s := range append(sorts, last) {
		byHash(s, p.ID, func(q candidate) string { return q.ID })
		for i := range s {
			s[i].part = p.ID
		}
	}
	asked := map[string]bool{}
	chosen := choose(sorts, asked, mostQuestions)
	if len(chosen) < enough {
		chosen = append(chosen, choose([][]candidate{last}, asked, enough-len(chosen))...)
	}
	pages := []string{pagePromise, pageStandards, pageOwn, pageFindings}
	slices.SortStableFunc(chosen, func(a, b question) int { return slices.Index(pages, a.Page) - slices.Index(pages, b.Page) })
	return chosen
}

// choose takes at most so many questions, of each sort in turn. Nothing is asked about
// twice: one question would give the answer to another.
func choose(sorts [][]candidate, asked map[string]bool, most int) []question {
	var chosen []question
	for more := true; more; {
		more = false
		for i := range sorts {
			for found := false; !found && len(sorts[i]) > 0; sorts[i] = sorts[i][1:] {
				next := sorts[i][0]
				if asked[next.subject] || !next.settle() {
					continue
				}
				asked[next.subject], found, more = true, true, true
				if chosen = append(chosen, next.question); len(chosen) == most {
					return chosen
				}
			}
		}
	}
	return chosen
}

// settle gives a question its options, the most fitting wrong ones. It reports whether
// there are enough.
func (q *candidate) settle() bool {
	from := q.options()
	right := cut(from.right, mostLetters)
	if right == "" {
		return false
	}
	q.Options = []string{right}
	q.add(from.wrong, mostOptions)
	// One of ours, unless there would be too few.
	foils := make([]string, len(from.foils))
	for i, f := range from.foils {
		foils[i] = dressed(f, right)
	}
	q.add(foils, min(mostOptions, max(leastOptions, len(q.Options)+1)))
	// The wrong ones were chosen by a hash: by the same, the right one would often be last.
	byHash(q.Options, "order of "+q.part+"\x00"+q.ID, func(o string) string { return o })
	q.Right = slices.Index(q.Options, right)
	return len(q.Options) >= leastOptions
}

// add adds options that say something else than those there are, up to so many in all.
func (q *candidate) add(options []string, most int) {
	for _, w := range options {
		if len(q.Options) >= most {
			break
		}
		w = cut(w, mostLetters)
		if w != "" && !has(q.Options, w) {
			q.Options = append(q.Options, w)
		}
	}
}

// sentence is the first sentence of a text that is more than a word or two.
func sentence(text string) string {
	for i, r := range text {
		after := i + utf8.RuneLen(r)
		end := strings.ContainsRune(".!?؟", r) && (after == len(text) || text[after] == ' ')
		if (end || strings.ContainsRune("。！？", r)) && i >= 24 {
			return text[:after]
		}
	}
	return text
}

// cut shortens a text to at most so many letters and a sign that there is more, at a
// blank where there is one.
func cut(text string, most int) string {
	letters := []rune(line(text))
	if len(letters) <= most {
		return string(letters)
	}
	short := string(letters[:most])
	if at := strings.LastIndexByte(short, ' '); at > most/2 {
		short = short[:at]
	}
	return strings.TrimRight(short, " ,;:.") + "…"
}

// fold is a text as people take it for the same.
func fold(text string) string { return strings.TrimRight(strings.ToLower(line(text)), ".!。！") }

// has reports whether one of the texts is the same as text.
func has(all []string, text string) bool {
	folded := fold(text)
	return slices.ContainsFunc(all, func(t string) bool { return fold(t) == folded })
}
