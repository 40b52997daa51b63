package jobs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/dates"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/record"
)

// Set is the documents of one client that are examined beside each other. What one of
// them says of itself may hang on others: how dates are written, who reports to whom,
// which document is a copy.
type Set struct {
	AsOf    time.Time   // the day of the check
	Order   dates.Order // how dates such as 3/4/21 are read; when unknown, the dates of all documents tell
	Known   *Known      // nil when nothing is known of the organization
	Reviews org.Reviews // how often documents are gone through, before what the client file says of it

	// InFolder gives the path of a document below the folder that the user named, to
	// which review policies may refer. Nil for none.
	InFolder func(id string) string

	papers []*Paper
	titled map[string][]*Paper // by title, as titles are compared; once the set is settled
}

// NewSet makes a set without documents.
func NewSet(known *Known, asOf time.Time) *Set { return &Set{Known: known, AsOf: asOf} }

// Add takes a document in.
func (s *Set) Add(p *Paper) {
	p.set = s
	s.papers = append(s.papers, p)
}

// Papers lists the documents in the order of their ids, once the set is settled.
func (s *Set) Papers() []*Paper { return s.papers }

func (s *Set) client() *org.Client {
	if s.Known == nil {
		return nil
	}
	return s.Known.Client
}

// Settle finds out what documents have to do with each other. It is called once, when
// all are in, and the histories of files are known.
func (s *Set) Settle() {
	slices.SortFunc(s.papers, func(a, b *Paper) int { return record.CompareNatural(a.ID, b.ID) })
	if s.Order == dates.Unknown {
		s.Order = dates.OrderOf(func(yield func(dates.Mention) bool) {
			for _, p := range s.papers {
				for _, st := range p.facts.Stamps {
					if !yield(st.Mention) {
						return
					}
				}
			}
		})
	}
	s.titled = make(map[string][]*Paper, len(s.papers))
	for _, p := range s.papers {
		key := titleKey(p.Title())
		s.titled[key] = append(s.titled[key], p)
	}
	each(len(s.papers), func() func(int) {
		return func(i int) {
			p := s.papers[i]
			p.evidence = p.gather(s.Order, s.AsOf)
			p.policy = s.policy(p)
			p.review = p.reviewOf(p.evidence, p.policy, s.AsOf)
			p.end()
			p.meet()
		}
	})
	s.swept()
	s.circles()
	s.copies()
}

// swept leaves out commits that changed many of the documents at once, as the first of
// a folder does: they say nothing of a single text.
func (s *Set) swept() {
	const several, share = 3, 3
	by := map[string]int{}
	for _, p := range s.papers {
		if h := p.History; h != nil && h.Changed != nil {
			by[h.Changed.Hash]++
		}
	}
	for _, p := range s.papers {
		h := p.History
		if h == nil || h.Changed == nil || by[h.Changed.Hash] < several || by[h.Changed.Hash]*share < len(s.papers) {
			continue
		}
		for i := range p.evidence {
			if e := &p.evidence[i]; e.Source == "git" {
				e.tier, e.Ignored = noEvidence, fmt.Sprintf("that commit changed %d of these documents at once", by[h.Changed.Hash])
			}
		}
		slices.SortStableFunc(p.evidence, func(a, b evidence) int { return a.tier - b.tier })
		p.review = p.reviewOf(p.evidence, p.policy, s.AsOf)
	}
}

// policy gives the review policy that holds for a document: the settings', then the
// client file's.
func (s *Set) policy(p *Paper) Policy {
	paths := []string{p.ID}
	if s.InFolder != nil {
		paths = append(paths, s.InFolder(p.ID))
	}
	department := ""
	if len(p.facts.Department) > 0 {
		department = p.facts.Department[0].Name
		if c := s.client(); c != nil {
			if d := c.Department(department); d != nil {
				department = d.Name
			}
		}
	}
	if found, ok := s.Reviews.Find(paths, department, p.Title()); ok {
		return Policy{found, FromSettings}
	}
	if c := s.client(); c != nil {
		if found, ok := c.Reviews.Find(paths, department, p.Title()); ok {
			return Policy{found, FromClientFile}
		}
	}
	return Policy{org.Reviews(nil).ForPaths(paths, department, p.Title()), FromDefault}
}

// end finds out whether a document is over: an advertisement by its closing date, any
// by the last day that it gives itself or by saying so. A date in a sentence of a
// description is of something else: of a contract, a camp, a licence.
func (p *Paper) end() {
	p.inactive = p.facts.Inactive != ""
	var last *evidence
	for i := range p.evidence {
		e := &p.evidence[i]
		if e.Kind != "closing" && e.Kind != "expires" {
			continue
		}
		labeled := e.Source != "text" || p.facts.label(e.start)
		of := e.Kind == "closing" && (labeled || p.facts.offered) && p.facts.Kind != ClassSpec && p.facts.Kind != Description
		if (of || e.Kind == "expires" && labeled) && (last == nil || e.last.After(last.last)) {
			last = e
		}
	}
	if last != nil && last.last.Before(p.set.AsOf) {
		p.ended = last
	}
}

// label says whether what stands at an offset begins its line, as a label does, and the
// line is hardly longer.
func (f *Facts) label(offset int) bool {
	const longestLine = 90
	for _, b := range f.blocks {
		if b.Start <= offset && offset < b.End {
			line := b.In(f.Text)
			from := strings.LastIndexByte(line[:offset-b.Start], '\n') + 1
			end := len(line)
			if n := strings.IndexByte(line[offset-b.Start:], '\n'); n >= 0 {
				end = offset - b.Start + n
			}
			return strings.Trim(line[from:offset-b.Start], " *_\t") == "" && end-from <= longestLine
		}
	}
	return false
}

// lastReview is the day of the last review; the zero time when nothing tells.
func (p *Paper) lastReview() time.Time {
	t, _ := time.Parse(time.DateOnly, p.review.Last)
	return t
}

// meet holds the reporting lines of a document against each other and against the
// client file.
func (p *Paper) meet() {
	c := p.set.client()
	for i, l := range p.facts.ReportsTo {
		r := reported{Line: l}
		if c != nil && len(c.Roles) > 0 {
			switch matches, former := c.Role(l.Name); {
			case len(matches) == 0 && p.set.speaksOf(c, l.Name):
				r.known = "present"
			case len(matches) == 0:
				r.known = "unknown"
			case former:
				r.known, r.now = "former", matches[0].Title
			default:
				r.known = "present"
			}
		}
		p.lines = append(p.lines, r)
		if i > 0 && !akin(l.Name, p.facts.ReportsTo[0].Name) && !p.functional(l) {
			p.clash = append(p.clash, l)
		}
	}
	if c == nil || len(p.lines) == 0 || p.lines[0].known != "present" {
		return
	}
	matches, former := c.Role(p.Title())
	if len(matches) == 1 && !former && matches[0].ReportsTo != "" && !akin(matches[0].ReportsTo, p.lines[0].Name) {
		p.elsewhere = matches[0].ReportsTo
	}
}

// speaksOf says whether a role that the client file does not know by that name is known
// all the same: by a document of the set, or because the words name two roles.
func (s *Set) speaksOf(c *org.Client, role string) bool {
	if len(s.titled[titleKey(role)]) > 0 {
		return true
	}
	parts := strings.FieldsFunc(strings.NewReplacer(" and ", "/", " or ", "/", ", ", "/", "&", "/").Replace(role), func(r rune) bool { return r == '/' })
	for _, part := range parts {
		if matches, former := c.Role(strings.TrimSpace(part)); len(parts) > 1 && len(matches) > 0 && !former {
			return true
		}
	}
	return false
}

// functional says whether a reporting line is a second one by intent.
func (p *Paper) functional(l Line) bool {
	from := max(0, l.Start-60)
	near := strings.ToLower(p.facts.Text[from:l.End])
	for _, w := range []string{"functional", "dotted", "also report", "additionally", "secondary", "indirect", "in addition", "matrix", "temporar", "interim", "administratively", "day-to-day"} {
		if strings.Contains(near, w) {
			return true
		}
	}
	return false
}

// akin says whether two names of roles may mean the same: one has all the words of the
// other that say something.
func akin(a, b string) bool {
	x, y := sayingWords(a), sayingWords(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	for _, w := range x {
		if !slices.Contains(y, w) {
			return false
		}
	}
	return true
}

// sayingWords are the words of a name without those of grammar, in base form.
func sayingWords(name string) []string {
	var out []string
	for w := range strings.FieldsFuncSeq(name, func(r rune) bool { return strings.ContainsRune(" ,/-–()&.\t\n", r) }) {
		w = lexicon.Fold(w)
		if w == "" || has(" and or the of a an in for to with our your ", w) {
			continue
		}
		out = append(out, strings.TrimSuffix(w, "s"))
	}
	return out
}

// otherTitles gives the titles by which a document calls the job otherwise.
func (f *Facts) otherTitles() []Named {
	var out []Named
	first := f.Titles[0]
	for _, t := range f.Titles[1:] {
		if t.From == Property || t.From == FileName || t.Start == t.End || akin(first.Name, t.Name) {
			continue
		}
		if !slices.ContainsFunc(out, func(o Named) bool { return akin(o.Name, t.Name) }) {
			out = append(out, t)
		}
	}
	return out
}

// mostOfCircle is how many titles of a circle are named.
const mostOfCircle = 6

// circles finds jobs that report to each other in a circle.
func (s *Set) circles() {
	above := func(p *Paper) *Paper {
		if len(p.facts.ReportsTo) == 0 {
			return nil
		}
		of := s.titled[titleKey(p.facts.ReportsTo[0].Name)]
		if i := slices.IndexFunc(of, inUse); i >= 0 {
			return of[i]
		}
		return nil
	}
	state := map[*Paper]int{}
	for _, p := range s.papers {
		var way []*Paper
		at := p
		for at != nil && state[at] == 0 {
			state[at] = 1
			way = append(way, at)
			at = above(at)
		}
		if from := slices.Index(way, at); at != nil && from >= 0 {
			circle := way[from:]
			for i, q := range circle {
				q.circle = nil
				for k := range min(len(circle), mostOfCircle) {
					q.circle = append(q.circle, circle[(i+k)%len(circle)].Title())
				}
				if len(circle) > mostOfCircle {
					q.circle = append(q.circle, "…")
				}
				q.circle = append(q.circle, q.Title())
			}
		}
		for _, q := range way {
			state[q] = 2
		}
	}
}

// titleKey is a title as titles are compared.
func titleKey(title string) string { return strings.Join(sayingWords(title), " ") }
