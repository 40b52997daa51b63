package xlsx

import (
	"fmt"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// style is how a cell looks: its place among the styles of the workbook.
type style int

// The styles. Their looks are below, in the same order.
const (
	plain style = iota
	title
	heading
	header
	text
	wrapped // a text that is broken into lines
	count   // a whole number that stands below a text
	date
	whole
	oneDigit // digits behind the point
	twoDigits
	threeDigits
	percentage
)

// look is what a style is made of.
type look struct {
	font, fill, border int // places in the lists of the style sheet
	format             string
	alignment          string // attributes
}

const top = `vertical="top"`

// looks are the looks of the styles. "_)" keeps figures off the text in the next column.
var looks = []look{
	plain:       {},
	title:       {font: 1},
	heading:     {font: 2},
	header:      {font: 3, fill: 2, border: 1, alignment: `vertical="center" wrapText="1"`},
	text:        {alignment: top},
	wrapped:     {alignment: top + ` wrapText="1"`},
	count:       {alignment: top + ` horizontal="left"`},
	date:        {format: `yyyy\-mm\-dd`, alignment: top + ` horizontal="left"`},
	whole:       {format: "0_)", alignment: top},
	oneDigit:    {format: "0.0_)", alignment: top},
	twoDigits:   {format: "0.00_)", alignment: top},
	threeDigits: {format: "0.000_)", alignment: top},
	percentage:  {format: "0.0%_)", alignment: top},
}

// The colors of headers.
const (
	ink   = "FF1F3A4D"
	paper = "FFE4ECF1"
)

// firstFormat is the number of the first format that a workbook may define itself.
const firstFormat = 164

// styleSheet is the part of a workbook that says how cells look.
func styleSheet() string {
	var formats, xfs strings.Builder
	n := 0
	for _, l := range looks {
		format := 0
		if l.format != "" {
			format = firstFormat + n
			n++
			fmt.Fprintf(&formats, `<numFmt numFmtId="%d" formatCode="%s"/>`, format, l.format)
		}
		fmt.Fprintf(&xfs, `<xf numFmtId="%d" fontId="%d" fillId="%d" borderId="%d" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1"`, format, l.font, l.fill, l.border)
		if l.alignment == "" {
			xfs.WriteString("/>")
			continue
		}
		fmt.Fprintf(&xfs, ` applyAlignment="1"><alignment %s/></xf>`, l.alignment)
	}
	bold := func(size int) string {
		return fmt.Sprintf(`<font><b/><sz val="%d"/><color rgb="%s"/><name val="Calibri"/><family val="2"/></font>`, size, ink)
	}
	return xmlHead + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		fmt.Sprintf(`<numFmts count="%d">%s</numFmts>`, n, formats.String()) +
		`<fonts count="4"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>` + bold(16) + bold(12) + bold(11) + `</fonts>` +
		`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="` + paper + `"/><bgColor indexed="64"/></patternFill></fill></fills>` +
		`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>` +
		`<border><left/><right/><top/><bottom style="thin"><color rgb="` + ink + `"/></bottom><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		fmt.Sprintf(`<cellXfs count="%d">%s</cellXfs>`, len(looks), xfs.String()) +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
}

// styleOf is the style of a column's cells.
func styleOf(c flat.Column, long bool) style {
	switch c.Type {
	case flat.Whole:
		return whole
	case flat.Decimal, flat.Percent:
		return whole + style(min(c.Decimals, 3))
	case flat.Share:
		return percentage
	case flat.Date:
		return date
	}
	if long {
		return wrapped
	}
	return text
}

// shown is the width of a value as it is shown, in characters.
func shown(c flat.Column, v flat.Value) int {
	switch {
	case !v.Set():
		return 0
	case c.Type == flat.Date:
		return len("2026-09-30") + 1
	case c.Type.Numeric():
		return len("100.0% ")
	}
	longest := 0
	for line := range strings.Lines(v.String()) {
		longest = max(longest, len([]rune(line)))
	}
	return longest
}
