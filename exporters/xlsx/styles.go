package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/firstcall-cli/firstcall/core/record/flat"
)

// styles are how cells look, by what is in them.
type styles struct {
	title, heading, header, text, wrapped, count, whole, percent, share, date int

	decimals [4]int // numbers, by how many digits they show behind the point
}

// The colors of headers.
const (
	ink   = "1F3A4D"
	paper = "E4ECF1"
)

func newStyles(file *excelize.File) (styles, error) {
	var s styles
	// "_)" keeps figures off the text in the next column.
	format := func(f string) *excelize.Style {
		return &excelize.Style{CustomNumFmt: &f, Alignment: &excelize.Alignment{Vertical: "top"}}
	}
	left := format("yyyy-mm-dd")
	left.Alignment.Horizontal = "left"
	bold := func(size float64) *excelize.Font {
		return &excelize.Font{Family: "Calibri", Bold: true, Size: size, Color: ink}
	}
	for _, make := range []struct {
		id    *int
		style *excelize.Style
	}{
		{&s.title, &excelize.Style{Font: bold(16)}},
		{&s.heading, &excelize.Style{Font: bold(12)}},
		{&s.header, &excelize.Style{
			Font: bold(11), Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{paper}},
			Border:    []excelize.Border{{Type: "bottom", Color: ink, Style: 1}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		}},
		{&s.text, &excelize.Style{Alignment: &excelize.Alignment{Vertical: "top"}}},
		{&s.wrapped, &excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&s.count, &excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left"}}},
		{&s.whole, format("0_)")},
		{&s.percent, format("0.0_)")},
		{&s.share, format("0.0%_)")},
		{&s.date, left},
		{&s.decimals[0], format("0_)")}, {&s.decimals[1], format("0.0_)")}, {&s.decimals[2], format("0.00_)")}, {&s.decimals[3], format("0.000_)")},
	} {
		var err error
		if *make.id, err = file.NewStyle(make.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

// of is the style of a column's cells. Long texts are broken into lines.
func (s styles) of(c flat.Column, long bool) int {
	switch c.Type {
	case flat.Whole:
		return s.whole
	case flat.Decimal:
		return s.decimals[min(c.Decimals, len(s.decimals)-1)]
	case flat.Percent:
		return s.percent
	case flat.Share:
		return s.share
	case flat.Date:
		return s.date
	}
	if long {
		return s.wrapped
	}
	return s.text
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
