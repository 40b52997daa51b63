package jobs

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/lexicon"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// Line is one place where a document says to whom the job reports.
type Line struct {
	prose.Span            // the words that say so
	Role       prose.Span // the role in them
	Name       string     // the role as written, on one line
	Person     bool       // it looks like somebody's name
}

// reportLabels are labels whose value is to whom the job reports.
const reportLabels = "|reports to|report to|reporting to|reports directly to|reporting line|reporting relationship|reporting relationships|reports to (title)|line manager|immediate supervisor|supervisor|direct supervisor|supervised by|responsible to|accountable to|manager|managed by|direct report to|position reports to|this position reports to|title of immediate supervisor|supervisor title|supervisor's title|organizational relationship|organizational relationships|reporting manager|hiring manager title|reports|supervision received|"

// reporting finds the reporting lines of a document.
func (f *Facts) reporting(t *prose.Text) {
	for _, l := range f.above {
		f.add(Line{Name: l})
	}
	for _, l := range f.labels {
		if strings.Contains(reportLabels, "|"+l.label+"|") {
			f.labelledLine(t, l)
		}
	}
	for i := range t.Words {
		if role, start, ok := f.says(t, i); ok {
			f.line(t, start, role)
		}
	}
}

// labelledLine takes the value of a label: "Reports to: Head of Support".
func (f *Facts) labelledLine(t *prose.Text, l labelled) {
	role := l.value
	words := role.In(f.Text)
	// A label above running text, or one that says what a rule below finds.
	role.End = role.Start + len(strings.TrimRightFunc(words[:sentenceEnd(words)], unicode.IsSpace))
	if len(role.In(f.Text)) > 120 || l.label == "supervision received" || l.label == "reports" && !startsUpper(words) {
		return
	}
	for _, before := range []string{"This position reports to ", "Reports to ", "Reporting to ", "the ", "The ", "a ", "an "} {
		if rest, ok := strings.CutPrefix(role.In(f.Text), before); ok {
			role.Start = role.End - len(rest)
		}
	}
	if first, ok := wordAt(t, role.Start); ok && strings.Count(role.In(f.Text), " ") >= 5 {
		role.End = min(role.End, wordsSpan(t, first, f.roleEnd(t, first)).End)
	}
	name := oneLine(role.In(f.Text))
	if name == "" || has(" n/a none tbd tba yes no ", strings.ToLower(name)) || !startsUpper(name) && !f.roleWord(name) {
		return
	}
	quote := l.value
	quote.Start -= labelBefore(f.Text[:l.value.Start], l.label)
	quote.End = role.End
	f.add(Line{Span: quote, Role: role, Name: name})
}

// sentenceEnd says where the first sentence or clause of a text ends: before a
// semicolon, a bracket, or a full stop that is not one of a short form.
func sentenceEnd(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case ';', '(':
			return i
		case '.':
			last := text[strings.LastIndexByte(text[:i], ' ')+1 : i]
			if (i+1 == len(text) || text[i+1] == ' ') && !has(shortForms, strings.ToLower(last)) {
				return i
			}
		}
	}
	return len(text)
}

// labelBefore says how many bytes before the end of a text a label of ASCII letters
// begins, in upper or lower case; 0 when it is not near.
func labelBefore(text, label string) int {
	const near = 80
	for back := len(label); back < min(near, len(text)+1); back++ {
		if at := len(text) - back; strings.EqualFold(text[at:at+len(label)], label) {
			return back
		}
	}
	return 0
}

// wordAt gives the index of the word that begins at an offset.
func wordAt(t *prose.Text, offset int) (int, bool) {
	return slices.BinarySearchFunc(t.Words, offset, func(w prose.Word, at int) int { return cmp.Compare(w.Start, at) })
}

// add keeps a line unless the same place is known.
func (f *Facts) add(l Line) {
	for _, known := range f.ReportsTo {
		if l.Role.Start < known.Role.End && known.Role.Start < l.Role.End {
			return
		}
	}
	if len(f.Titles) > 0 && titleKey(l.Name) == titleKey(f.Titles[0].Name) {
		return // nobody reports to themselves: this is of somebody else
	}
	l.Person = personName(l.Name)
	f.ReportsTo = append(f.ReportsTo, l)
}

// says tells whether words that end before the role's first word say that the job
// reports to it: "reports to", "under the direction of". It gives the index of the
// role's first word and of the first word of the saying.
func (f *Facts) says(t *prose.Text, i int) (role, start int, ok bool) {
	w := t.Words[i]
	if n := w.End - w.Start; n < 5 || n > 12 || !has(" r u s m o d l a ", string(rune(t.Source[w.Start]|0x20))) {
		return 0, 0, false // most words are none of these
	}
	switch word := strings.ToLower(t.Word(i)); word {
	case "report", "reports", "reporting":
		return f.reportsTo(t, i)
	case "under", "receives", "receive":
		return f.underOf(t, i)
	case "supervised", "managed", "overseen", "line-managed", "directed":
		if i > 0 && has(" is are be being line directly jointly and you ", strings.ToLower(t.Word(i-1))) && i+1 < len(t.Words) && strings.EqualFold(t.Word(i+1), "by") {
			return i + 2, max(0, i-1), true
		}
	case "accountable", "responsible", "answerable", "answers":
		k := i + 1
		if k < len(t.Words) && strings.EqualFold(t.Word(k), "directly") {
			k++
		}
		if k+1 < len(t.Words) && strings.EqualFold(t.Word(k), "to") && !parted(t, k) && f.roleAhead(t, k+1) {
			return k + 1, i, word != "answers" || i == 0 || has(" position role incumbent and ", strings.ToLower(t.Word(i-1)))
		}
	}
	return 0, 0, false
}

// reportsTo reads "reports directly to", unless the reports are papers or the
// reporting is a duty.
func (f *Facts) reportsTo(t *prose.Text, i int) (role, start int, ok bool) {
	k := i + 1
	for k < len(t.Words) && k < i+6 && !strings.EqualFold(t.Word(k), "to") {
		word := strings.ToLower(t.Word(k))
		if !strings.HasSuffix(word, "ly") && !has(" and/or and administratively functionally jointly line into up ", word) || strings.ContainsAny(gap(t, k), ".;:") {
			return 0, 0, false
		}
		if word == "into" {
			break
		}
		k++
	}
	if k+1 >= len(t.Words) || k >= i+6 || strings.ContainsAny(gap(t, k), ".;") {
		return 0, 0, false
	}
	sentence := sentenceOf(t, i)
	if k+1 >= t.Sentences[sentence].EndWord || f.paper(t, i, &t.Sentences[sentence]) || f.duty(t, i, k+1) {
		return 0, 0, false
	}
	if f.ofAnother(t, i, &t.Sentences[sentence]) || regularly(t, f.roleEndAt(t, k+1), &t.Sentences[sentence]) {
		return 0, 0, false
	}
	return k + 1, i, f.roleAhead(t, k+1)
}

// ofAnother says whether a sentence that says who reports is about another job: its
// subject names a role that is not this one.
func (f *Facts) ofAnother(t *prose.Text, i int, s *prose.Sentence) bool {
	if i-s.FirstWord == 0 || i-s.FirstWord > 8 || parted(t, i) || len(f.Titles) == 0 || f.Titles[0].From == FileName {
		return false
	}
	role := false
	for k := s.FirstWord; k < i; k++ {
		word := strings.ToLower(t.Word(k))
		if has(" position role job incumbent employee you they he she it this holder who will and must person candidate holder successful ", word) {
			return false
		}
		role = role || f.Marks.In(k, lexicon.Roles) || has(" staff all ", word)
	}
	subject := t.Source[t.Words[s.FirstWord].Start:t.Words[i-1].End]
	if !role && (!t.Words[i-1].Is(prose.Capitalized) || t.Words[i-1].Is(prose.Acronym)) {
		return false // TSA may be this job's short name
	}
	for _, title := range f.Titles {
		for _, w := range sayingWords(title.Name) {
			if slices.Contains(sayingWords(subject), w) {
				return false
			}
		}
	}
	return true
}

// roleEndAt is roleEnd for a role that may begin with an article.
func (f *Facts) roleEndAt(t *prose.Text, i int) int {
	for i < len(t.Words)-1 && has(" the a an our your their its one this ", strings.ToLower(t.Word(i))) {
		i++
	}
	return f.roleEnd(t, i)
}

// regularly says whether a report is given now and then: "reports to the board weekly".
func regularly(t *prose.Text, i int, s *prose.Sentence) bool {
	return i < s.EndWord && has(" weekly monthly quarterly annually daily regularly yearly periodically ", strings.ToLower(t.Word(i)))
}

// paper says whether the i-th word is a report that somebody writes, or a report of
// events, rather than the act of reporting to somebody.
func (f *Facts) paper(t *prose.Text, i int, s *prose.Sentence) bool {
	if i == s.FirstWord || parted(t, i) {
		return false
	}
	before := strings.ToLower(t.Word(i - 1))
	if strings.EqualFold(t.Word(i), "reporting") {
		return has(" be for of data financial and coordinate in including direct ", before) && !has(" and be ", before)
	}
	if strings.EqualFold(t.Word(i), "reports") && has(" position role job incumbent manager director coordinator engineer assistant specialist and that which who librarian officer analyst clerk supervisor he she he/she it employee successful team person lead representative post holder postholder ", before) {
		return false
	}
	if has(" will to you shall would and also directly who must that currently ordinarily normally principals managers they officers staff ", before) || strings.HasSuffix(before, "ly") {
		return false
	}
	e := f.entry(t, i-1)
	if strings.EqualFold(t.Word(i), "report") && strings.HasSuffix(before, "s") && t.Words[i-1].Is(prose.Capitalized) {
		return false // "The Healthline Coordinators report to"
	}
	if strings.EqualFold(t.Word(i), "reports") {
		// "The Library Clerk reports to": a capitalized subject that begins the sentence.
		return !(t.Words[i-1].Is(prose.Capitalized) && t.Words[s.FirstWord].Is(prose.Capitalized) && i-s.FirstWord <= 8 && e.Verb < 6) && !t.Words[i-1].Is(prose.Acronym)
	}
	return e.Noun+e.Adjective >= 5 || f.Marks.In(i-1, lexicon.Function)
}

// duty says whether somebody is to report for work, or to report events.
func (f *Facts) duty(t *prose.Text, i, first int) bool {
	if has(" work duty locations location sites site assigned polling court wherever where their his her any various ", strings.ToLower(t.Word(first))) {
		return true
	}
	// "Report incidents to" has something between; "report to locations as needed" is here.
	return i > 0 && has(" failure fails required able available ", strings.ToLower(t.Word(i-1))) && first < len(t.Words) && f.entry(t, first).Verb > 5
}

// underOf reads "under the general direction of", "receives supervision from", where
// they are said of the job and not of one task.
func (f *Facts) underOf(t *prose.Text, i int) (role, start int, ok bool) {
	s := &t.Sentences[sentenceOf(t, i)]
	of := " of from by "
	k := i + 1
	found := false
	for ; k < min(i+9, s.EndWord); k++ {
		word := strings.ToLower(t.Word(k))
		if has(" direction supervision guidance leadership management oversight authority control instruction instructions ", word) {
			found = true
			continue
		}
		if found && has(of, word) {
			break
		}
		if strings.ContainsAny(gap(t, k), ".;:") || found && !has(" and or provided ", word) && !strings.HasSuffix(word, "ly") {
			return 0, 0, false
		}
	}
	if !found || k+1 >= min(i+10, s.EndWord) {
		return 0, 0, false
	}
	if !f.ofTheJob(t, i, s) {
		return 0, 0, false
	}
	return k + 1, i, f.roleAhead(t, k+1)
}

// ofTheJob says whether what stands before the i-th word is about the whole job: it
// begins the sentence, or says that the work is done or the holder works so.
func (f *Facts) ofTheJob(t *prose.Text, i int, s *prose.Sentence) bool {
	if i == s.FirstWord || strings.EqualFold(t.Word(i), "receives") && i-s.FirstWord <= 4 {
		return true
	}
	if i-s.FirstWord > 14 {
		return false
	}
	for k := s.FirstWord; k < i; k++ {
		if has(" work works working position role incumbent incumbents performed serves operates operating acts employee employees class duties job librarian clerk assistant holder coordinator manager specialist candidate ", strings.ToLower(t.Word(k))) {
			return true
		}
	}
	return false
}

// sentenceOf gives the index of the sentence of the i-th word.
func sentenceOf(t *prose.Text, i int) int {
	lo, hi := 0, len(t.Sentences)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if t.Sentences[mid].EndWord <= i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// roleAhead says whether a role begins at the i-th word: within eight words stands
// the name of one, or the words are capitalized like a name.
func (f *Facts) roleAhead(t *prose.Text, i int) bool {
	for i < len(t.Words) && has(" the a an our your their its one this either both ", strings.ToLower(t.Word(i))) {
		i++
	}
	if i >= len(t.Words) {
		return false
	}
	end := f.roleEnd(t, i)
	capitals := 0
	for k := i; k < end; k++ {
		if f.Marks.In(k, lexicon.Roles) {
			return true
		}
		if t.Words[k].Is(prose.Capitalized) {
			capitals++
		}
	}
	return capitals >= 2 && personName(t.Source[t.Words[i].Start:t.Words[end-1].End])
}

// line adds the reporting line whose role begins at a word.
func (f *Facts) line(t *prose.Text, start, role int) {
	if role >= len(t.Words) {
		return
	}
	for role < len(t.Words) && has(" the a an our your their its one this ", strings.ToLower(t.Word(role))) {
		role++
	}
	if role >= len(t.Words) {
		return
	}
	end := f.roleEnd(t, role)
	span := wordsSpan(t, role, end)
	f.add(Line{Span: prose.Span{Start: t.Words[start].Start, End: span.End}, Role: span, Name: oneLine(span.In(f.Text))})
}

// longestRole is how many words a role has at most.
const longestRole = 14

// roleEnd gives the index after the last word of a role that begins at the i-th
// word. A role goes on over "of", "for" and "and" where a capitalized word follows.
func (f *Facts) roleEnd(t *prose.Text, i int) int {
	s := &t.Sentences[sentenceOf(t, i)]
	most := min(s.EndWord, i+longestRole)
	capitals := t.Words[i].Is(prose.Capitalized)
	for k := i + 1; k < most; k++ {
		between := gap(t, k)
		word := t.Word(k)
		upper := t.Words[k].Is(prose.Capitalized) || t.Words[k].Is(prose.Acronym)
		if shortened(t, k) {
			capitals = true
			continue
		}
		if strings.ContainsAny(between, ".;:()[]|\t–—") || strings.Count(between, "\n") > 0 && !upper || strings.Count(between, "\n") > 1 {
			return k
		}
		if strings.Contains(between, ",") {
			if !capitals || !upper || !f.goesOn(t, k, most) {
				return k
			}
			continue
		}
		lower := strings.ToLower(word)
		switch {
		case upper:
		case lower == "the" && has(" of for and or ", strings.ToLower(t.Word(k-1))):
			// looked at together with the word before
		case has(" of for and or & the ", lower):
			n := k + 1
			for n < most && has(" the our ", strings.ToLower(t.Word(n))) {
				n++
			}
			if n >= most || strings.ContainsAny(gap(t, n), ".;:(,") {
				return k
			}
			next := t.Words[n]
			if !(next.Is(prose.Capitalized) || next.Is(prose.Acronym)) && !(has(" of or ", lower) && f.entry(t, n).Noun+f.entry(t, n).Adjective >= 5) && !(lower == "and" && !capitals && f.Marks.In(n, lexicon.Roles)) {
				return k
			}
			if lower == "and" && next.Is(prose.Capitalized) && f.entry(t, n).Verb >= 7 && !f.Marks.In(n, lexicon.Roles) && f.entry(t, n).Noun < 3 {
				return k
			}
		case capitals && f.Marks.In(k-1, lexicon.Roles):
			return k
		case has(stops, lower), f.entry(t, k).Verb >= 6 && !f.Marks.In(k, lexicon.Roles), strings.HasSuffix(lower, "ly"):
			return k
		}
	}
	return most
}

// shortened says whether the word before the k-th is a short form, whose full stop ends
// nothing: "Sr. Designer".
func shortened(t *prose.Text, k int) bool {
	return k > 0 && strings.HasPrefix(gap(t, k), ". ") && has(shortForms, strings.ToLower(t.Word(k-1)))
}

// shortForms are written with a full stop in the names of roles and people.
const shortForms = " sr jr asst assoc dept dir mgr exec dr gen sen st mr mrs ms prof rev "

// stops are words that no role goes on over.
const stops = " with who that which while as to in on within at based during when via will is are has was through from by where if including provides works you we this per until also for whose responsible working this, "

// goesOn says whether after a comma a role goes on: "Director, Customer Support",
// "Board Chair, Greene County Board of Elections".
func (f *Facts) goesOn(t *prose.Text, k, most int) bool {
	if f.Marks.In(k, lexicon.Serving) && f.entry(t, k).Verb >= 6 {
		return false
	}
	for n := k; n < most; n++ {
		if n > k && strings.ContainsAny(gap(t, n), ",.;:()") {
			return true
		}
		if !t.Words[n].Is(prose.Capitalized) && !t.Words[n].Is(prose.Acronym) && !has(" of and for & the or ", strings.ToLower(t.Word(n))) {
			return false
		}
	}
	return true
}

// roleWord says whether a text has the name of a role in it.
func (f *Facts) roleWord(text string) bool {
	for w := range strings.FieldsSeq(text) {
		if has(" manager director head officer supervisor lead leader chief president coordinator administrator clerk registrar board dean principal owner librarian chair superintendent executive secretary treasurer partner captain chef pastor department council committee ceo cto cfo coo vp ", strings.ToLower(strings.Trim(w, ".,()"))) {
			return true
		}
	}
	return false
}

// titles are words before a name.
const titles = " mr mr. mrs mrs. ms ms. dr dr. prof prof. professor "

// notNames are capitalized words that stand in roles and departments, not in names
// of people.
const notNames = " manager director head officer supervisor lead leader chief president vice coordinator administrator clerk registrar board dean principal owner librarian chair superintendent executive secretary treasurer partner captain chef pastor department council committee ceo cto cfo coo vp of for and the senior junior assistant associate deputy general regional national area store branch city county state office services service support customer human resources it finance marketing sales operations product engineering program project team shift floor kitchen front back house community public health library technology information communications development business account security data design research legal people culture facilities production quality safety training nursing medical clinical student academic managing foreman engineer technician specialist consultant analyst editor curator attorney judge mayor commissioner controller comptroller trustees founder staff university college school center centre company group division section "

// givenNames are first names that are common in English-speaking countries, so that a
// family name which is also a word (Miller, Price) is told. Facts, after the name lists
// of the US Social Security Administration and the UK's Office for National Statistics.
const givenNames = " james john robert michael david william richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry tyler aaron jose adam nathan henry peter zachary douglas harold kyle noah carl gerald keith roger jeremy terry lawrence sean christian austin arthur noel martin simon ian graham neil stuart alan colin mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice jean alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori jane fatima mohammed muhammad ahmed ali priya wei carlos juan luis antonio fiona nigel claire lucy "

// personName says whether a text looks like the name of a person: two to four
// capitalized words none of which belongs in a role.
func personName(text string) bool {
	fields := strings.Fields(text)
	if len(fields) > 1 && has(titles, strings.ToLower(fields[0])) {
		return true
	}
	if len(fields) < 2 || len(fields) > 4 {
		return false
	}
	given := has(givenNames, strings.ToLower(fields[0]))
	for _, w := range fields {
		plain := strings.ToLower(strings.Trim(w, ".,'’"))
		if !startsUpper(w) || has(notNames, plain) || strings.ContainsAny(w, "/&0123456789") || w == strings.ToUpper(w) && len(w) > 2 {
			return false
		}
		// A known noun is hardly a name, unless it is also one.
		if e := lexicon.EnglishJobs().Look(plain); !given && e.Known() && !strings.HasSuffix(w, ".") {
			return false
		}
	}
	return true
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// oneLine gives a text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
