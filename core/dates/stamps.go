package dates

import "github.com/firstcall-cli/firstcall/core/prose"

// Stamp is a date with what is said of it.
type Stamp struct {
	Kind  Kind
	Label prose.Span // the words that say so; before the date, after it, or empty
	Mention
}

// Stamps gives the dates of a text of which something is said, in order. A date that
// is merely told, as history is ("founded in 1962", "graduated in 2015"), is no
// stamp. Where applications are taken from one day to another, the last one is the
// stamp; a stretch written as one ("March 4-8, 2019") is one date.
func Stamps(text string) []Stamp {
	var out []Stamp
	s := scanner{text: text}
	j := judge{text: text}
	for {
		f, ok := s.next()
		if !ok {
			return out
		}
		kind, label := j.kind(f)
		if kind != None {
			out = append(out, Stamp{Kind: kind, Label: label, Mention: f.mention(text)})
		}
		j.pass(f, kind)
	}
}

// judge says what dates are, one after another.
type judge struct {
	text string
	c    context
	// The date before: where its clause and it began and where it ended.
	from, start, end int
	last             Kind // what it was
	any              bool
}

// pass remembers a date. A figure that proved to be none parts no clause.
func (j *judge) pass(f found, kind Kind) {
	if f.weak != strong && kind == None {
		return
	}
	j.from, j.start, j.end, j.last, j.any = j.end, f.start, f.end, kind, true
}

// kind says what a date is and by which words.
func (j *judge) kind(f found) (Kind, prose.Span) {
	if j.any && j.joined(f) {
		return j.rangeEnd(f)
	}
	if j.listed(f) {
		return j.last, prose.Span{Start: f.start, End: f.start}
	}
	if k, span := j.column(f); k == Event || k == Closing {
		return k, span // the head of the column says more than that of the row
	}
	c := &j.c
	c.before(j.text, j.end, f.start)
	if c.count > 0 {
		if k, at, end := c.filing(f); k != None && f.date.First != f.date.Last {
			return k, c.span(at, end)
		}
		k, at, end := c.labeled(f)
		if k == None || end-at == 1 && c.is(at, "date") { // "approved by Jane Doe   Date: 3/4/19"
			if k, at, end := c.signedBy(f); k != None {
				return k, c.span(at, end)
			}
		}
		if k == Deadline && c.is(end-1, "deadline") && j.underApply(f.start) {
			k = Closing
		}
		if k != None {
			return k, c.span(at, end)
		}
		if k, at, end := c.until(f); k != None || end > at {
			if k != Closing && c.answers(at, f) && j.underApply(f.start) {
				k = Closing
			}
			if k != None {
				return k, c.span(at, end)
			}
		}
		if k, at, end := c.distant(f); k != None {
			return k, c.span(at, end)
		}
		if k, at := c.planned(f); k != None {
			return k, c.span(at, at+1)
		}
	}
	if k, span := j.behind(f); k != None {
		return k, span
	}
	if k, span := j.column(f); k != None {
		return k, span
	}
	return j.period(f)
}

// span gives the place of tokens at to end.
func (c *context) span(at, end int) prose.Span {
	return prose.Span{Start: c.tokens[at].Start, End: c.tokens[end-1].End}
}

// listed says whether the date follows another of the document in a list: "Revised:
// 6/1/2012; 7/1/2014".
func (j *judge) listed(f found) bool {
	if !j.any || !j.last.OfDocument() || f.weak == bareYear || f.weak == compact || f.start-j.end > 8 {
		return false
	}
	commas := false
	for _, b := range []byte(j.text[j.end:f.start]) {
		switch b {
		case ',', ';', '&':
			commas = true
		case ' ', '\t', '\n', '\r':
		default:
			return false
		}
	}
	return commas
}

// joined says whether the date is the other end of a stretch that the last began.
func (j *judge) joined(f found) bool {
	if f.weak > bareYear || f.start-j.end > 60 {
		return false
	}
	var c context
	c.before(j.text, j.end, f.start)
	link := false
	for i := range c.count {
		switch {
		case c.is(i, "to", "through", "thru", "until", "till", "or", "and"):
			link = true
		case c.is(i, "@", "#", "at", "noon", "midnight", "am", "pm", "the", "est", "edt", "et", "pst", "pdt", "pt", "eastern", "pacific", "central", "mountain"):
		default:
			return false
		}
	}
	if c.count == 0 {
		for k := j.end; k < f.start; k++ {
			if dash(j.text, k) > 0 {
				return true
			}
		}
	}
	return link
}

// rangeEnd says what the last day of a stretch is by what is said of the stretch.
func (j *judge) rangeEnd(f found) (Kind, prose.Span) {
	c := &j.c
	c.before(j.text, j.from, j.start)
	if c.count > 0 && j.last == None {
		if k, at, end := c.filing(f); k != None {
			return k, c.span(at, end)
		}
		if at := c.application(c.count); at >= 0 {
			return Closing, c.span(at, at+1)
		}
	}
	if j.last == None && c.has(c.count, "position", "assignment", "term", "contract", "appointment", "temporary", "internship", "fellowship", "agreement", "mou", "effective", "valid") &&
		c.find(0, c.count, pasts...) < 0 {
		return Expires, prose.Span{Start: f.start, End: f.start}
	}
	switch j.last {
	case Posted, Closing:
		return Closing, prose.Span{Start: f.start, End: f.start}
	case Effective, Start:
		return Expires, prose.Span{Start: f.start, End: f.start}
	case Event, Promise, Deadline, Period:
		return j.last, prose.Span{Start: f.start, End: f.start}
	}
	if j.last == None && j.underFiling() {
		return Closing, prose.Span{Start: f.start, End: f.start}
	}
	return None, prose.Span{}
}

// behind reads a label after a date: 10-17-18 REV.
func (j *judge) behind(f found) (Kind, prose.Span) {
	if f.weak != strong {
		return None, prose.Span{}
	}
	at := f.end
	for at < len(j.text) && at-f.end < 4 && (j.text[at] == ' ' || j.text[at] == '(' || j.text[at] == '\t') {
		at++
	}
	w := word(j.text, at)
	var k Kind
	switch {
	case oneOf(w, "rev", "revised", "revision", "updated"):
		k = Revised
	case oneOf(w, "reviewed"):
		k = Reviewed
	case oneOf(w, "adopted", "approved"):
		k = Approved
	case oneOf(w, "effective"):
		k = Effective
	default:
		return None, prose.Span{}
	}
	end := at + len(w)
	rest := end
	for rest < len(j.text) && rest-end < 8 && (j.text[rest] == '.' || j.text[rest] == ')' || j.text[rest] == ' ' || j.text[rest] == '\r' || j.text[rest] == '*') {
		rest++
	}
	if at == f.end || rest < len(j.text) && j.text[rest] != '\n' {
		return None, prose.Span{}
	}
	return k, prose.Span{Start: at, End: end}
}

// underFiling says whether a stretch "from ... to ..." stands shortly below words on
// how to apply.
func (j *judge) underFiling() bool {
	c := &j.c
	for i := range c.count {
		if !c.is(i, "from", "@", "#", ":", "|", "/", "beginning") {
			return false
		}
	}
	return j.above(j.start, "filing", "deadline", "application", "applications")
}

// underApply says whether the lines before i speak of applying: their "deadline" is
// that of applications.
func (j *judge) underApply(i int) bool {
	return j.above(i, "apply", "application", "applications", "applying", "resume", "resumes", "vacancy")
}

// above says whether one of the words stands shortly before i.
func (j *judge) above(i int, words ...string) bool {
	const far = 300
	for k := max(0, i-far); k < i; k++ {
		if !isLetter(j.text[k]) {
			continue
		}
		w := word(j.text[:i], k)
		if oneOf(w, words...) {
			return true
		}
		for k < i && isLetter(j.text[k]) {
			k++
		}
	}
	return false
}
