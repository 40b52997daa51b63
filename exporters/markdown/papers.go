package markdown

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

// paper is a record that is no assessment, with its body.
type paper[T any] struct {
	rec  *record.Record
	body T
}

// papers are what was read of one client beside the assessments.
type papers struct {
	statements []paper[record.Statement] // of the company first, by kind
	jobs       []paper[record.Job]       // the most pressing first
	folders    []paper[record.Folder]    // by id
	schedules  []paper[record.Plan]      // that answer a folder
	titles     map[string]int            // how many jobs have a title
	at         map[string]int            // index into jobs by id
	dir        string                    // what the ids of all documents begin with, up to a slash
}

func (p *papers) hasPapers() bool {
	return len(p.statements)+len(p.jobs)+len(p.folders)+len(p.schedules) > 0
}

// hasJobs reports whether there is something to say about job descriptions.
func (p *papers) hasJobs() bool { return len(p.jobs)+len(p.folders) > 0 }

// addPaper takes a record that can be read, and reports whether it did.
func (p *papers) addPaper(r *record.Record) bool {
	switch r.Kind {
	case record.KindStatement:
		return add(&p.statements, r, r.Statement)
	case record.KindJob:
		return add(&p.jobs, r, r.Job)
	case record.KindFolder:
		return add(&p.folders, r, r.Folder)
	case record.KindPlan:
		return ofFolder(r) && add(&p.schedules, r, r.Plan)
	}
	return false
}

func add[T any](to *[]paper[T], r *record.Record, read func() (T, error)) bool {
	body, err := read()
	if err == nil {
		*to = append(*to, paper[T]{r, body})
	}
	return err == nil
}

// ofFolder reports whether a plan answers a folder.
func ofFolder(r *record.Record) bool {
	body, err := r.Plan()
	if err != nil {
		return false
	}
	of, err := record.ParseKey(body.Of)
	return err == nil && of.Kind == record.KindFolder
}

// arrange puts everything in the order in which it is drawn. The records must be
// in an order of their own already: it decides where nothing else does.
func (p *papers) arrange() {
	slices.SortStableFunc(p.statements, func(a, b paper[record.Statement]) int {
		return cmp.Or(strings.Compare(a.body.Scope, b.body.Scope), // company before department
			record.CompareNatural(a.body.Department, b.body.Department),
			cmp.Compare(kindOrder(a.body.Kind), kindOrder(b.body.Kind)),
			record.CompareNatural(a.body.ID, b.body.ID))
	})
	slices.SortStableFunc(p.jobs, func(a, b paper[record.Job]) int {
		return cmp.Or(cmp.Compare(urgency(a.body), urgency(b.body)), cmp.Compare(staleness(b.body), staleness(a.body)),
			record.CompareNatural(a.body.ID, b.body.ID))
	})
	slices.SortStableFunc(p.folders, func(a, b paper[record.Folder]) int { return record.CompareNatural(a.body.ID, b.body.ID) })
	if len(p.jobs) == 0 && len(p.folders) == 1 {
		p.dir = p.folders[0].body.ID + "/"
	}
	p.titles, p.at = map[string]int{}, map[string]int{}
	for i, j := range p.jobs {
		p.at[j.body.ID] = i
		p.titles[verbatim(j.body.Title)]++
		dir, _ := path.Split(j.body.ID)
		if i == 0 {
			p.dir = dir
		}
		for !strings.HasPrefix(dir, p.dir) {
			p.dir, _ = path.Split(strings.TrimSuffix(p.dir, "/"))
		}
	}
}

// urgency orders job descriptions by how pressing they are: one whose review is
// long past stands with those that say something that is no longer so.
func urgency(j record.Job) int {
	if j.Verdict == "overdue" && j.Review.Severe {
		return 0
	}
	return slices.Index(record.Verdicts(), j.Verdict)
}

// staleness is a job's staleness; below all others where it can't be told.
func staleness(j record.Job) float64 {
	if j.Staleness == nil {
		return -1
	}
	return j.Staleness.Score
}

// short is a document's id without what all of them begin with, and of a long one the
// end, where the name of the file stands; fit to be printed.
func (p *papers) short(id string) string {
	name := []rune(verbatim(orElse(strings.TrimPrefix(id, p.dir), id)))
	if len(name) > maxTitle {
		return "…" + esc(string(name[len(name)-maxTitle+1:]))
	}
	return esc(string(name))
}

// jobName is the title of a job description, with its id when the title does not
// tell it from others; fit to be printed.
func (p *papers) jobName(j record.Job) string {
	title := verbatim(j.Title)
	if title == "" {
		return p.short(j.ID)
	}
	name := esc(cut(title, maxTitle))
	if p.titles[title] > 1 {
		name += " (" + p.short(j.ID) + ")"
	}
	return name
}

// nameOf is the name of the document of an id.
func (p *papers) nameOf(id string) string {
	if at, ok := p.at[id]; ok {
		return p.jobName(p.jobs[at].body)
	}
	return p.short(id)
}

// latestDay is the latest day that records speak of, as it is spoken; empty when
// they name none.
func latestDay[T any](all []paper[T]) string {
	day := ""
	for _, p := range all {
		day = max(day, p.rec.AsOf)
	}
	if day == "" {
		return ""
	}
	return longDay(day)
}

// Other people's texts are cut at so many characters, their lists at so many names.
const (
	maxTitle = 90
	maxQuote = 400
	maxNames = 8 // in a sentence
)

// cut makes text from a record fit for one line, and leaves out what goes beyond
// so many characters.
func cut(text string, most int) string {
	text = verbatim(text)
	if all := []rune(text); len(all) > most {
		return strings.TrimRight(string(all[:most-1]), " ") + "…"
	}
	return text
}

// first returns at most so many things, and how many are left.
func first[T any](all []T, most int) (some []T, more int) {
	n := min(len(all), most)
	return all[:n], len(all) - n
}

// someOf lists things by their names, and says how many more there are when there
// are too many.
func someOf(all []string, name func(string) string) string {
	some, more := first(all, maxNames)
	names := mapped(some, name)
	if more > 0 {
		names = append(names, things(int64(more), "other", "others"))
	}
	return list(names)
}

// notListed says how many more things there are than a list has.
func notListed(n int, one, many, aside string) string {
	if n == 1 {
		return "1 more " + one + aside + " is not listed here."
	}
	return count(int64(n)) + " more " + many + aside + " are not listed here."
}

// asSentence makes a sentence of a phrase from a record, fit to be printed.
func asSentence(phrase string) string {
	phrase = esc(cut(phrase, maxQuote))
	if phrase == "" {
		return ""
	}
	if !strings.HasSuffix(phrase, "…") {
		phrase = sentence(phrase)
	}
	return upperFirst(phrase)
}
