package jobs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/firstcall-cli/firstcall/core/dates"
	"github.com/firstcall-cli/firstcall/core/history"
	"github.com/firstcall-cli/firstcall/core/org"
	"github.com/firstcall-cli/firstcall/core/record"
)

// evidence is a date that speaks of a document, with what it says of its review.
type evidence struct {
	record.JobDate
	first, last time.Time
	tier        int // how good it is, from 0; noEvidence when it says nothing of a review
	start, end  int // in the text; equal when it does not stand there
}

// The tiers of evidence, the best first: what the document says of its review, other
// dates that it gives itself, what the file says, what git knows, the time of the
// file.
const (
	tierReview = iota
	tierDocument
	tierProperties
	tierHistory
	tierFile
	noEvidence
)

// gather lists the dates of a document, the best evidence first.
func (p *Paper) gather(order dates.Order, asOf time.Time) []evidence {
	var out []evidence
	for _, s := range p.facts.Stamps {
		if e, ok := p.stamped(s, order, asOf); ok {
			out = append(out, e)
		}
	}
	file := record.Place{File: p.ID}
	add := func(t time.Time, source string, tier int, quote string) {
		if t.IsZero() {
			return
		}
		day := dayOf(t)
		e := evidence{first: day, last: day, tier: tier, JobDate: record.JobDate{Kind: "changed", Source: source, Precision: "day", Quote: quote, Place: file}}
		if day.After(asOf) {
			e.Ignored, e.tier = "it lies after the day of this check", noEvidence
		}
		out = append(out, e)
	}
	properties := p.doc.Properties
	if properties.Modified.IsZero() {
		add(properties.Created, "properties", tierProperties, "")
	} else {
		add(properties.Modified, "properties", tierProperties, "")
	}
	tracked := false
	if h := p.History; h != nil {
		tracked = h.Tracked
		switch {
		case h.Tracked && h.Dirty == history.Text && !p.Modified.IsZero():
			// Somebody is at it: what git knows is not of these words.
			add(p.Modified, "file", tierHistory, "not yet committed")
		case h.Changed != nil:
			add(h.Changed.When, "git", tierHistory, "commit "+shortHash(h.Changed.Hash))
		case h.Stood != nil:
			add(h.Stood.When, "git", tierHistory, "unchanged since commit "+shortHash(h.Stood.Hash))
			// It is at least as old; how old, nobody knows.
			last := &out[len(out)-1]
			last.tier, last.Ignored = noEvidence, "the text is at least as old, and "+h.Why.String()
		}
	}
	// The time of a file differs from one copy to the next, and is told only where it is
	// all there is.
	if !tracked && !p.Modified.IsZero() && !dayOf(p.Modified).After(asOf) && !slices.ContainsFunc(out, func(e evidence) bool { return e.tier < tierFile }) {
		add(p.Modified, "file", tierFile, "")
	}
	slices.SortStableFunc(out, func(a, b evidence) int {
		return cmp.Or(cmp.Compare(a.tier, b.tier), b.last.Compare(a.last), cmp.Compare(a.start, b.start))
	})
	for i := range out {
		out[i].From, out[i].To = out[i].first.Format(time.DateOnly), out[i].last.Format(time.DateOnly)
	}
	return out
}

// kindsOfDates are the names that records have for kinds of dates, with the tier that
// each is evidence of.
var kindsOfDates = map[dates.Kind]struct {
	name string
	tier int
}{
	dates.Reviewed: {"reviewed", tierReview}, dates.Revised: {"revised", tierReview},
	dates.Approved: {"approved", tierDocument}, dates.Effective: {"effective", tierDocument}, dates.Created: {"created", tierDocument}, dates.Posted: {"posted", tierDocument},
	dates.NextReview: {"next-review", noEvidence}, dates.Closing: {"closing", noEvidence}, dates.Expires: {"expires", noEvidence},
}

// stamped makes evidence of a date that the document gives.
func (p *Paper) stamped(s stamp, order dates.Order, asOf time.Time) (evidence, bool) {
	kind, ok := kindsOfDates[s.Kind]
	if !ok {
		return evidence{}, false
	}
	d := s.Mention.In(order)
	e := evidence{first: d.First, last: d.Last, tier: kind.tier, start: s.Start, end: s.End, JobDate: record.JobDate{
		Kind: kind.name, Source: s.source, Precision: d.Precision.String(), Quote: clip(s.Phrase, longestQuoted),
		Ambiguous: order == dates.Unknown && s.Other != nil && !s.Other.Equal(s.Date),
	}}
	switch s.source {
	case "text":
		if s.Label.Start < s.Label.End {
			e.start, e.end = min(s.Label.Start, s.Start), max(s.Label.End, s.End)
			e.Quote = clip(p.facts.Text[e.start:e.end], longestQuoted)
		}
		e.Place = p.at(e.start)
	default:
		e.start, e.end = 0, 0
		e.Place = p.placed(s.place)
		e.Quote = clip(s.words, longestQuoted)
	}
	if e.tier != noEvidence && e.first.After(asOf) {
		if s.Kind == dates.Reviewed && s.source == "text" && !strings.Contains(strings.ToLower(p.facts.Text[s.Label.Start:s.Label.End]), "reviewed") {
			e.Kind, e.tier = "next-review", noEvidence // "review date", said of the next one
		} else {
			e.tier, e.Ignored = noEvidence, "it lies after the day of this check"
		}
	}
	if e.tier != noEvidence && e.last.After(asOf) {
		e.last = asOf
	}
	return e, true
}

// dayOf is the day of a time at midnight UTC, as its own zone has it.
func dayOf(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func shortHash(hash string) string { return hash[:min(len(hash), 10)] }

// sureness says how far each tier goes.
func (e evidence) sureness() string {
	switch {
	case e.tier == tierReview && e.Precision != "year" && !e.Ambiguous:
		return "high"
	case e.tier <= tierDocument, e.tier == tierHistory:
		return "medium"
	}
	return "low"
}

// inWords says what a piece of evidence is, as a phrase.
func (e evidence) inWords() string {
	when := e.JobDate.When()
	where := map[string]string{"text": "the text says", "front-matter": "its front matter says", "margin": "a header or footer says"}[e.Source]
	switch e.Source {
	case "properties":
		return "the file's properties say that it was saved on " + when
	case "git":
		return "its text last changed on " + when + " (" + e.Quote + ")"
	case "file":
		if e.Quote != "" {
			return "its text was changed on " + when + ", which is " + e.Quote
		}
		return "the file was last written on " + when
	}
	return fmt.Sprintf("%s “%s”", where, e.Quote)
}

// review decides when a document was last gone through, and when it should be next.
func (p *Paper) reviewOf(all []evidence, policy Policy, asOf time.Time) record.Review {
	r := record.Review{Months: int(policy.Every), From: policy.From}
	for _, i := range p.facts.Intervals {
		if policy.From == FromDefault && i.months > 0 {
			r.Months, r.From = i.months, FromDocument
		}
	}
	if p.History != nil {
		r.Bumped = len(p.History.Bumps)
	}
	var last time.Time
	if len(all) > 0 && all[0].tier != noEvidence {
		best := all[0]
		last = best.last
		r.Last, r.Evidence, r.Sure = last.Format(time.DateOnly), best.inWords(), best.sureness()
		if r.Bumped > 0 && best.tier == tierReview && r.Sure == "high" {
			r.Sure = "medium"
		}
		age := months(last, asOf)
		r.AgeMonths = &age
		r.Severe = age >= int(policy.Severe)
		r.Next = org.Interval(r.Months).After(last).Format(time.DateOnly)
	}
	namedNext(&r, all, last, asOf)
	return r
}

// namedNext takes the day of the next review that the document names, unless it was gone
// through since then.
func namedNext(r *record.Review, all []evidence, last, asOf time.Time) {
	i := slices.IndexFunc(all, func(e evidence) bool { return e.Kind == "next-review" && e.last.After(last) })
	if i < 0 {
		return
	}
	next, ahead := all[i].last, all[i].last.After(asOf)
	if day := next.Format(time.DateOnly); r.Next == "" || day < r.Next || ahead && r.From == FromDefault {
		r.Next = day
	}
}

// months counts whole months from one day to another, 0 when it comes before.
func months(from, to time.Time) int {
	n := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
	if to.Day() < from.Day() {
		n--
	}
	return max(0, n)
}

// Difference judges a change of a document's content for core/history: whether the
// words changed, or only a date of its review, or neither.
func Difference(path string, older, newer []byte) (history.Difference, string) {
	before, was := textOf(path, older)
	after, is := textOf(path, newer)
	if !was || !is {
		if string(older) == string(newer) {
			return history.Same, ""
		}
		return history.Text, "" // one of them can't be read: it can't be said that nothing changed
	}
	moved := ""
	if a, b := before.reviewed(), after.reviewed(); a != b && b != "" {
		moved = cmp.Or(a, "none") + " to " + b
	}
	switch {
	case before.words == after.words && moved != "", before.words != after.words && before.undated == after.undated && moved != "":
		return history.Dates, moved
	case before.words == after.words, before.undated == after.undated:
		return history.Same, ""
	}
	return history.Text, ""
}

// version is a version of a document, as far as changes are told by it.
type version struct {
	words   string // all words, on one line
	undated string // the same without the dates of the document
	stamps  []dates.Stamp
}

// reviewed lists the dates of the review as they stand.
func (v version) reviewed() string {
	var all []string
	for _, s := range v.stamps {
		if s.Kind == dates.Reviewed || s.Kind == dates.Revised || s.Kind == dates.NextReview {
			if d := s.Date.String(); !slices.Contains(all, d) {
				all = append(all, d)
			}
		}
	}
	return strings.Join(all, ", ")
}

// textOf reads a version of a document.
func textOf(path string, data []byte) (version, bool) {
	doc, err := readVersion(path, data)
	if err != nil {
		return version{}, false
	}
	v := version{stamps: dates.Stamps(doc.Text)}
	var undated strings.Builder
	from := 0
	for _, s := range v.stamps {
		if s.Kind.OfDocument() || s.Kind == dates.NextReview {
			if s.Start >= from {
				undated.WriteString(doc.Text[from:s.Start])
				from = s.End
			}
		}
	}
	undated.WriteString(doc.Text[from:])
	v.words, v.undated = oneLine(doc.Text), oneLine(undated.String())
	for _, m := range doc.Margins {
		v.stamps = append(v.stamps, dates.Stamps(m.Text)...)
	}
	for _, f := range doc.Fields {
		if s, _, ok := dates.Key(f.Key, f.Value); ok && s.Kind != dates.None {
			v.stamps = append(v.stamps, s)
		}
	}
	return v, true
}
