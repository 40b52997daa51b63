package dates

// isFiller says whether the i-th token may stand between a label and its date.
func (c *context) isFiller(i int) bool { return c.is(i, fillers[:]...) }

// labeled looks for a label that ends where the date begins, fillers aside. It gives
// the tokens of the label.
func (c *context) labeled(f found) (kind Kind, at, end int) {
	for end = c.count; end > 0 && c.count-end <= 10; end-- {
		if kind, at = c.labelAt(end); kind != None && c.fits(kind, at, end, f) {
			return kind, at, end
		}
		if !c.isFiller(end - 1) {
			break
		}
	}
	return None, 0, 0
}

// labelAt gives the longest label that ends before token end.
func (c *context) labelAt(end int) (Kind, int) {
	best, at, long := None, 0, 0
	final := c.words[c.tokens[end-1].end-1]
	for i := range labels {
		l := &labels[i]
		if len(l.phrase) <= long || l.phrase[len(l.phrase)-1] != final {
			continue
		}
		k := c.endsWith(end, l.phrase)
		if k < 0 || l.alone && !c.heads(k, end, l.kind) {
			continue
		}
		best, at, long = l.kind, k, len(l.phrase)
	}
	return best, at
}

// heads says whether the label of tokens at to end is one, not a word of a sentence:
// it begins the clause, a colon follows, or it is said of a document.
func (c *context) heads(at, end int, kind Kind) bool {
	if c.is(end, ":", "|") && !c.is(at, "date", "review", "issue", "open", "start", "version", "update", "changed") {
		return !c.is(at-1, "be")
	}
	if c.is(at, "closed") { // "closed December 25, 2021 for the holiday"
		return false
	}
	k := at - 1
	for k >= 0 && c.is(k, "is", "was", "has", "been", "and", "or", "originally", "most", "recently", "last", "first", "next", "current", "anticipated", "expected", "are", "the", "this", "our", "position", "applications", "application") {
		k--
	}
	if k < 0 {
		return c.whole
	}
	if c.is(at, "rev", "revised") && c.is(at-1, "#", "|") || kind == Approved && at == 1 && c.whole && end == c.count {
		return true // "Page 2 of 4   Rev 02/18/2015", "Council approved 3/4/2019"
	}
	if kind == Start {
		return c.is(k, ":", "|", "/", "appointment", "employment", "job", "internship", "contract", "assignment")
	}
	return c.is(k, ":", "|", "/") || c.is(k, subjects[:]...)
}

// fits says whether a label and a date go together.
func (c *context) fits(kind Kind, at, end int, f found) bool {
	in := c.is(c.count-1, "in")
	if end < c.count && c.is(c.count-1, "to") && !c.is(c.count-2, "extended", "changed", "moved") {
		return false
	}
	switch kind {
	case Effective:
		// "Effective July 1 there will be a raise" is not said of the document.
		if end == c.count && at == 0 && c.ahead(f.end) {
			return false
		}
	case Created, Approved, Posted:
		// "Established in 1962" tells history; "this policy was adopted in 2019" doesn't.
		if in && at == 0 {
			return false
		}
	case Closing:
		if c.is(at, "close", "closed", "open") && c.is(at-1, "to", "a", "the", "was", "were") {
			return false
		}
	case Start:
		if c.is(at, "beginning", "begins", "starting", "available", "commencing", "will") && !c.has(at, "position", "employment", "appointment", "job", "contract", "work", "role", "candidate", "assignment", "internship", "fellowship") {
			return c.is(end, ":") && at == 0
		}
	}
	// The date may stand alone under its label, if that is all its line says.
	for i := end; i < c.count; i++ {
		if c.is(i, "/") && (at > 3 || !c.whole || c.find(0, at, "|") >= 0) {
			return false
		}
	}
	switch f.weak {
	case bareYear:
		if kind == AsOf {
			return true
		}
		doc := kind.OfDocument() || kind == NextReview
		return !f.span && doc && !c.counts(f) && c.whole && at <= 4 && (!in || c.has(at, subjects[:]...) || c.is(at, "last", "be"))
	case twoParts:
		return kind.OfDocument() || kind == NextReview
	case dotted, compact:
		return true
	}
	return true
}

// counts says whether a number that could be a year counts things: until 2000 hours.
func (c *context) counts(f found) bool {
	if b := byteAt(c.text, f.end); b != ' ' {
		return false
	}
	w := word(c.text, f.end+1)
	return isLetter(byteAt(c.text, f.end+1)) && !oneOf(w, "and", "or", "we", "the", "to", "in", "as", "for", "with", "when", "by", "at", "our", "it", "this", "they", "you",
		"i", "through", "until", "but", "will", "is", "on", "from", "if", "unless", "a", "an", "all", "of", "that", "so", "because", "after", "before", "version", "edition")
}

// has says whether one of the words stands before token end.
func (c *context) has(end int, words ...string) bool { return c.find(0, end, words...) >= 0 }

// find gives the first token from at to end that is one of the words, -1 for none.
func (c *context) find(at, end int, words ...string) int {
	for i := max(at, 0); i < end; i++ {
		if c.is(i, words...) {
			return i
		}
	}
	return -1
}

// filing looks for the label of a stretch in which applications are taken.
func (c *context) filing(f found) (kind Kind, at, end int) {
	if f.date.Precision != Day || f.weak > bareYear {
		return None, 0, 0
	}
	for end = c.count; end > 0 && c.count-end <= 6; end-- {
		for _, phrase := range filings {
			if at = c.endsWith(end, phrase); at >= 0 {
				return Closing, at, end
			}
		}
		if !c.isFiller(end-1) && !c.is(end-1, "beginning") {
			break
		}
	}
	return None, 0, 0
}

// signedBy reads "approved by City Council 3/4/2019": a label, "by", and names.
func (c *context) signedBy(f found) (kind Kind, at, end int) {
	if f.weak != strong && f.weak != twoParts {
		return None, 0, 0
	}
	for by := c.count - 2; by > 0 && c.count-by <= 10; by-- {
		if !c.is(by, "by") {
			continue
		}
		kind, at = c.labelAt(by)
		if !kind.OfDocument() || !c.heads(at, by, kind) || c.is(at-1, "be") || c.has(by, "must", "will", "shall", "should") {
			return None, 0, 0
		}
		if c.find(by, c.count, "no", "not", "until", "before", "in", "since") >= 0 {
			return None, 0, 0
		}
		return kind, at, by + 1
	}
	return None, 0, 0
}

// application gives a token before end that speaks of applying for the job, -1 for none.
func (c *context) application(end int) int {
	at := c.find(0, end, "apply", "application", "applications", "resume", "resumes", "résumé", "résumés", "cv", "cvs",
		"filing", "posting", "vacancy", "recruitment", "letters", "submittals", "postmarked", "consideration", "considered")
	if at < 0 || c.has(end, "grant", "grants", "policy", "policies", "interviews", "interview", "notified", "permit", "license", "tax", "program", "experience") {
		return -1
	}
	return at
}

// limits are the words right before a date up to which something holds or goes on.
var limits = []string{"by", "until", "till", "through", "thru", "before", "prior to"}

// limit finds the word of limits before the date, -1 when there is none.
func (c *context) limit() int {
	i := c.count - 1
	for i >= 0 && c.count-i <= 8 && (c.is(i, "the", "@", "#", "at", "on", "/", "noon", "midnight", "close", "of", "business", "cob", "end", "day", "est", "edt", "et", "cst", "ct", "cdt", "mst", "mt", "pst", "pdt", "pt", "eastern", "central", "pacific", "mountain", "time", "local", "standard", "daylight", "alaska", "hawaii", "utc", "gmt", "bst", "than", "later", ":") || c.is(i, "to") && c.is(i-1, "prior")) {
		i--
	}
	switch {
	case c.is(i, limits...), c.is(i, "prior"), c.is(i, "no", "not") && c.is(i+1, "later"):
		return i
	case c.is(i, "closes", "closing", "close", "ends", "due", "extended"):
		return i
	}
	return -1
}

var (
	duties   = []string{"must", "shall", "should", "need", "needs", "please", "required", "requires", "mandatory", "ensure", "complete", "submit", "apply", "send", "return"}
	futures  = []string{"will", "ll", "going", "expect", "expects", "expected", "anticipate", "anticipates", "anticipated", "aim", "aims", "aiming", "intend", "intends", "scheduled", "slated", "planned", "hopes", "upcoming", "forthcoming"}
	pasts    = []string{"was", "were", "had", "did", "since", "won", "served", "worked", "ran", "led", "held", "taught", "graduated", "founded", "elected", "went", "became", "began", "grew", "built", "took", "made", "came", "got", "saw", "gave", "launched", "joined", "hired", "born", "between", "copyright"}
	beings   = []string{"be", "is", "are", "been", "being", "get"}
	received = []string{"received", "submitted", "postmarked", "filed", "returned", "emailed", "uploaded", "mailed", "completed", "accepted", "posted", "extended", "delivered"}
)

// participle says whether the i-th token is a past participle that tells history:
// "hired before", not "be hired before".
func (c *context) participle(i int) bool {
	if i < 0 {
		return false
	}
	w := c.words[c.tokens[i].at:c.tokens[i].end]
	if !(len(w) > 3 && w[len(w)-2] == 'e' && w[len(w)-1] == 'd') && !c.is(i, pasts...) {
		return false
	}
	if c.is(i, "scheduled", "planned", "expected", "anticipated", "slated") {
		return false
	}
	return c.find(i-2, i, beings...) < 0 && !c.is(i, received...) && !(c.is(i-1, "to", "must", "will", "shall", "should") || c.is(i, "need"))
}

// until reads "by", "until", "no later than" and their like before a date. It gives
// the tokens of the phrase.
func (c *context) until(f found) (kind Kind, at, end int) {
	if f.weak > bareYear || f.span && f.weak != strong {
		return None, 0, 0
	}
	i := c.limit()
	if i < 0 {
		return None, 0, 0
	}
	end = i + 1
	switch {
	case c.is(i, "no", "not"):
		end = i + 3
	case c.is(i, "prior"):
		end = i + 2
	case c.is(i, "on") && c.is(i+2, "before"):
		end = i + 3
	}
	if f.weak == bareYear && (c.counts(f) || !c.is(i, "by", "until", "till", "through", "thru", "before")) {
		return None, 0, 0
	}
	if c.application(i+1) >= 0 && !c.has(i, "was", "were", "had", "have") && f.weak == strong {
		return Closing, i, end
	}
	return c.due(i, f), i, end
}

// answers says whether a clause about a day by which something is due can be about
// answers to an advertisement, where one stands under words on how to apply: replies
// are to be received by then, or there is no act in what is left of the sentence after
// an address.
func (c *context) answers(limit int, f found) bool {
	if f.weak != strong || f.date.Precision != Day || !c.is(limit, "by", "until", "no", "not", "before") || c.participle(limit-1) {
		return false
	}
	if c.has(limit, "reply", "replies", "received", "submitted", "submit", "postmarked", "respond", "responses", "applicants", "materials") {
		return true
	}
	return c.find(0, limit, "must", "will", "shall", "should", "be", "is", "are", "to") < 0
}

// future gives the first token from at to end that speaks of the future, -1 for none.
// A plan does so only as "plan to".
func (c *context) future(at, end int) int {
	for i := at; i < end; i++ {
		if c.is(i, futures...) || c.is(i, "plan", "plans", "hope", "goal", "goals", "target") && c.is(i+1, "to", "of", "is") {
			return i
		}
	}
	return -1
}

// due says what a date is that does not close applications, by the word at i that
// limits something to it.
func (c *context) due(i int, f found) Kind {
	switch {
	case c.is(i, "closes", "closing", "close", "ends", "extended"):
		return None
	case c.is(i, "no", "not", "due"), c.is(i-1, "due"):
		return Deadline
	}
	cue := c.future(0, i)
	duty := c.find(0, i, duties...)
	open := c.is(i, "until", "till", "through", "thru")
	for k := max(cue, 0); k < i; k++ {
		if c.is(k, pasts...) && !c.is(k-1, beings...) {
			return None
		}
	}
	verb := i - 1
	if c.is(verb, "or") { // on or before
		verb = i - 3
	}
	if c.participle(verb) && !(open && c.has(i, "is", "are", "be")) {
		return None
	}
	switch {
	case cue >= 0 && !open:
		return Promise
	case duty >= 0, open && !c.has(i, "from", "between"), f.edge == End, cue >= 0:
		return Deadline
	case c.is(i, "by", "before") && f.weak == strong && c.has(i, "be", "to"):
		return Deadline
	case c.is(i, "by") && c.ahead(f.end):
		return Promise
	}
	return None
}

// ahead says whether the clause after the date speaks of the future.
func (c *context) ahead(end int) bool {
	const far = 120
	stop := min(len(c.text), end+far)
	for i := end; i < stop; {
		switch b := c.text[i]; {
		case b == '\n', b == '.' && byteAt(c.text, i+1) <= ' ', b == ';':
			return false
		case isLetter(b):
			w := word(c.text, i)
			if oneOf(w, "will", "shall", "must", "should", "ll", "plan", "aim", "intend", "expect") {
				return true
			}
			if oneOf(w, pasts...) {
				return false
			}
			for i < stop && isAlnum(c.text[i]) {
				i++
			}
			continue
		}
		i++
	}
	return false
}

// events are words for what takes place on a day.
var events = []string{"held", "place", "conducted", "administered", "interview", "interviews", "examination", "scheduled", "exam", "test", "orientation", "training"}

// planned reads a future tense before a date: "will take effect in January 2020".
func (c *context) planned(f found) (Kind, int) {
	if f.weak > bareYear || f.weak == bareYear && c.counts(f) {
		return None, 0
	}
	i := c.count - 1
	for i > 0 && c.is(i, "the", "@", "#", "at", ":", "/", "coming", "upcoming") {
		i--
	}
	day := f.weak == strong && f.date.Precision == Day
	switch {
	case i == 0 && c.whole && c.is(i, "effective", "in", "on", "from", "beginning", "starting") && c.ahead(f.end):
		return Promise, i
	case f.weak == strong && c.is(i, "anticipated", "expected", "estimated", "scheduled", "tentatively"):
		return Promise, i
	case c.is(i, "on", "in", "from", "during", "beginning", "starting", "effective", "around", "for", "after", "or"):
	case day && c.is(i, "election", "elections", "interviews", "interview", "examination", "exam", "test"):
		return Event, i
	case !day || c.find(0, i+1, events...) < 0:
		return None, 0
	}
	if c.participle(i-1) || c.is(i-1, "experience") {
		return None, 0
	}
	event := f.weak == strong && c.find(0, i+1, events...) >= 0
	cue := c.cue(i, event)
	switch {
	case cue < 0, f.weak == bareYear && c.is(i, "on", "effective", "around", "after", "or"):
		return None, 0
	case event:
		return Event, cue
	case c.is(cue, "must"), c.is(cue, "goal", "goals", "target") && !c.is(i, "for", "in"):
		return None, 0
	}
	return Promise, cue
}

// cue gives the last verb before token i that speaks of the future, -1 when there is
// none near or the past stands between. Of an event "must" does so too.
func (c *context) cue(i int, event bool) int {
	const near = 24
	for k := i - 1; k >= 0 && i-k <= near; k-- {
		if c.future(k, k+1) >= 0 || c.is(k, "shall") || event && c.is(k, "must") {
			return k
		}
		if c.is(k, pasts...) && !c.is(k-1, beings...) && !c.is(k, "held") {
			return -1
		}
	}
	return -1
}

// distant reads a deadline that is told in a sentence: "the deadline to submit reports
// is March 15", "the filing deadline has been extended to June 1".
func (c *context) distant(f found) (kind Kind, at, end int) {
	if f.weak != strong || f.date.Precision != Day {
		return None, 0, 0
	}
	i := c.count - 1
	for i > 0 && c.is(i, "@", "the", "on", "at", ":", "close", "of", "business") {
		i--
	}
	if !c.is(i, "is", "be", "are") && !(c.is(i, "to", "until") && c.is(i-1, "extended", "changed", "moved")) && !(i < c.count-1 && c.is(i+1, ":")) {
		return None, 0, 0
	}
	at = c.find(0, i, "deadline", "closing", "due")
	if at < 0 || c.is(at, "closing", "due") && !c.is(at+1, "date") {
		return None, 0, 0
	}
	if c.is(at, "closing") || c.application(i) >= 0 {
		return Closing, at, at + 1
	}
	return Deadline, at, at + 1
}
