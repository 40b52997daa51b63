package scorm

import (
	"slices"
	"strings"

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
	options func() (right string, wrong []string)
}

// Sizes of a check. A question with fewer options than the least is left out: it could
// be answered by tossing a coin.
const (
	mostQuestions = 8
	mostOptions   = 4
	leastOptions  = 3
	mostLetters   = 180 // of an option
)

// check makes the check for a part: some of the questions that its material gives, a
// few of each sort, in the order of the pages.
func check(m *module, c *learning.Client, p *part) []question {
	k := newMaker(m, c, p)
	// The order is that of weight: what is of the department itself comes first.
	sorts := [][]candidate{
		k.vision(p.Statements, p.Name), k.handsOn(), k.standardOf(), k.vision(m.Statements, m.Client), k.gap(),
		k.valueOf(), k.meaning(), k.takesOver(), k.behaviorOf(), k.isStandard(), k.best(),
	}
	for _, s := range sorts {
		byHash(s, p.ID, func(q candidate) string { return q.ID })
	}
	chosen := choose(sorts)
	pages := []string{pagePromise, pageStandards, pageOwn, pageFindings}
	slices.SortStableFunc(chosen, func(a, b question) int { return slices.Index(pages, a.Page) - slices.Index(pages, b.Page) })
	return chosen
}

// choose takes questions of each sort in turn. Nothing is asked about twice: one
// question would give the answer to another.
func choose(sorts [][]candidate) []question {
	var chosen []question
	asked := map[string]bool{}
	for more := true; more; {
		more = false
		for i := range sorts {
			for found := false; !found && len(sorts[i]) > 0; sorts[i] = sorts[i][1:] {
				next := sorts[i][0]
				if asked[next.subject] || !next.settle() {
					continue
				}
				asked[next.subject], found, more = true, true, true
				if chosen = append(chosen, next.question); len(chosen) == mostQuestions {
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
	right, wrong := q.options()
	right = cut(right, mostLetters)
	if right == "" {
		return false
	}
	q.Options = []string{right}
	for _, w := range wrong {
		if len(q.Options) == mostOptions {
			break
		}
		w = cut(w, mostLetters)
		same := func(o string) bool { return fold(o) == fold(w) }
		if w != "" && !slices.ContainsFunc(q.Options, same) {
			q.Options = append(q.Options, w)
		}
	}
	// The wrong ones were chosen by a hash: by the same, the right one would often be last.
	byHash(q.Options, "order of "+q.ID, func(o string) string { return o })
	q.Right = slices.Index(q.Options, right)
	return len(q.Options) >= leastOptions
}

// sentence is the first sentence of a text that is more than a word or two.
func sentence(text string) string {
	for i, r := range text {
		end := strings.ContainsRune(".!?", r) && (i+1 == len(text) || text[i+1] == ' ')
		if end && i >= 24 {
			return text[:i+1]
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
func fold(text string) string { return strings.TrimRight(strings.ToLower(line(text)), ".!") }

// has reports whether one of the texts is the same as text.
func has(all []string, text string) bool {
	folded := fold(text)
	return slices.ContainsFunc(all, func(t string) bool { return fold(t) == folded })
}

// mixed are texts in an order that looks like none and is the same in every run.
func mixed(all []string, salt string) []string {
	all = slices.Clone(all)
	byHash(all, salt, func(t string) string { return t })
	return all
}
