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
	Right   int  // index into Options
	Own     bool // the options are the client's words rather than ours
	subject string
}

// Sizes of a check. A question with fewer options than the least is left out: it could
// be answered by tossing a coin.
const (
	mostQuestions = 8
	mostOptions   = 4
	leastOptions  = 3
	mostLetters   = 180 // of an option
)

// maker makes the questions for one part of a module.
type maker struct {
	m         *module
	c         *learning.Client
	p         *part
	standards []standard // that the part's people keep, their own first
}

// check makes the check for a part: some of the questions that its material gives, a
// few of each sort, in the order of the pages.
func check(m *module, c *learning.Client, p *part) []question {
	k := &maker{m: m, c: c, p: p, standards: slices.Concat(p.Standards, common(m))}
	// The order is that of weight: what is of the department itself comes first.
	sorts := [][]question{
		k.vision(p.Statements, p.Name), k.handsOn(), k.standardOf(), k.vision(m.Statements, m.Client), k.gap(),
		k.valueOf(), k.meaning(), k.takesOver(), k.behaviorOf(), k.isStandard(), k.best(),
	}
	for _, s := range sorts {
		byHash(s, p.ID, func(q question) string { return q.ID })
	}
	chosen := choose(sorts)
	pages := []string{pagePromise, pageStandards, pageOwn, pageFindings}
	slices.SortStableFunc(chosen, func(a, b question) int { return slices.Index(pages, a.Page) - slices.Index(pages, b.Page) })
	return chosen
}

// common are the standards that everybody keeps.
func common(m *module) []standard {
	var all []standard
	for _, v := range m.Values {
		all = append(all, v.Standards...)
	}
	return append(all, m.Standards...)
}

// choose takes questions of each sort in turn. Nothing is asked about twice: one
// question would give the answer to another.
func choose(sorts [][]question) []question {
	var chosen []question
	asked := map[string]bool{}
	for more := true; more; {
		more = false
		for i, s := range sorts {
			for len(s) > 0 && asked[s[0].subject] {
				s = s[1:]
			}
			if sorts[i] = s; len(s) == 0 {
				continue
			}
			if len(chosen) == mostQuestions {
				return chosen
			}
			asked[s[0].subject] = true
			chosen, sorts[i], more = append(chosen, s[0]), s[1:], true
		}
	}
	return chosen
}

// ask makes a question of one right and several wrong options, the most fitting wrong
// ones first. It gives none when there are too few that are no more right than wrong.
func ask(q question, right string, wrong ...string) []question {
	right = cut(right, mostLetters)
	if right == "" {
		return nil
	}
	q.Options = []string{right}
	for _, w := range wrong {
		w = cut(w, mostLetters)
		same := func(o string) bool { return fold(o) == fold(w) }
		if w != "" && len(q.Options) < mostOptions && !slices.ContainsFunc(q.Options, same) {
			q.Options = append(q.Options, w)
		}
	}
	if len(q.Options) < leastOptions {
		return nil
	}
	byHash(q.Options, q.ID, func(o string) string { return o })
	q.Right = slices.Index(q.Options, right)
	return []question{q}
}

// vision asks for the words of the first statement.
func (k *maker) vision(of []statement, whose string) []question {
	if len(of) == 0 {
		return nil
	}
	q := question{ID: "vision/" + of[0].Text[0], subject: fold(of[0].Text[0]), Own: true, Page: pagePromise, Ask: "Which sentence is from the " + of[0].Kind + " of " + whose + "?"}
	var wrong []string
	if whose == k.p.Name {
		q.Page = pageOwn
		for _, d := range k.c.Departments {
			for _, s := range k.c.Of(d) {
				wrong = append(wrong, sentence(line(s.Text)))
			}
		}
		byHash(wrong, q.ID, func(w string) string { return w })
	}
	own := func(w string) bool { // another sentence that is theirs as well
		return slices.ContainsFunc(slices.Concat(k.m.Statements, k.p.Statements), func(s statement) bool {
			return strings.Contains(fold(strings.Join(s.Text, " ")), fold(w))
		})
	}
	wrong = slices.DeleteFunc(append(wrong, k.foils(promiseFoils, q.ID)...), own)
	return ask(q, sentence(strings.Join(of[0].Text, " ")), wrong...)
}

// standardOf asks which standard a behavior is part of.
func (k *maker) standardOf() []question {
	var all []question
	for _, s := range k.standards {
		for _, b := range s.Behaviors {
			q := question{ID: "standard of/" + b, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "You see a colleague do this. Which standard is it part of?", Quote: b}
			wrong := k.others(q.ID, func(other standard) []string {
				if slices.ContainsFunc(other.Behaviors, func(o string) bool { return fold(o) == fold(b) }) {
					return nil
				}
				return []string{other.Text}
			})
			all = append(all, ask(q, s.Text, append(wrong, k.foils(standardFoils, q.ID)...)...)...)
		}
	}
	return all
}

// behaviorOf asks which behavior is part of a standard.
func (k *maker) behaviorOf() []question {
	var all []question
	for _, s := range k.standards {
		if len(s.Behaviors) == 0 {
			continue
		}
		q := question{ID: "behavior of/" + s.Text, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Which of these do we do to keep this standard?", Quote: s.Text}
		right := slices.Clone(s.Behaviors)
		byHash(right, q.ID, func(b string) string { return b })
		wrong := k.others(q.ID, func(other standard) []string {
			return slices.DeleteFunc(slices.Clone(other.Behaviors), func(o string) bool {
				return slices.ContainsFunc(s.Behaviors, func(b string) bool { return fold(o) == fold(b) })
			})
		})
		all = append(all, ask(q, right[0], append(wrong, k.foils(behaviorFoils, q.ID)...)...)...)
	}
	return all
}

// valueOf asks which value a standard puts into practice.
func (k *maker) valueOf() []question {
	var all []question
	for _, s := range k.standards {
		if s.Value == "" || k.twice(s) {
			continue
		}
		q := question{ID: "value of/" + s.Text, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Which of our values does this standard put into practice?", Quote: s.Text}
		all = append(all, ask(q, s.Value, append(k.values(q.ID, func(v value) string { return v.Name }), k.foils(valueFoils, q.ID)...)...)...)
	}
	return all
}

// twice reports whether a standard stands under two values.
func (k *maker) twice(s standard) bool {
	return slices.ContainsFunc(k.standards, func(o standard) bool { return fold(o.Text) == fold(s.Text) && o.Value != s.Value })
}

// meaning asks what a value means.
func (k *maker) meaning() []question {
	var all []question
	for _, v := range k.m.Values {
		if len(v.Meaning) == 0 {
			continue
		}
		q := question{ID: "meaning/" + v.Name, subject: "value " + fold(v.Name), Own: true, Page: pageStandards, Ask: "What does this value mean at " + k.m.Client + "?", Quote: v.Name}
		wrong := k.values(q.ID, func(v value) string { return strings.Join(v.Meaning, " ") })
		all = append(all, ask(q, strings.Join(v.Meaning, " "), append(wrong, k.foils(meaningFoils, q.ID)...)...)...)
	}
	return all
}

// isStandard asks which sentence is a standard of theirs.
func (k *maker) isStandard() []question {
	var all []question
	for _, s := range k.standards {
		q := question{ID: "is standard/" + s.Text, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Which of these is one of our service standards?"}
		all = append(all, ask(q, s.Text, k.foils(standardFoils, q.ID)...)...)
	}
	return all
}

// handsOn asks who takes over from the department.
func (k *maker) handsOn() []question {
	return k.handed(k.p.HandsOn, "Who takes over from "+k.p.Name+"?", func(h learning.HandOff) string { return h.To })
}

// takesOver asks who hands on to the department.
func (k *maker) takesOver() []question {
	return k.handed(k.p.TakesOver, "Who hands this on to "+k.p.Name+"?", func(h learning.HandOff) string { return h.From })
}

func (k *maker) handed(all []learning.HandOff, text string, other func(learning.HandOff) string) []question {
	var made []question
	for _, h := range all {
		several := slices.ContainsFunc(all, func(o learning.HandOff) bool { return fold(o.What) == fold(h.What) && other(o) != other(h) })
		if h.What == "" || several {
			continue
		}
		q := question{ID: text + h.What, subject: "hand-off " + fold(h.What), Own: true, Page: pageOwn, Ask: text, Quote: h.What}
		var wrong []string
		for _, d := range k.c.Departments {
			if name := line(d.Name); name != k.p.Name {
				wrong = append(wrong, name)
			}
		}
		byHash(wrong, q.ID, func(w string) string { return w })
		made = append(made, ask(q, other(h), append(wrong, k.foils(handOffFoils, q.ID)...)...)...)
	}
	return made
}

// gap asks what to work on first.
func (k *maker) gap() []question {
	var all []question
	for _, f := range k.p.Findings {
		if len(f.Gaps) == 0 {
			continue
		}
		text := "Going by the survey, what should " + k.m.Whose(*k.p) + " work on first?"
		if !f.Own {
			text = "Going by the survey, what should " + k.m.Client + " work on first?"
		}
		q := question{ID: "gap/" + f.Title, subject: "gap", Page: pageFindings, Ask: text}
		all = append(all, ask(q, f.Gaps[0].Title, f.others(q.ID, func(r row) bool { return !r.Weak })...)...)
	}
	return all
}

// best asks what came out best.
func (k *maker) best() []question {
	var all []question
	for _, f := range k.p.Findings {
		if f.Best == nil {
			continue
		}
		q := question{ID: "best/" + f.Title, subject: "best", Page: pageFindings, Ask: "What came out best in the survey?"}
		all = append(all, ask(q, f.Best.Title, f.others(q.ID, func(r row) bool { return r.Title != f.Best.Title })...)...)
	}
	return all
}

// others are the titles of results, in a fixed order.
func (f finding) others(salt string, want func(row) bool) []string {
	var all []string
	for _, r := range f.Rows {
		if want(r) {
			all = append(all, r.Title)
		}
	}
	byHash(all, salt, func(t string) string { return t })
	return all
}

// others are texts of the standards, in a fixed order.
func (k *maker) others(salt string, texts func(standard) []string) []string {
	var all []string
	for _, s := range k.standards {
		all = append(all, texts(s)...)
	}
	byHash(all, salt, func(t string) string { return t })
	return all
}

func (k *maker) values(salt string, text func(value) string) []string {
	var all []string
	for _, v := range k.m.Values {
		all = append(all, text(v))
	}
	byHash(all, salt, func(t string) string { return t })
	return all
}

// foils are our own wrong sentences in a fixed order, for where the client's material
// does not give enough.
func (k *maker) foils(all []string, salt string) []string {
	if k.m.foreign() {
		return nil // among sentences of another language they would give the answer away
	}
	all = slices.Clone(all)
	byHash(all, salt, func(t string) string { return t })
	return all
}

// pageOf is the page that shows a standard.
func (k *maker) pageOf(s standard) string {
	if slices.ContainsFunc(k.p.Standards, func(o standard) bool { return o.Text == s.Text }) {
		return pageOwn
	}
	return pageStandards
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
