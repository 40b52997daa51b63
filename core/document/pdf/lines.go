package pdf

import (
	"math"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fragment is a part of a line with no wide gap in it.
type fragment struct {
	text   string
	x, end float64
	y      float64 // of the base line; it grows upward
	size   float64
	bold   bool // all of it
	level  int  // of the heading that it is marked to be in
	in     *element
	page   int
}

// How far apart things are, in parts of the size of the font.
const (
	wordGap   = 0.17 // more is a space
	wideGap   = 1.8  // more parts a line
	sameLine  = 0.35 // less is no new line
	backwards = 0.6  // more is a new line, not a correction
)

// fragments gives the lines of a page in the order in which they are read. Those
// that are marked to be around the text are left aside.
func (f *file) fragments(p page) []fragment {
	const memory = 256 // bytes that a fragment may take until all pages have been read
	glyphs, aside := f.glyphs(p)
	f.aside = fragmentsOf(aside)
	all := fragmentsOf(glyphs)
	if !f.spend(memory * len(all)) {
		return nil
	}
	return all
}

func fragmentsOf(glyphs []glyph) []fragment {
	var all []fragment
	for turn := range 4 {
		var b builder
		for _, g := range glyphs {
			if g.turn == turn {
				b.add(g)
			}
		}
		b.flush()
		all = append(all, ordered(b.done)...)
	}
	return all
}

// builder makes fragments out of glyphs.
type builder struct {
	done  []fragment
	text  strings.Builder
	open  fragment
	begun bool
	last  glyph
	light bool // there are glyphs that are not bold
}

// add adds a glyph.
func (b *builder) add(g glyph) {
	blank := strings.TrimSpace(g.chars) == ""
	if b.begun && !b.continues(g) {
		b.flush()
	}
	if !b.begun {
		if blank {
			return
		}
		b.begun, b.light = true, false
		b.open = fragment{x: g.x, y: g.y, level: g.level, in: g.in}
	} else if gap := g.x - b.last.end; gap > wordGap*g.size && !blank && !strings.HasSuffix(b.text.String(), " ") {
		b.text.WriteByte(' ')
	}
	if repeated := b.last.chars == g.chars && math.Abs(b.last.x-g.x) < 0.1*g.size && math.Abs(b.last.y-g.y) < 0.1*g.size; !repeated || b.text.Len() == 0 {
		b.text.WriteString(g.chars) // letters are drawn twice to look bold
	}
	if !blank {
		b.light = b.light || !g.bold
		b.open.size = max(b.open.size, g.size)
		b.open.end = max(b.open.end, g.end)
	}
	b.last = g
}

// continues says whether a glyph belongs to the open fragment.
func (b *builder) continues(g glyph) bool {
	size := max(b.last.size, g.size)
	return math.Abs(g.y-b.open.y) < sameLine*size && g.level == b.open.level && g.in == b.open.in &&
		g.x-b.last.end > -backwards*size && g.x-b.last.end < wideGap*size
}

// flush ends the open fragment.
func (b *builder) flush() {
	if !b.begun {
		return
	}
	b.begun = false
	b.open.text = cleaned(b.text.String())
	b.text.Reset()
	b.open.bold = !b.light
	if b.open.text != "" {
		b.done = append(b.done, b.open)
	}
}

// cleaned gives a text with single spaces and without control characters.
func cleaned(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return ' '
		}
		if r == utf8.RuneError || r >= 0xE000 && r < 0xF8FF && r != 0xF0B7 && r != 0xF0A7 || r == 0xFEFF || r == 0x200B {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// ordered puts fragments into the order in which they are read. Nearly all
// programs write them so; where one does not, they go from top to bottom.
func ordered(all []fragment) []fragment {
	jumps := 0
	for i := 1; i < len(all); i++ {
		a, b := all[i-1], all[i]
		// Up again, though not to the top of another column.
		if b.y > a.y+max(a.size, b.size) && b.x < a.end && a.x < b.end {
			jumps++
		}
	}
	if jumps <= 2+len(all)/20 {
		return all
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].y > all[j].y })
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[from].y-all[to].y < sameLine*all[from].size {
			to++
		}
		row := all[from:to]
		sort.SliceStable(row, func(i, j int) bool { return row[i].x < row[j].x })
		from = to
	}
	return all
}
