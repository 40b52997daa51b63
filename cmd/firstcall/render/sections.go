package render

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

const (
	wholeText = 24 // rows of a text that is shown in full
	nearRows  = 6  // rows of a long finding that are shown in full
	oneBlock  = 12 // rows of a long text up to which findings in rows one below the other are told together
)

// section is a run of rows with what was found in them: all of a text that can
// be read in one go, or of a long one what findings tie together.
type section struct {
	from, to int   // rows from up to and including to; none when to is before from
	findings []int // in the order of the text
	groups   []group
	before   bool // whether rows between this section and the one before are left out
	after    bool // whether rows behind it are
}

// group is the findings that a rule has in a section. They are told in one go:
// who reads that five words are vague needs no five notes. The number is the same
// in all sections.
type group struct {
	number   int
	findings []int // in the order of the text
}

// layOut breaks the text into rows, puts the findings to them and numbers what is
// to be told.
func (p *page) layOut() {
	p.rows = rowsOf(p.statement.Text, p.width-p.gutter-len(" | "))
	whole, inText := p.sorted()
	switch {
	case len(p.rows) == 0:
		p.sections = []section{{to: -1, findings: slices.Concat(whole, inText)}}
	case len(p.rows) <= wholeText:
		p.sections = []section{{to: len(p.rows) - 1, findings: slices.Concat(whole, inText)}}
	default:
		if len(whole) > 0 {
			p.sections = []section{{to: -1, findings: whole}}
		}
		p.sections = append(p.sections, p.blocks(inText)...)
	}
	numbers := map[told]int{}
	for i := range p.sections {
		s := &p.sections[i]
		s.groups = grouped(p.statement.Findings, s.findings)
		for j, g := range s.groups {
			of := toldBy(p.statement.Findings[g.findings[0]])
			if numbers[of] == 0 {
				numbers[of] = len(numbers) + 1
			}
			s.groups[j].number = numbers[of]
			for _, at := range g.findings {
				p.numbers[at] = numbers[of]
			}
		}
	}
}

// told is what findings of one number have in common.
type told struct{ rule, severity string }

func toldBy(f record.Remark) told { return told{f.Rule, f.Severity} }

// sorted gives the indexes of the findings that no row can show, because they
// are about the whole statement or beyond the text of a record that is cut, and of
// the others in the order of the text.
func (p *page) sorted() (whole, inText []int) {
	for i := range p.statement.Findings {
		if s := p.span(i); s.start == s.end {
			whole = append(whole, i)
		} else {
			inText = append(inText, i)
		}
	}
	slices.SortStableFunc(inText, func(a, b int) int {
		x, y := p.span(a), p.span(b)
		return cmp.Or(cmp.Compare(x.start, y.start), cmp.Compare(x.end, y.end))
	})
	return whole, inText
}

func (p *page) span(i int) row { return span(p.statement.Findings[i], p.statement.Text) }

// blocks gathers the findings of a long text whose rows overlap, or follow on
// each other as long as that makes no long block.
func (p *page) blocks(inText []int) []section {
	var blocks []section
	at := 0
	for _, i := range inText {
		s := p.span(i)
		for at < len(p.rows)-1 && p.rows[at+1].start <= s.start {
			at++
		}
		n := len(blocks)
		joins := n > 0 && (at <= blocks[n-1].to || at == blocks[n-1].to+1 && at-blocks[n-1].from < oneBlock)
		last := at
		if joins {
			last = max(at, blocks[n-1].to)
		}
		for last < len(p.rows)-1 && p.rows[last+1].start < s.end {
			last++
		}
		if joins {
			blocks[n-1].to = last
			blocks[n-1].findings = append(blocks[n-1].findings, i)
			continue
		}
		before := at > 0 && (n == 0 || at > blocks[n-1].to+1)
		blocks = append(blocks, section{from: at, to: last, findings: []int{i}, before: before})
	}
	if n := len(blocks); n > 0 {
		blocks[n-1].after = blocks[n-1].to < len(p.rows)-1
	}
	return blocks
}

// grouped gathers the findings of a rule, by their indexes, the worst first.
func grouped(all []record.Remark, findings []int) []group {
	at := map[told]int{}
	var groups []group
	for _, i := range findings {
		k := toldBy(all[i])
		if _, known := at[k]; !known {
			at[k] = len(groups)
			groups = append(groups, group{})
		}
		groups[at[k]].findings = append(groups[at[k]].findings, i)
	}
	weight := func(g group) int { return slices.Index(severities, all[g.findings[0]].Severity) }
	slices.SortStableFunc(groups, func(a, b group) int { return weight(a) - weight(b) })
	return groups
}

// section writes rows with marks under them, and below what the marks mean.
func (p *page) section(s section) {
	ellipsis := p.opt.paint(dim, "…")
	if s.before {
		p.line("", ellipsis)
	}
	numbers := p.lineNumbers(s)
	var open []int // findings that the row may have a part of, in the order of the text
	next := 0
	skipped := false
	for at := s.from; at <= s.to; at++ {
		limit := len(p.statement.Text)
		if at+1 < len(p.rows) {
			limit = p.rows[at+1].start
		}
		for ; next < len(s.findings) && (at == s.to || p.span(s.findings[next]).start < limit); next++ {
			open = append(open, s.findings[next])
		}
		r := p.rows[at]
		open = slices.DeleteFunc(open, func(i int) bool { return p.span(i).end <= r.start })
		if len(p.rows) > wholeText && s.to-s.from >= nearRows && !slices.ContainsFunc(open, func(i int) bool {
			return p.span(i).start >= r.start || p.span(i).end <= limit
		}) {
			if !skipped {
				p.line("", ellipsis)
			}
			skipped = true
			continue
		}
		skipped = false
		p.line(numbers[at-s.from], p.rowText(r))
		for _, marks := range underlines(p.marks(r, limit, open), p.width-p.gutter-len(" | "), p.opt) {
			p.line("", marks)
		}
	}
	if s.after {
		p.line("", ellipsis)
	}
	if s.to >= s.from && len(p.rows) <= wholeText && len(s.groups) > 0 {
		p.gap()
	}
	for _, g := range s.groups {
		p.explain(g)
	}
}

// lineNumbers gives what stands in the gutter: the line of the user's file where
// a line of the text begins, as far as the findings in it tell.
func (p *page) lineNumbers(s section) []string {
	numbers := make([]string, max(s.to-s.from+1, 0))
	if len(numbers) == 0 {
		return nil
	}
	at, begin := s.from, s.from // begin is the first row of the line
	line := 0
	if s.from == 0 {
		line = p.statement.Place.Line
		numbers[0] = ordinal(line)
	}
	for _, i := range s.findings {
		start := p.span(i).start
		if start == p.span(i).end || start < p.rows[s.from].start {
			continue
		}
		for at < s.to && p.rows[at+1].start <= start {
			at++
			if p.rows[at].first {
				begin = at
			}
		}
		if n := p.statement.Findings[i].Place.Line; n != line {
			line = n
			if numbers[begin-s.from] == "" {
				numbers[begin-s.from] = ordinal(n)
			} else {
				numbers[at-s.from] = ordinal(n)
			}
		}
	}
	return numbers
}

func (p *page) rowText(r row) string {
	return strings.TrimRight(shown(p.statement.Text[r.start:r.end]), " ")
}

// line writes a line behind the gutter.
func (p *page) line(number, text string) {
	p.b.WriteString(strings.TrimRight(p.opt.paint(dim, fmt.Sprintf("%*s │", p.gutter, number))+" "+text, " ") + "\n")
}

// marks are the underlines of a row, with the next one at limit; each has its
// number where it ends. Rows that a finding covers from end to end have none of
// it: a line of dashes under each row of a sentence would outshine the words
// within.
func (p *page) marks(r row, limit int, findings []int) []marked {
	var marks, long []marked
	for _, i := range findings {
		s := p.span(i)
		if s.start == s.end || s.start < r.start && s.end > limit {
			continue
		}
		m := marked{sign: "^", color: colorOf(p.statement.Findings[i].Severity)}
		m.from, m.to = r.columns(p.statement.Text, row{start: s.start, end: s.end})
		if s.end <= limit {
			m.label = strconv.Itoa(p.numbers[i])
		}
		to := &marks
		if s.start < r.start || s.end > limit {
			m.sign, to = "-", &long
		}
		same := func(other marked) bool {
			return other.from == m.from && other.to == m.to && (other.label == "") == (m.label == "")
		}
		if at := slices.IndexFunc(*to, same); at >= 0 {
			(*to)[at].join(m)
		} else {
			*to = append(*to, m)
		}
	}
	return append(marks, long...)
}

// join makes one mark of two under the same words.
func (m *marked) join(other marked) {
	if other.label == "" {
		return
	}
	worst := func(color string) int { return slices.Index([]string{red, yellow, cyan}, color) }
	if worst(other.color) < worst(m.color) {
		m.color = other.color
	}
	labels := append(strings.Split(m.label, ", "), other.label)
	slices.SortFunc(labels, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) }) // they are numbers
	m.label = strings.Join(slices.Compact(labels), ", ")
}

func colorOf(severity string) string {
	switch severity {
	case failure:
		return red
	case warning:
		return yellow
	}
	return cyan
}

// explain writes what the findings of a group mean: the message, and once for
// each rule why it matters and what to do. A hint is told without its reason, or
// with a replacement alone, and advice that stands above is not told twice.
func (p *page) explain(g group) {
	f := p.statement.Findings[g.findings[0]]
	mark := fmt.Sprintf("%*d ", p.gutter, g.number)
	p.graded(mark, f.Severity, strings.Join(p.sayings(g), "; ")+"  ["+f.Rule+"]")
	indent := strings.Repeat(" ", len(mark))
	try := p.replacements(g)
	if !p.explained[f.Rule] {
		why, fix := p.advice(f.Rule)
		if f.Severity != hint {
			p.advise(indent+"why: ", why)
		}
		if !p.advised(fix) && (f.Severity != hint || try == "") {
			p.advise(indent+"fix: ", fix)
		}
		p.explained[f.Rule] = true
	}
	p.advise(indent+"try: ", try)
}

// advised says whether what to change has a rule's advice already.
func (p *page) advised(fix string) bool {
	s := p.statement.Summary
	return s != nil && slices.ContainsFunc(s.Change, func(change string) bool { return strings.HasSuffix(change, fix) })
}

// advice is what a rule says of itself, which the record has with the first of
// its findings.
func (p *page) advice(rule string) (why, fix string) {
	for _, f := range p.statement.Findings {
		if f.Rule == rule && (f.Why != "" || f.Fix != "") {
			return f.Why, f.Fix
		}
	}
	r := p.told.rules[rule]
	return r.Why, r.Fix
}

// saying is a message, and the other words that it is said of.
type saying struct {
	before, after string // around the words
	words         []*said
}

// said is words with the places where they stand, if these need telling.
type said struct {
	text   string
	places []string
}

// sayings is what a group of findings of the page says.
func (p *page) sayings(g group) []string {
	findings := make([]record.Remark, len(g.findings))
	for i, at := range g.findings {
		findings[i] = p.statement.Findings[at]
	}
	return sayings(findings, p.apart)
}

// sayings is what findings say, each thing once, with the places that apart gives of
// them.
func sayings(findings []record.Remark, apart func(record.Remark) string) []string {
	var sayings []*saying
	known := map[[2]string]*saying{}
	words := map[[3]string]*said{}
	for _, f := range findings {
		before, word, after := quotation(f.Message)
		s := known[[2]string{before, after}]
		if s == nil {
			s = &saying{before: before, after: after}
			known[[2]string{before, after}] = s
			sayings = append(sayings, s)
		}
		key := [3]string{before, after, strings.ToLower(word)}
		if words[key] == nil {
			words[key] = &said{text: word}
			s.words = append(s.words, words[key])
		}
		if at := apart(f); at != "" && !slices.Contains(words[key].places, at) {
			words[key].places = append(words[key].places, at)
		}
	}
	texts := make([]string, len(sayings))
	for i, s := range sayings {
		texts[i] = s.before + s.words[0].text + s.after + s.words[0].where()
		for j, w := range s.words[1:] {
			texts[i] += []string{"; likewise ", ", "}[min(j, 1)] + w.text + w.where()
		}
	}
	return texts
}

// quotation finds the words that a message is about.
func quotation(message string) (before, word, after string) {
	start := strings.Index(message, "“")
	if start < 0 {
		return message, "", ""
	}
	end := strings.Index(message[start:], "”")
	if end < 0 {
		return message, "", ""
	}
	end += start + len("”")
	return message[:start], message[start:end], message[end:]
}

// apart says where a finding is when nothing else on the page does: it is marked
// in a text that is there as a whole, or has the number of its line in the gutter.
func (p *page) apart(f record.Remark) string {
	s := span(f, p.statement.Text)
	switch marked := s.end > s.start; {
	case marked && (len(p.rows) <= wholeText || f.Place.Line > 0):
		return ""
	case f.Place.Part != "" && f.Place.Part != p.statement.Place.Part:
		return f.Place.Part
	case !marked && f.End > f.Start && f.Place.Line > 0: // beyond what a cut record has
		return fmt.Sprintf("line %d", f.Place.Line)
	}
	return ""
}

func (s *said) where() string {
	if len(s.places) == 0 {
		return ""
	}
	return " (" + strings.Join(s.places, ", ") + ")"
}

// replacements says what could stand in place of the words of a group. The words
// are named, unless the replacement is for all of the group.
func (p *page) replacements(g group) string {
	type swap struct{ words, by string }
	var swaps []swap
	forAll := true
	for _, i := range g.findings {
		f := p.statement.Findings[i]
		if f.Replacement == nil {
			forAll = false
			continue
		}
		s := swap{strings.TrimSpace(f.Quote), *f.Replacement}
		if !slices.ContainsFunc(swaps, func(o swap) bool { return strings.EqualFold(o.words, s.words) && strings.EqualFold(o.by, s.by) }) {
			swaps = append(swaps, s)
		}
	}
	forAll = forAll && len(swaps) == 1
	texts := make([]string, len(swaps))
	for i, s := range swaps {
		by, of := "“"+s.by+"”", " for “"+s.words+"”"
		if s.by == "" {
			by, of = "leave out", " “"+s.words+"”"
			if forAll || s.words == "" {
				by = "leave it out"
			}
		}
		if forAll || s.words == "" {
			of = ""
		}
		texts[i] = by + of
	}
	return strings.Join(texts, ", ")
}
