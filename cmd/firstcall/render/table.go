package render

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// The widths of what stands beside the first column and the bars, and the
// bounds of these.
const (
	figuresWidth = 36 // columns "Of 100" to "Alpha" with the gaps before them
	mostTitle    = 34
	leastBar     = 10
	mostBar      = 40

	// leastTable is the width that a table needs at least; on a narrower
	// terminal its lines break.
	leastTable = leastBar + figuresWidth + leastBar
)

// assessments writes assessments as tables that a person reads.
func assessments(records []*record.Record, opt Options) (string, error) {
	var b strings.Builder
	for i, r := range records {
		if i > 0 {
			b.WriteString("\n")
		}
		if r.Kind == record.KindPlan {
			if err := writePlan(&b, r, opt); err != nil {
				return "", fmt.Errorf("draw %s: %w", r.Key, err)
			}
			continue
		}
		if r.Assessment == nil {
			fmt.Fprintf(&b, "%s: a %s record, not shown here\n", Printable(r.Key), r.Kind)
			continue
		}
		v := newView(r, opt)
		if err := v.write(&b); err != nil {
			return "", fmt.Errorf("draw %s: %w", r.Key, err)
		}
	}
	return b.String(), nil
}

// view is one assessment being written.
type view struct {
	record *record.Record
	body   record.AssessmentBody
	opt    Options
	first  int // most characters in the first column
	bars   int // characters that 100 percent take
}

func newView(r *record.Record, opt Options) view {
	v := view{record: r, body: r.Assessment.Body(), opt: opt}
	longest := len(dimensionHead)
	for _, d := range v.body.Instrument.Dimensions {
		longest = max(longest, len([]rune(d.Title)))
	}
	for _, g := range v.body.Groups {
		longest = max(longest, len([]rune(flat.GroupName(g.Key))), len([]rune(groupingName(g.By))))
	}
	v.first = min(longest, mostTitle, max(opt.Width-figuresWidth-leastBar, leastBar))
	v.bars = min(max(opt.Width-v.first-figuresWidth, leastBar), mostBar)
	return v
}

func (v view) write(b *strings.Builder) error {
	title := []string{v.body.Instrument.Title, v.body.Wave}
	if name := v.record.Client.Name; name != "" {
		title = append([]string{name}, title...)
	} else {
		title = append([]string{v.record.Client.ID}, title...)
	}
	b.WriteString(v.paint(bold, Printable(joined(title, " · "))) + "\n")
	if v.body.Withheld {
		b.WriteString("Too few people answered to show results without giving their answers away.\n")
		return nil
	}
	b.WriteString(v.summary() + "\n\n")
	tables := []func() (string, error){v.dimensions}
	for from := 0; from < len(v.body.Groups); {
		to := from
		for to < len(v.body.Groups) && strings.Join(v.body.Groups[to].By, "\x1f") == strings.Join(v.body.Groups[from].By, "\x1f") {
			to++
		}
		groups := v.body.Groups[from:to]
		tables = append(tables, func() (string, error) { return v.groups(groups) })
		from = to
	}
	for i, table := range tables {
		drawn, err := table()
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(drawn)
	}
	b.WriteString(v.readings())
	return nil
}

// summary says how many answered and where the index stands.
func (v view) summary() string {
	people := fmt.Sprintf("%d people answered", *v.body.N)
	if r := v.body.Response; r != nil && r.Rate != nil {
		people = fmt.Sprintf("%d of %d people answered (%s)", *v.body.N, r.Headcount, wholePercent(*r.Rate))
	}
	if v.body.Index == nil {
		return people
	}
	index := fmt.Sprintf("index %d of 100", v.rounded(*v.body.Index))
	if v.body.Band != "" {
		index += ", " + Printable(v.body.Band)
	}
	if v.body.Instrument.HighIsBad() {
		index += " (high is bad)"
	}
	return people + " · " + index
}

func (v view) dimensions() (string, error) {
	rows := [][]string{}
	for i, d := range v.body.Dimensions {
		title := clip(v.body.Instrument.Dimensions[i].Title, v.first)
		if d.Withheld {
			rows = append(rows, []string{title, withheldWord, "", "", "", ""})
			continue
		}
		alpha := "–"
		if d.Alpha != nil && d.Alpha.Pairwise != nil && d.Alpha.Pairwise.Raw != nil {
			alpha = fmt.Sprintf("%.2f", *d.Alpha.Pairwise.Raw)
		}
		favorable := "–"
		if d.Favorable != nil {
			favorable = wholePercent(d.Favorable.Share)
		}
		rows = append(rows, []string{title, v.bar(d.Percent), v.whole(d.Percent), favorable, fmt.Sprint(*d.N), alpha})
	}
	return v.table([]string{dimensionHead, v.scaleHead(), "Of 100", "Favorable", "People", "Alpha"}, rows, 1)
}

// groupingName is the heading over the groups of a grouping.
func groupingName(by []string) string { return strings.Join(by, " * ") }

// dimensionHead is the heading over the dimensions.
const dimensionHead = "Dimension"

// withheldWord stands where a figure would give people's answers away.
const withheldWord = "withheld"

// groups writes the groups of one grouping, each with its weakest dimension.
func (v view) groups(groups []record.Group) (string, error) {
	rows := [][]string{}
	for _, g := range groups {
		name := clip(flat.GroupName(g.Key), v.first)
		if g.Withheld {
			rows = append(rows, []string{name, withheldWord, "", "", ""})
			continue
		}
		bar := v.bar(g.Index)
		if g.Index == nil && slices.ContainsFunc(g.Dimensions, func(d record.Dimension) bool { return d.Withheld }) {
			bar = "partly " + withheldWord
		}
		rows = append(rows, []string{name, bar, v.whole(g.Index), fmt.Sprint(*g.N), v.attention(g)})
	}
	last := "Lowest"
	if v.highIsBad() {
		last = "Highest"
	}
	return v.table([]string{clip(groupingName(groups[0].By), v.first), v.scaleHead(), "Index", "People", last}, rows, 1)
}

// attention names the dimension that most asks for attention in a group: the
// lowest, or the highest where high is bad.
func (v view) attention(g record.Group) string {
	at := -1
	for i, d := range g.Dimensions {
		if d.Percent == nil {
			continue
		}
		if at < 0 || (*d.Percent < *g.Dimensions[at].Percent) != v.highIsBad() && *d.Percent != *g.Dimensions[at].Percent {
			at = i
		}
	}
	if at < 0 {
		return "–"
	}
	room := max(v.opt.Width-v.first-v.bars-figuresWidth+15, leastBar)
	return clip(v.body.Instrument.Dimensions[at].Title, room) + " " + strconv.Itoa(v.rounded(*g.Dimensions[at].Percent))
}

// clip makes words safe for a terminal and cuts them to a number of
// characters.
func clip(s string, most int) string {
	r := []rune(Printable(s))
	if len(r) <= most {
		return string(r)
	}
	return strings.TrimRight(string(r[:most-1]), " ") + "…"
}

func (v view) highIsBad() bool { return v.body.Instrument.HighIsBad() }

// scaleHead is a ruler over the bars.
func (v view) scaleHead() string { return "0" + strings.Repeat(" ", v.bars-4) + "100" }

// bar draws a percentage to the eighth of a character, red when it is weak.
func (v view) bar(percent *float64) string {
	if percent == nil {
		return "–"
	}
	bar := bar(*percent, v.bars)
	if v.body.Instrument.Weak(*percent) {
		return v.paint(red, bar)
	}
	return v.paint(green, bar)
}

// bar draws a percentage of a width.
func bar(percent float64, width int) string {
	eighths := int(math.Round(percent / 100 * float64(width) * 8))
	eighths = min(max(eighths, 0), width*8)
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return bar
}

// rounded is the number that people see for a percent of scale.
func (v view) rounded(percent float64) int { return v.body.Instrument.Rounded(percent) }

// wholePercent is a share as a whole percent, halves up.
func wholePercent(share float64) string { return fmt.Sprintf("%.0f%%", math.Round(100*share)) }

func (v view) whole(x *float64) string {
	if x == nil {
		return "–"
	}
	return strconv.Itoa(v.rounded(*x))
}

// ANSI codes.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func (v view) paint(code, s string) string { return v.opt.paint(code, s) }

func (o Options) paint(code, s string) string {
	if !o.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// table lays out rows below a header. The first column and the one called bars
// stand to the left, numbers to the right.
func (v view) table(header []string, rows [][]string, bars int) (string, error) {
	aligns := make([]tw.Align, len(header))
	for i := range aligns {
		aligns[i] = tw.AlignRight
	}
	aligns[0], aligns[bars] = tw.AlignLeft, tw.AlignLeft
	if header[len(header)-1] != "Alpha" {
		aligns[len(aligns)-1] = tw.AlignLeft
	}
	return Table(header, rows, aligns)
}

// tableHead gathers the names of columns, and to which side they stand.
type tableHead struct {
	names  []string
	aligns []tw.Align
}

// add adds columns if they are present.
func (h *tableHead) add(present bool, align tw.Align, names ...string) {
	for _, name := range names {
		if present {
			h.names, h.aligns = append(h.names, name), append(h.aligns, align)
		}
	}
}

// Table lays out a plain table without lines, for a terminal.
func Table(header []string, rows [][]string, aligns []tw.Align) (string, error) {
	var b strings.Builder
	t := tablewriter.NewTable(&b,
		tablewriter.WithRendition(tw.Rendition{
			Borders: tw.BorderNone,
			Settings: tw.Settings{
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.Off, ShowFooterLine: tw.Off},
				Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off, ShowHeader: tw.Off},
			},
		}),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithPadding(tw.Padding{Left: "", Right: "  ", Overwrite: true}),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: aligns}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: aligns}),
	)
	t.Header(header)
	// Into memory: the table writer loses errors of the writer behind it.
	if err := errors.Join(t.Bulk(rows), t.Render()); err != nil {
		return "", err
	}
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		out.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return out.String(), nil
}

func joined(parts []string, between string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, between)
}
