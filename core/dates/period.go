package dates

import "github.com/firstcall-cli/firstcall/core/prose"

var (
	// spans are what a year may be the year of.
	spans = []string{"election", "elections", "census", "season", "session", "cycle", "budget", "goals", "targets", "plan", "roadmap", "priorities", "objectives",
		"semester", "internship", "term", "cohort", "olympics", "midterms", "primary", "primaries", "caucus", "campaign", "conference", "referendum", "initiatives"}
	// kinds of them, before the word.
	spanWords = []string{"school", "academic", "fiscal", "program", "calendar", "general", "presidential", "federal", "decennial", "municipal", "gubernatorial",
		"legislative", "redistricting", "us", "u", "s", "national", "state", "local", "statewide", "election", "strategic", "financial", "tax", "primary", "summer", "fall", "spring", "midterm", "service", "and"}
	// leads stand before a year that is spoken of as one's own time.
	leads = []string{"the", "our", "for", "in", "coming", "upcoming", "next", "this", "during", "of", "following"}
)

// period reads a span of time that the text is about: FY 2019 goals, the coming 2020
// election, the 2018-2019 school year.
func (j *judge) period(f found) (Kind, prose.Span) {
	if f.date.Precision == Day && f.weak == strong {
		return j.election(f)
	}
	if f.weak > bareYear || f.date.Precision == Day || f.edge != Whole {
		return None, prose.Span{}
	}
	c := &j.c
	if c.find(0, c.count, pasts...) >= 0 || c.is(c.count-1, "since", "after", "code", "act", "windows", "office", "server") ||
		c.has(c.count, "experience", "past", "previous", "prior", "history", "last") {
		return None, prose.Span{}
	}
	fiscal := f.span && f.weak == strong && f.date.Precision == Year
	if fiscal {
		return Period, prose.Span{Start: f.start, End: f.start}
	}
	if !f.span && f.weak != bareYear {
		return None, prose.Span{}
	}
	if f.weak == bareYear && !f.span && c.count > 0 && !c.is(c.count-1, leads...) {
		return None, prose.Span{}
	}
	at := f.end
	for range 4 {
		if c := byteAt(j.text, at); c == '\n' {
			break
		}
		w, end := after(j.text, at, "-/.")
		switch {
		case w == "":
			return None, prose.Span{}
		case oneOf(w, spans...) && !j.named(f, w), oneOf(w, "year", "years") && at > f.end:
			return Period, prose.Span{Start: end - len(w), End: end}
		case !oneOf(w, spanWords...):
			return None, prose.Span{}
		}
		at = end
	}
	return None, prose.Span{}
}

// named says whether a year and a word are a name rather than a time: 2010 Plan.
func (j *judge) named(f found, w string) bool {
	return oneOf(w, "plan", "primary", "session", "term", "conference", "campaign") && w[0] < 'a' && f.weak == bareYear
}

// election reads "the November 3, 2020 General Election".
func (j *judge) election(f found) (Kind, prose.Span) {
	at := f.end
	for range 3 {
		w, end := after(j.text, at, "")
		if oneOf(w, "election", "elections", "referendum") {
			return Event, prose.Span{Start: end - len(w), End: end}
		}
		if !oneOf(w, spanWords...) {
			break
		}
		at = end
	}
	return None, prose.Span{}
}
