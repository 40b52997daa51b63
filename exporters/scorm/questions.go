package scorm

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
)

// maker makes the questions for one part of a module.
type maker struct {
	m         *module
	c         *learning.Client
	p         *part
	standards []standard // that the part's people keep, their own first
}

func newMaker(m *module, c *learning.Client, p *part) *maker {
	return &maker{m: m, c: c, p: p, standards: slices.Concat(p.Standards, common(m))}
}

// common are the standards that everybody keeps.
func common(m *module) []standard {
	var all []standard
	for _, v := range m.Values {
		all = append(all, v.Standards...)
	}
	return append(all, m.Standards...)
}

// vision asks for the words of the first statement.
func (k *maker) vision(of []statement, whose string) []candidate {
	if len(of) == 0 {
		return nil
	}
	text := strings.Join(of[0].Text, " ")
	q := question{ID: "vision/" + text, subject: fold(text), Own: true, Page: pagePromise, Ask: "Which sentence is from the " + of[0].Kind + " of " + whose + "?"}
	own := whose == k.p.Name
	if own {
		q.Page = pageOwn
	}
	return []candidate{{q, func() (string, []string) {
		var wrong []string
		for _, d := range k.c.Departments {
			for _, s := range k.c.Of(d) {
				if own {
					wrong = append(wrong, sentence(line(s.Text)))
				}
			}
		}
		theirs := "" // all that is no more wrong than the right one
		for _, s := range slices.Concat(k.m.Statements, k.p.Statements) {
			theirs += fold(strings.Join(s.Text, " ")) + "\n"
		}
		wrong = append(mixed(wrong, q.ID), k.foils(promiseFoils, q.ID)...)
		return sentence(text), slices.DeleteFunc(wrong, func(w string) bool { return strings.Contains(theirs, fold(w)) })
	}}}
}

// standardOf asks which standard a behavior is part of.
func (k *maker) standardOf() []candidate {
	var all []candidate
	for _, s := range k.standards {
		for _, b := range s.Behaviors {
			q := question{ID: "standard of/" + b, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "You see a colleague do this. Which standard is it part of?", Quote: b}
			all = append(all, candidate{q, func() (string, []string) {
				var wrong []string
				for _, other := range k.standards {
					if !has(other.Behaviors, b) {
						wrong = append(wrong, other.Text)
					}
				}
				return s.Text, append(mixed(wrong, q.ID), k.foils(standardFoils, q.ID)...)
			}})
		}
	}
	return all
}

// behaviorOf asks which behavior is part of a standard.
func (k *maker) behaviorOf() []candidate {
	var all []candidate
	for _, s := range k.standards {
		if len(s.Behaviors) == 0 {
			continue
		}
		q := question{ID: "behavior of/" + s.Text, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Which of these do we do to keep this standard?", Quote: s.Text}
		all = append(all, candidate{q, func() (string, []string) {
			var wrong []string
			for _, other := range k.standards {
				wrong = append(wrong, other.Behaviors...)
			}
			wrong = slices.DeleteFunc(wrong, func(b string) bool { return has(s.Behaviors, b) })
			return mixed(s.Behaviors, q.ID)[0], append(mixed(wrong, q.ID), k.foils(behaviorFoils, q.ID)...)
		}})
	}
	return all
}

// valueOf asks which value a standard puts into practice.
func (k *maker) valueOf() []candidate {
	var all []candidate
	for _, s := range k.standards {
		several := slices.ContainsFunc(k.standards, func(o standard) bool { return o.Text == s.Text && o.Value != s.Value })
		if s.Value == "" || several {
			continue
		}
		q := question{ID: "value of/" + s.Text, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Which of our values does this standard put into practice?", Quote: s.Text}
		all = append(all, candidate{q, func() (string, []string) {
			var wrong []string
			for _, v := range k.m.Values {
				wrong = append(wrong, v.Name)
			}
			return s.Value, append(mixed(wrong, q.ID), k.foils(valueFoils, q.ID)...)
		}})
	}
	return all
}

// meaning asks what a value means.
func (k *maker) meaning() []candidate {
	var all []candidate
	for _, v := range k.m.Values {
		if len(v.Meaning) == 0 {
			continue
		}
		q := question{ID: "meaning/" + v.Name, subject: "value " + fold(v.Name), Own: true, Page: pageStandards, Ask: "What does this value mean at " + k.m.Client + "?", Quote: v.Name}
		all = append(all, candidate{q, func() (string, []string) {
			var wrong []string
			for _, o := range k.m.Values {
				wrong = append(wrong, strings.Join(o.Meaning, " "))
			}
			return strings.Join(v.Meaning, " "), append(mixed(wrong, q.ID), k.foils(meaningFoils, q.ID)...)
		}})
	}
	return all
}

// isStandard asks which sentence is a standard of theirs.
func (k *maker) isStandard() []candidate {
	var all []candidate
	for _, s := range k.standards {
		q := question{ID: "is standard/" + s.Text, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Which of these is one of our service standards?"}
		all = append(all, candidate{q, func() (string, []string) { return s.Text, k.foils(standardFoils, q.ID) }})
	}
	return all
}

// handsOn asks who takes over from the department.
func (k *maker) handsOn() []candidate {
	return k.handed(k.p.HandsOn, "Who takes over from "+k.p.Name+"?", func(h learning.HandOff) string { return h.To })
}

// takesOver asks who hands on to the department.
func (k *maker) takesOver() []candidate {
	return k.handed(k.p.TakesOver, "Who hands this on to "+k.p.Name+"?", func(h learning.HandOff) string { return h.From })
}

func (k *maker) handed(ways []learning.HandOff, text string, other func(learning.HandOff) string) []candidate {
	var all []candidate
	for _, h := range ways {
		several := slices.ContainsFunc(ways, func(o learning.HandOff) bool { return fold(o.What) == fold(h.What) && other(o) != other(h) })
		if h.What == "" || several {
			continue
		}
		q := question{ID: text + h.What, subject: "hand-off " + fold(h.What), Own: true, Page: pageOwn, Ask: text, Quote: h.What}
		all = append(all, candidate{q, func() (string, []string) {
			var wrong []string
			for _, d := range k.c.Departments {
				if name := line(d.Name); name != k.p.Name {
					wrong = append(wrong, name)
				}
			}
			return other(h), append(mixed(wrong, q.ID), k.foils(handOffFoils, q.ID)...)
		}})
	}
	return all
}

// gap asks what to work on first.
func (k *maker) gap() []candidate {
	var all []candidate
	for _, f := range k.p.Findings {
		if len(f.Gaps) == 0 {
			continue
		}
		whose := k.m.Client
		if f.Own {
			whose = k.m.Whose(*k.p)
		}
		q := question{ID: "gap/" + f.Title, subject: "gap", Page: pageFindings, Ask: "Going by the survey, what should " + whose + " work on first?"}
		all = append(all, candidate{q, func() (string, []string) {
			return f.Gaps[0].Title, f.titles(q.ID, func(r row) bool { return !r.Weak })
		}})
	}
	return all
}

// best asks what came out best.
func (k *maker) best() []candidate {
	var all []candidate
	for _, f := range k.p.Findings {
		if len(f.Best) != 1 {
			continue
		}
		q := question{ID: "best/" + f.Title, subject: "best", Page: pageFindings, Ask: "What came out best in the survey?"}
		all = append(all, candidate{q, func() (string, []string) {
			return f.Best[0].Title, f.titles(q.ID, func(r row) bool { return r.Title != f.Best[0].Title })
		}})
	}
	return all
}

// titles are those of some results, mixed.
func (f finding) titles(salt string, want func(row) bool) []string {
	var all []string
	for _, r := range f.Rows {
		if want(r) {
			all = append(all, r.Title)
		}
	}
	return mixed(all, salt)
}

// foils are our own wrong sentences, mixed, for where the client's material does not
// give enough. Among sentences of another language they would give the answer away.
func (k *maker) foils(all []string, salt string) []string {
	if k.m.foreign() {
		return nil
	}
	return mixed(all, salt)
}

// pageOf is the page that shows a standard.
func (k *maker) pageOf(s standard) string {
	if slices.ContainsFunc(k.p.Standards, func(o standard) bool { return o.Text == s.Text }) {
		return pageOwn
	}
	return pageStandards
}
