package survey

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// This file tells headings from what a respondent said and is. A file may lack
// its row of headings, and then the first respondent stands where they should.
// Headings are quoted in hints; what is none must not be.

// oddity is how little a cell looks like a heading.
type oddity uint8

const (
	fitting  oddity = iota // may be a heading
	fraction               // a number with decimals, which may also be the number of a question
	personal               // what stands with a respondent only, such as an address of theirs
)

// oddities says of each column how little its headings look like some.
func (l *layout) oddities(headers [][]string) []oddity {
	found := make([]oddity, len(l.columns))
	for row := range headers {
		for i := range found {
			o := oddityOf(cell(headers, row, i))
			if o == fraction && (row > 0 || l.vendor.dialect != dialectPlain) {
				o = fitting // tools number questions, and an option may be such a number
			}
			found[i] = max(found[i], o)
		}
	}
	return found
}

// longestOdd is the length of the longest cell that is looked at: that of an
// e-mail address with a name before it.
const longestOdd = 400 // bytes

func oddityOf(cell string) oddity {
	if len(cell) > longestOdd || !strings.ContainsAny(cell, "0123456789@:") {
		return fitting
	}
	text := folded(cell)
	decimals := decimalsIn(text)
	switch {
	case all(text, isIP), all(text, isMail), isMail(text), isUUID(text), isMoment(text), isPhone(text), isPlace(text), decimals >= decimalsOfPlace:
		return personal
	case decimals > 0:
		return fraction
	}
	return fitting
}

// all reports whether a text is a list of something: proxies list the addresses
// that an answer came through.
func all(s string, is func(string) bool) bool {
	parts := strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == ';' || c == ' ' })
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(p string) bool { return !is(p) })
}

func isIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

// isMail takes an address alone and one behind a name, in angle brackets.
func isMail(s string) bool {
	if inner, ok := strings.CutSuffix(s, ">"); ok {
		s = inner[strings.LastIndexByte(inner, '<')+1:]
	}
	name, domain, ok := strings.Cut(s, "@")
	return ok && name != "" && !strings.ContainsAny(s, " <>,;") && strings.Contains(strings.Trim(domain, "."), ".") && !strings.Contains(domain, "@")
}

func isUUID(s string) bool {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "{"), "}")
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		if hyphen != (c == '-') || !hyphen && !strings.ContainsRune("0123456789abcdefABCDEF", rune(c)) {
			return false
		}
	}
	return true
}

// isMoment reports whether a text is a date with a time, and at most the zone
// behind it.
func isMoment(s string) bool {
	at := strings.IndexAny(s, " T,")
	if at < 0 || !isDate(s[:at]) {
		return false
	}
	hour, rest, ok := strings.Cut(strings.TrimLeft(s[at:], " T,"), ":")
	if !ok || !isDigits(hour, 1, 2) || len(rest) < 2 || !isDigits(rest[:2], 2, 2) {
		return false
	}
	const longestZone = 16
	return len(strings.TrimLeft(rest, "0123456789:.,+-")) <= longestZone
}

// isDate reports whether a text is a date in numbers: 2026-03-01, 1.3.2026 or
// 03/01/26.
func isDate(s string) bool {
	for _, mark := range []string{"-", "/", "."} {
		part := strings.Split(s, mark)
		if len(part) == 3 && isDigits(part[1], 1, 2) &&
			(isDigits(part[0], 4, 4) && isDigits(part[2], 1, 2) || isDigits(part[0], 1, 2) && (isDigits(part[2], 4, 4) || isDigits(part[2], 2, 2))) {
			return true
		}
	}
	return false
}

// isDigits reports whether a text is so many digits and nothing else.
func isDigits(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && strings.Trim(s, "0123456789") == ""
}

// fewestDigits and mostDigits are those of a telephone number, and manyDigits
// is how many make a number without any mark one, or an id: those of questions
// are shorter.
const (
	fewestDigits = 7
	mostDigits   = 15
	manyDigits   = 10
)

// isPhone reports whether a text is a telephone number: with the country's or a
// zero before it, with the area in brackets, or as in 555-123-4567. Dates, and
// spans of dates, are headings.
func isPhone(s string) bool {
	if strings.Trim(s, "0123456789 +-./()") != "" || isDate(s) || strings.Contains(s, " - ") || strings.Count(s, "/") > 1 {
		return false
	}
	groups := strings.FieldsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
	digits := len(strings.Join(groups, ""))
	if digits < fewestDigits || digits > mostDigits || strings.LastIndexByte(s, '+') > 1 {
		return false
	}
	switch {
	case strings.Contains(s, "+"), s[0] == '(':
		return true
	case len(groups) == 1:
		return isDigits(s, manyDigits, mostDigits)
	case s[0] == '0':
		return digits > fewestDigits && decimalsIn(s) == 0
	}
	last := groups[max(0, len(groups)-3):]
	return len(last) == 3 && len(last[0]) == 3 && len(last[1]) == 3 && len(last[2]) == 4 && digits <= manyDigits+1
}

// decimalsOfPlace is how many decimals a coordinate has at least. A question's
// number has fewer.
const decimalsOfPlace = 4

// isPlace reports whether a text is a pair of coordinates.
func isPlace(s string) bool {
	for _, mark := range []string{", ", ",", "; ", ";", " "} {
		if a, b, ok := strings.Cut(s, mark); ok && decimalsIn(a) >= decimalsOfPlace && decimalsIn(b) >= decimalsOfPlace {
			return true
		}
	}
	return false
}

// decimalsIn counts the decimals of a text that is a number, else 0.
func decimalsIn(s string) int {
	s = strings.TrimLeft(s, "+-−")
	at := strings.IndexAny(s, ".,")
	if at < 0 || !isDigits(s[:at], 0, len(s)) || !isDigits(s[at+1:], 1, len(s)) {
		return 0
	}
	return len(s) - at - 1
}

// hideAnswers blanks the headings that are none, before anything is said about
// columns. It comes when it is known how the user calls columns.
//
// One cell that no row of headings has makes them all doubtful, unless the row
// names the items all the same.
func (m *mapper) hideAnswers(req Request) {
	odd := false
	var known map[string]bool
	for i, o := range m.layout.odd {
		if o == fitting {
			continue
		}
		if known == nil {
			known = m.knownNames(req)
		}
		if slices.ContainsFunc(m.layout.columns[i].names, func(n string) bool { return known[foldedLoosely(n)] }) {
			continue
		}
		odd = true
		if o == personal {
			m.mapping.Columns[i].Header = ""
		}
	}
	m.unheaded = (odd || m.headerless()) && !m.namesItems()
	if !m.unheaded {
		return
	}
	for i := range m.mapping.Columns {
		m.mapping.Columns[i].Header = ""
	}
}

// knownNames are what the instrument and the user call columns, folded loosely.
// They are headings, however they look.
func (m *mapper) knownNames(req Request) map[string]bool {
	known := map[string]bool{}
	add := func(names ...string) {
		for _, n := range names {
			known[foldedLoosely(n)] = true
		}
	}
	for _, it := range m.in.Items() {
		add(it.ID, it.Text)
	}
	for _, a := range m.in.Attributes {
		add(a.ID, a.Text)
	}
	for _, names := range req.By {
		add(names...)
	}
	add(req.Also...)
	add(req.ClientColumn, req.WaveColumn, req.RespondentColumn, req.TimeColumn)
	if m.told != nil {
		for _, c := range m.told.columns {
			add(c.heading)
		}
	}
	return known
}

// namesItems reports whether half of the items at least have a column by its
// heading. A column that is given by its number says nothing about headings.
func (m *mapper) namesItems() bool {
	questions := map[string]bool{}
	for c := range m.layout.columns {
		m.eachExpansion(c, func(question, _ string) {
			for _, q := range append(partsOf(question), question) {
				questions[foldedLoosely(q)] = true
			}
		})
	}
	items := m.in.Items()
	named := 0
	for _, it := range items {
		names := []string{it.ID, it.Text}
		if m.told != nil {
			names = append(names, m.told.columns[it.ID].heading)
		}
		names = slices.DeleteFunc(names, func(n string) bool { return folded(n) == "" })
		// Where there is no heading, several people's answers, or several of
		// one person, may happen to be an item's id.
		if len(m.columns.findEither(names...)) == 1 || slices.ContainsFunc(names, func(n string) bool { return questions[foldedLoosely(n)] }) {
			named++
		}
	}
	return named*2 >= len(items)
}

// headerless reports whether most of the headers are numbers or labels of a
// scale.
func (m *mapper) headerless() bool {
	labels := map[string]bool{}
	for _, it := range m.in.Items() {
		for _, l := range it.Scale.Labels {
			labels[foldedLoosely(l)] = true
		}
	}
	answers, all := 0, 0
	for _, c := range m.layout.columns {
		header := c.header()
		if header == "" {
			continue
		}
		all++
		if _, ok := parseNumber([]byte(header)); ok || labels[foldedLoosely(header)] {
			answers++
		}
	}
	return answers*2 > all
}

// countsColumns reports whether the mapping file gives a column by its number.
func (m *mapper) countsColumns() bool {
	if m.told == nil {
		return false
	}
	for _, c := range m.told.columns {
		if c.heading == "" {
			return true
		}
	}
	return false
}

const hintHeadings = "add a row of headings"

// answersFirst is the fault of a file without headings.
func (s *source) answersFirst() problem.Problem {
	return s.problem(1, 0, "the first row looks like answers, not like headings", hintHeadings)
}
