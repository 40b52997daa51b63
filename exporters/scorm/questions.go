package scorm

import (
	"slices"
	"strings"
	"unicode"

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
func (k *maker) vision(of []statement, own bool) []candidate {
	if len(of) == 0 {
		return nil
	}
	text, whose := strings.Join(of[0].Text, " "), k.m.Client
	if own {
		whose = quoted(k.p.Name)
	}
	q := question{ID: "vision/" + text, subject: fold(text), Own: true, Page: pagePromise, Ask: "Which sentence is from the " + of[0].Kind + " of " + whose + "?"}
	if own {
		q.Page = pageOwn
	}
	return []candidate{{question: q, options: func() answers {
		var wrong []string
		for _, d := range k.c.Departments {
			for _, s := range k.c.Of(d) {
				wrong = append(wrong, sentence(line(s.Text)))
			}
		}
		theirs := "" // all that is no more wrong than the right one
		for _, s := range slices.Concat(k.m.Statements, k.p.Statements) {
			theirs += fold(strings.Join(s.Text, " ")) + "\n"
		}
		right := sentence(text)
		wrong = slices.DeleteFunc(wrong, func(w string) bool { return strings.Contains(theirs, fold(w)) })
		return answers{right, k.mixed(wrong, q.ID), k.foils(promiseFoils, right, q.ID)}
	}}}
}

// standardOf asks which standard a behavior is part of.
func (k *maker) standardOf() []candidate {
	var all []candidate
	for _, s := range k.standards {
		for _, b := range s.Behaviors {
			q := question{ID: "standard of/" + b, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Under which standard does this stand?", Quote: b}
			all = append(all, candidate{question: q, options: func() answers {
				var wrong []string
				for _, other := range k.standards {
					if !has(other.Behaviors, b) {
						wrong = append(wrong, other.Text)
					}
				}
				return answers{s.Text, k.mixed(wrong, q.ID), k.foils(standardFoils, s.Text, q.ID)}
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
		q := question{ID: "behavior of/" + s.Text, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Which of these is listed under this standard?", Quote: s.Text}
		all = append(all, candidate{question: q, options: func() answers {
			var wrong []string
			for _, other := range k.standards {
				wrong = append(wrong, other.Behaviors...)
			}
			wrong = slices.DeleteFunc(wrong, func(b string) bool { return has(s.Behaviors, b) })
			right := k.mixed(s.Behaviors, q.ID)[0]
			return answers{right, k.mixed(wrong, q.ID), k.foils(behaviorFoils, right, q.ID)}
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
		q := question{ID: "value of/" + s.Text, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Which value is this standard listed under?", Quote: s.Text}
		all = append(all, candidate{question: q, options: func() answers {
			var wrong []string
			for _, v := range k.m.Values {
				wrong = append(wrong, v.Name)
			}
			return answers{s.Value, k.mixed(wrong, q.ID), k.foils(valueFoils, s.Value, q.ID)}
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
		q := question{ID: "meaning/" + v.Name, subject: "value " + fold(v.Name), Own: true, Page: pageStandards, Ask: "What do we say about this value?", Quote: v.Name}
		all = append(all, candidate{question: q, options: func() answers {
			var wrong []string
			for _, o := range k.m.Values {
				wrong = append(wrong, strings.Join(o.Meaning, " "))
			}
			right := strings.Join(v.Meaning, " ")
			return answers{right, k.mixed(wrong, q.ID), k.foils(meaningFoils, right, q.ID)}
		}})
	}
	return all
}

// isStandard asks which sentence is a standard of theirs.
func (k *maker) isStandard() []candidate {
	var all []candidate
	for _, s := range k.standards {
		q := question{ID: "is standard/" + s.Text, subject: fold(s.Text), Own: true, Page: k.pageOf(s), Ask: "Which of these is one of our service standards?"}
		all = append(all, candidate{question: q, options: func() answers { return answers{s.Text, nil, k.foils(standardFoils, s.Text, q.ID)} }})
	}
	return all
}

// handsOn asks who takes over from the department.
func (k *maker) handsOn() []candidate {
	return k.handed(k.p.HandsOn, "Who takes over from "+quoted(k.p.Name)+"?", func(h learning.HandOff) string { return h.To })
}

// takesOver asks who hands on to the department.
func (k *maker) takesOver() []candidate {
	return k.handed(k.p.TakesOver, "Who hands this on to "+quoted(k.p.Name)+"?", func(h learning.HandOff) string { return h.From })
}

func (k *maker) handed(ways []learning.HandOff, text string, other func(learning.HandOff) string) []candidate {
	var all []candidate
	for _, h := range ways {
		several := slices.ContainsFunc(ways, func(o learning.HandOff) bool { return fold(o.What) == fold(h.What) && other(o) != other(h) })
		if h.What == "" || several {
			continue
		}
		q := question{ID: text + h.What, subject: "hand-off " + fold(h.What), Own: true, Page: pageOwn, Ask: text, Quote: h.What}
		all = append(all, candidate{question: q, options: func() answers {
			var wrong []string
			for _, d := range k.c.Departments {
				if name := line(d.Name); name != k.p.Name {
					wrong = append(wrong, name)
				}
			}
			return answers{other(h), k.mixed(wrong, q.ID), k.foils(handOffFoils, other(h), q.ID)}
		}})
	}
	return all
}

// aboutPerson is the dimension that is never asked about: where a department has one
// manager, its figure is about a person.
const aboutPerson = "managers"

// gap asks what to work on first.
func (k *maker) gap() []candidate {
	var all []candidate
	for _, f := range k.p.Findings {
		if len(f.Gaps) == 0 {
			continue
		}
		ask := "Going by " + k.survey(f) + ", what should " + k.whose(f) + " work on first?"
		all = append(all, k.found(f, "gap", ask, f.Gaps[0], func(r row) bool { return !r.Weak })...)
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
		ask := "What came out best for " + k.whose(f) + " in " + k.survey(f) + "?"
		all = append(all, k.found(f, "best", ask, f.Best[0], func(r row) bool { return r.Title != f.Best[0].Title })...)
	}
	return all
}

// found is a question about results: none where a person may be meant.
func (k *maker) found(f finding, subject, ask string, right row, wrong func(row) bool) []candidate {
	if right.ID == aboutPerson {
		return nil
	}
	q := question{ID: subject + "/" + f.Title, subject: subject, Page: pageFindings, Ask: ask}
	return []candidate{{question: q, options: func() answers {
		var titles []string
		for _, r := range f.Rows {
			if wrong(r) && r.ID != aboutPerson {
				titles = append(titles, r.Title)
			}
		}
		return answers{right: right.Title, wrong: k.mixed(titles, q.ID)}
	}}}
}

// survey names the survey of a finding where there are several.
func (k *maker) survey(f finding) string {
	if len(k.p.Findings) < 2 {
		return "the survey"
	}
	return "the survey " + quoted(f.Title)
}

// whose says of whom a finding tells: all of the client, for want of results of its own.
func (k *maker) whose(f finding) string {
	if f.Own && k.p.Name != "" {
		return quoted(k.p.Name)
	}
	return k.m.Client
}

// quoted sets a name off: some are of several words with an "and" among them.
func quoted(name string) string { return "“" + name + "”" }

// mixed are texts in an order that looks like none, is the same in every run, and is
// another one in each part.
func (k *maker) mixed(all []string, id string) []string {
	all = slices.Clone(all)
	byHash(all, k.p.ID+"\x00"+id, func(t string) string { return t })
	return all
}

// foils are our own wrong sentences, mixed, for where the client's material does not
// give enough. Among sentences of another language they would give the answer away.
func (k *maker) foils(all []string, right, id string) []string {
	latin := func(r rune) bool { return unicode.Is(unicode.Latin, r) }
	if k.m.foreign() || strings.IndexFunc(right, latin) < 0 {
		return nil
	}
	told := make([]string, len(all))
	for i, f := range all {
		told[i] = strings.ReplaceAll(f, "PEOPLE", k.m.People)
	}
	return k.mixed(told, id)
}

// pageOf is the page that shows a standard.
func (k *maker) pageOf(s standard) string {
	if slices.ContainsFunc(k.p.Standards, func(o standard) bool { return o.Text == s.Text }) {
		return pageOwn
	}
	return pageStandards
}
