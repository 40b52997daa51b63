package jobs

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/dated"
	"github.com/firstcall-cli/firstcall/core/dates"
	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Facts is what one document says, found in one walk over its words: places in its
// text, and the names that it gives.
type Facts struct {
	Text string

	Kind    Kind
	KindWhy prose.Span // what says so; empty when nothing does

	Titles     []Named // what it calls the job, the best first
	Department []Named // what it calls the department, the best first
	Owners     []Named // whose document it says it is
	ReportsTo  []Line  // to whom the job reports

	Behaviors []passage
	Goals     []goal
	Purpose   []prose.Span // ties to mission, vision and values
	Authority []prose.Span // what the holder may decide
	People    []prose.Span // skills with people
	Excluding []exclusion

	Stamps    []stamp      // dates of which something is said
	Intervals []interval   // how often it says it is to be gone through
	offered   bool         // its words alone say that it looks for somebody
	Inactive  string       // what says that it is no longer in use, quoted; empty when nothing does
	Dated     []outOfDate  // what is out of date in the world
	Names     []namesake   // names that the client no longer uses
	Vision    []prose.Span // words of a former vision
	carries   []bool       // of each value of the client
	runs      []uint64     // shingles, until copies are found

	Words  int // of the document
	Judged int // of the parts in which contents are looked for

	// While the document is being read.
	notices []prose.Span // paragraphs that stand in every document of an employer
	plain   bool         // its format marks no structure
	of      [lexicon.Lists][]lexicon.Hit
	Marks   *lexicon.Marks
	blocks  []block
	parts   []section
	clause  struct{ from, end int } // words of the clause that was asked for last
	labels  []labelled
	above   []string // to whom its front matter says that the job reports
}

// Named is a name that a document gives something, and where.
type Named struct {
	prose.Span
	Name string
	From Origin
}

// Origin says where in a document something stands.
type Origin uint8

// The origins, the best evidence first.
const (
	FrontMatter Origin = iota
	Label              // a line such as "Job title: Cook"
	Heading
	Running // running text
	Property
	FileName
)

// String gives the origin as records have it.
func (o Origin) String() string {
	return [...]string{"front-matter", "label", "heading", "text", "properties", "file-name"}[o]
}

// exclusion is a word that shuts people out, with what to write instead.
type exclusion struct {
	prose.Span
	instead string
}

// goal is a place that names a goal for customers.
type goal struct {
	prose.Span
	measured bool
}

// outOfDate is something named that is out of date in the world.
type outOfDate struct {
	prose.Span
	entry *dated.Entry
	soft  bool
	mild  bool // it stands in a notice, and says nothing of the job
}

// stamp is a date of which something is said, and where it stands.
type stamp struct {
	dates.Stamp
	source string         // as records have it: text, front-matter, margin
	words  string         // that give it, where they are no text of the document
	place  document.Place // of what is no text
}

// interval is a time between reviews that a document names.
type interval struct {
	prose.Span
	months int
}

// memory is what Read works in; it may be used again for the next document.
type memory struct {
	known  *Known
	asOf   time.Time
	marks  lexicon.Marks
	text   *prose.Text
	sorted []lexicon.Hit
}

// factsOf reads a document.
func factsOf(name string, doc *document.Document, m *memory) *Facts {
	f := &Facts{Text: doc.Text, Marks: &m.marks, blocks: layout(doc), plain: doc.Blocks == nil}
	f.parts = divide(doc.Text, f.blocks)
	if m.text == nil {
		m.text = prose.English().Parse("")
	}
	t := m.text
	prose.English().ParseAgain(t, doc.Text, func(yield func(prose.Span, prose.Block) bool) {
		for _, b := range f.blocks {
			if !yield(b.Span, b.kind) {
				return
			}
		}
	})
	lexicon.EnglishJobs().MarkForms(t, &m.marks)
	f.sort(m)
	f.Words = len(t.Words)
	f.labels = labelsOf(doc.Text, f.blocks)
	f.names(name, doc)
	at := 0 // of the block
	for _, p := range t.Paragraphs {
		for at < len(f.blocks)-1 && f.blocks[at].End <= p.Start {
			at++
		}
		f.paragraph(t, p, f.parts[at])
	}
	f.reporting(t)
	f.stamps(doc)
	f.kind(t)
	f.world(t, m.asOf)
	f.organization(t, m.known)
	f.runs = f.shingles()
	f.of, f.Marks, f.labels = [lexicon.Lists][]lexicon.Hit{}, nil, nil
	return f
}

// entry is what is known of the i-th word.
func (f *Facts) entry(t *prose.Text, i int) lexicon.Entry {
	return lexicon.EnglishJobs().Entry(t, f.Marks, i)
}

// sort puts the hits of each list together, in their order.
func (f *Facts) sort(m *memory) {
	hits := f.Marks.Hits
	if cap(m.sorted) < len(hits) {
		m.sorted = make([]lexicon.Hit, len(hits)+len(hits)/2)
	}
	sorted := m.sorted[:len(hits)]
	var next [lexicon.Lists + 1]int // where the next hit of a list goes
	for _, h := range hits {
		next[h.List+1]++
	}
	for i := 1; i < len(next); i++ {
		next[i] += next[i-1]
	}
	from := next
	for _, h := range hits {
		sorted[next[h.List]] = h
		next[h.List]++
	}
	for list := range lexicon.Lists {
		if from[list] < next[list] {
			f.of[list] = sorted[from[list]:next[list]]
		}
	}
}

// within gives the hits of a list that begin in a sentence. Sentences are asked for
// in their order.
func (f *Facts) within(list lexicon.List, s *prose.Sentence) []lexicon.Hit {
	hits := f.of[list]
	i, _ := slices.BinarySearchFunc(hits, s.FirstWord, func(h lexicon.Hit, word int) int { return cmp.Compare(h.First, word) })
	j := i
	for j < len(hits) && hits[j].First < s.EndWord {
		j++
	}
	return hits[i:j]
}

// paragraph looks through the sentences of a paragraph.
func (f *Facts) paragraph(t *prose.Text, p prose.Paragraph, is section) {
	if is == legal || is == questionnaire {
		return
	}
	if f.notice(t, p) {
		f.notices = append(f.notices, p.Span)
		return
	}
	if p.Kind == prose.Heading && len(strings.Fields(p.In(t.Source))) < 4 {
		return
	}
	for i := p.FirstSentence; i < p.EndSentence; i++ {
		s := &t.Sentences[i]
		f.Judged += s.EndWord - s.FirstWord
		f.exclusions(t, s)
		f.runningTitle(t, s)
		switch is {
		case applying, benefits, labels:
			continue
		}
		f.people(t, s)
		if is != company {
			f.service(t, s, is)
			f.decisions(t, s)
		}
		f.goals(t, s, is)
		f.purpose(t, s, is)
	}
}

// notice says whether a paragraph is one that stands in all documents of an employer.
func (f *Facts) notice(t *prose.Text, p prose.Paragraph) bool {
	first, end := t.Sentences[p.FirstSentence].FirstWord, t.Sentences[p.EndSentence-1].EndWord
	for i := first; i < end; i++ {
		if f.Marks.In(i, lexicon.Notices) {
			return true
		}
	}
	return false
}

// people finds skills with people.
func (f *Facts) people(t *prose.Text, s *prose.Sentence) {
	for _, h := range f.within(lexicon.People, s) {
		f.People = append(f.People, wordsSpan(t, h.First, h.End))
	}
}

// decisions finds what the holder may decide.
func (f *Facts) decisions(t *prose.Text, s *prose.Sentence) {
	for _, h := range f.within(lexicon.Authority, s) {
		if !f.negated(t, s, h.First) {
			f.Authority = append(f.Authority, wordsSpan(t, h.First, h.End))
		}
	}
}

// purpose finds ties to what the organization is there for.
func (f *Facts) purpose(t *prose.Text, s *prose.Sentence, is section) {
	if is == requirements {
		return
	}
	for _, h := range f.within(lexicon.Purpose, s) {
		f.Purpose = append(f.Purpose, wordsSpan(t, h.First, h.End))
	}
}

// exclusions finds words that shut people out.
func (f *Facts) exclusions(t *prose.Text, s *prose.Sentence) {
	for _, h := range f.within(lexicon.Exclusionary, s) {
		if !f.negated(t, s, h.First) {
			f.Excluding = append(f.Excluding, exclusion{wordsSpan(t, h.First, h.End), h.Phrase.Replacement})
		}
	}
}

// negated says whether one of the four words before the i-th turns it round.
func (f *Facts) negated(t *prose.Text, s *prose.Sentence, i int) bool {
	for k := max(s.FirstWord, i-4); k < i; k++ {
		if f.Marks.In(k, lexicon.Negations) || has(" no nor avoid avoids ", strings.ToLower(t.Word(k))) {
			return true
		}
	}
	return false
}
