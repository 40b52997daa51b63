package pdf

import (
	"bytes"
	"math"
	"strings"
)

// matrix is what the format writes as [a b c d e f].
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// times applies m first and then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// state is what q saves and Q restores.
type state struct {
	ctm                        matrix
	font                       *font
	size, spacing, wordSpacing float64
	scale, leading, rise       float64
	mode                       int
}

// marked is a part of the content that is marked.
type marked struct {
	artifact bool // decoration
	running  bool // a header or footer
	element  *element
	level    int    // of a heading, 0 for anything else
	actual   string // the characters that its glyphs stand for
	replaces bool   // there are such
	shown    bool   // and they have been shown
}

// painter goes through the content of a page and collects its glyphs.
type painter struct {
	f         *file
	resources dict
	tags      map[int]*element // of the page
	state
	stack      []state
	text, line matrix
	marks      []marked
	forms      map[*stream]bool // that are being painted
	glyphs     []glyph
	aside      []glyph // in headers and footers that are marked as such
}

// glyph is a shown character or several, in the coordinates of the page as it
// is seen.
type glyph struct {
	chars string
	x, y  float64 // where it begins on the base line
	end   float64 // x of where it ends
	size  float64
	bold  bool
	level int // of the heading that it is marked to be in
	in    *element
	turn  int // quarters that the text is turned by
}

// maxGlyphs is how many glyphs a page may have.
const maxGlyphs = 1 << 20

// glyphs paints a page. What is in headers and footers that are marked as such
// comes second.
func (f *file) glyphs(p page) (text, aside []glyph) {
	var content []byte
	if o := p.dict["Contents"]; o != nil && f.resolve(o) == nil {
		f.missing()
	}
	for _, o := range f.list(p.dict["Contents"]) {
		s, is := f.resolve(o).(*stream)
		if !is {
			f.missing()
			continue
		}
		b, err := f.decoded(s)
		if err != nil {
			f.broken++
		}
		content = append(append(content, b...), '\n')
		if !f.spend(len(b)) {
			return nil, nil
		}
	}
	t := painter{f: f, resources: p.resources, tags: f.tags[p.number], forms: map[*stream]bool{}}
	t.state = state{ctm: rotation(p.rotate), scale: 1}
	t.paint(content, 0)
	return t.glyphs, t.aside
}

// rotation turns a page as it is seen.
func rotation(degrees int) matrix {
	switch ((degrees % 360) + 360) % 360 {
	case 90:
		return matrix{0, -1, 1, 0, 0, 0}
	case 180:
		return matrix{-1, 0, 0, -1, 0, 0}
	case 270:
		return matrix{0, 1, -1, 0, 0, 0}
	}
	return identity
}

// paint goes through a content stream.
func (t *painter) paint(content []byte, depth int) {
	const mostOperands = 64 // of what has more, none is of use
	l := lexer{src: content}
	var operands []any
	for from := 0; len(t.glyphs)+len(t.aside) < maxGlyphs; from = l.pos {
		o := l.next()
		if o == ended || !t.f.spend(8+l.pos-from) {
			return
		}
		op, is := o.(word)
		if !is {
			if len(operands) < mostOperands {
				operands = append(operands, o)
			}
			continue
		}
		switch op {
		case "ID":
			t.f.pictures++
			skipImage(&l)
		case "Do":
			t.form(operands, depth)
		default:
			t.operator(op, operands)
		}
		operands = operands[:0]
	}
}

// skipImage passes the data of an image that is in the content.
func skipImage(l *lexer) {
	for {
		i := bytes.Index(l.src[l.pos:], []byte("EI"))
		if i < 0 {
			l.pos = len(l.src)
			return
		}
		at := l.pos + i
		l.pos = at + 2
		if classes[l.src[at-1]] == space && (l.pos == len(l.src) || classes[l.src[l.pos]] == space) {
			return
		}
	}
}

// form paints content that is kept apart from the page.
func (t *painter) form(operands []any, depth int) {
	const deepest = 12
	key, _ := last(operands).(name)
	s, is := t.f.resolve(t.f.dict(t.resources["XObject"])[key]).(*stream)
	if is && s.dict["Subtype"] == name("Image") {
		t.f.pictures++
	}
	if !is || s.dict["Subtype"] != name("Form") || depth >= deepest || t.forms[s] {
		return
	}
	content, err := t.f.decoded(s)
	if err != nil {
		t.f.broken++
		return
	}
	t.forms[s] = true
	saved, resources, stack, marks, tags := t.state, t.resources, t.stack, len(t.marks), t.tags
	t.stack, t.tags = nil, nil // forms number their content themselves
	if r := t.f.dict(s.dict["Resources"]); r != nil {
		t.resources = r
	}
	if m, is := t.f.resolve(s.dict["Matrix"]).(array); is {
		t.ctm = matrixOf(m).times(t.ctm)
	}
	t.paint(content, depth+1)
	t.state, t.resources, t.stack, t.tags = saved, resources, stack, tags
	t.marks = t.marks[:min(marks, len(t.marks))]
	delete(t.forms, s)
}

func last(operands []any) any {
	if len(operands) == 0 {
		return nil
	}
	return operands[len(operands)-1]
}

// matrixOf reads a matrix, the identity if it is none.
func matrixOf(a []any) matrix {
	if len(a) < 6 {
		return identity
	}
	var m matrix
	for i := range m {
		m[i] = number(a[len(a)-6+i])
	}
	return m
}

// operator does what an operator says.
func (t *painter) operator(op word, operands []any) {
	arg := func(fromEnd int) float64 {
		if i := len(operands) - fromEnd; i >= 0 {
			return number(operands[i])
		}
		return 0
	}
	switch op {
	case "q":
		if len(t.stack) < 1<<12 {
			t.stack = append(t.stack, t.state)
		}
	case "Q":
		if n := len(t.stack); n > 0 {
			t.state, t.stack = t.stack[n-1], t.stack[:n-1]
		}
	case "cm":
		t.ctm = matrixOf(operands).times(t.ctm)
	case "BT":
		t.text, t.line = identity, identity
	case "Tc":
		t.spacing = arg(1)
	case "Tw":
		t.wordSpacing = arg(1)
	case "Tz":
		t.scale = arg(1) / 100
	case "TL":
		t.leading = arg(1)
	case "Ts":
		t.rise = arg(1)
	case "Tr":
		t.mode = int(arg(1))
	case "Tf":
		if len(operands) > 1 {
			key, _ := operands[len(operands)-2].(name)
			t.font, t.size = t.f.fontFor(t.resources, key), arg(1)
		}
	case "Td":
		t.move(arg(2), arg(1))
	case "TD":
		t.leading = -arg(1)
		t.move(arg(2), arg(1))
	case "Tm":
		t.text = matrixOf(operands)
		t.line = t.text
	case "T*":
		t.move(0, -t.leading)
	default:
		t.showing(op, operands, arg)
	}
}

// showing does what the operators say that show text or mark content.
func (t *painter) showing(op word, operands []any, arg func(int) float64) {
	switch op {
	case "Tj":
		t.show(last(operands))
	case "'":
		t.move(0, -t.leading)
		t.show(last(operands))
	case `"`:
		t.wordSpacing, t.spacing = arg(3), arg(2)
		t.move(0, -t.leading)
		t.show(last(operands))
	case "TJ":
		list, _ := last(operands).(array)
		for _, o := range list {
			if s, is := o.(text); is {
				t.show(s)
			} else {
				t.advance(-number(o) / 1000 * t.size * t.scale)
			}
		}
	case "BMC", "BDC":
		t.mark(op, operands)
	case "f", "F", "f*", "B", "B*", "b", "b*":
		t.f.drawings++
	case "EMC":
		if n := len(t.marks); n > 0 {
			t.marks = t.marks[:n-1]
		}
	}
}

// mark begins marked content.
func (t *painter) mark(op word, operands []any) {
	const deepest = 1 << 10
	var m marked
	if n := len(t.marks); n > 0 {
		m = t.marks[n-1]
	}
	if len(t.marks) >= deepest {
		return
	}
	var properties dict
	tag, _ := last(operands).(name)
	if op == "BDC" && len(operands) > 1 {
		tag, _ = operands[len(operands)-2].(name)
		switch p := last(operands).(type) {
		case dict:
			properties = p
		case name:
			properties = t.f.dict(t.f.dict(t.resources["Properties"])[p])
		}
	}
	switch {
	case tag == "Artifact":
		m.artifact, m.running = true, t.f.pagination(properties)
	case len(tag) == 2 && tag[0] == 'H' && tag[1] >= '1' && tag[1] <= '6':
		m.level = int(tag[1] - '0')
	case tag == "Title":
		m.level = 1
	}
	if mcid, is := t.f.resolve(properties["MCID"]).(int); is && t.tags[mcid] != nil {
		m.element = t.tags[mcid]
		if m.element.level > 0 {
			m.level = m.element.level
		}
	}
	if actual, is := t.f.resolve(properties["ActualText"]).(text); is && !m.replaces {
		m.actual, m.replaces, m.shown = decodeText(string(actual)), true, false
	}
	t.marks = append(t.marks, m)
}

// move goes to a new line.
func (t *painter) move(x, y float64) {
	t.line = matrix{1, 0, 0, 1, x, y}.times(t.line)
	t.text = t.line
}

// advance moves within a line.
func (t *painter) advance(x float64) {
	t.text = matrix{1, 0, 0, 1, x, 0}.times(t.text)
}

// show shows a string.
func (t *painter) show(o any) {
	s, is := o.(text)
	if !is {
		return
	}
	if t.font == nil {
		t.font = t.f.makeFont(nil)
	}
	t.font.each(s, func(chars string, width float64, isSpace, ok bool) {
		if len(t.glyphs)+len(t.aside) >= maxGlyphs || !t.f.spend(16) {
			return
		}
		x := width*t.size + t.spacing
		if isSpace {
			x += t.wordSpacing
		}
		x *= t.scale
		t.glyph(chars, x, ok)
		t.advance(x)
	})
}

// glyph adds a glyph that is x wide.
func (t *painter) glyph(chars string, x float64, ok bool) {
	m := matrix{1, 0, 0, 1, 0, t.rise}.times(t.text).times(t.ctm)
	level, running := 0, false
	var in *element
	if n := len(t.marks); n > 0 {
		k := &t.marks[n-1]
		if k.artifact && !k.running {
			return
		}
		running = k.running
		level, in = k.level, k.element
		if k.replaces {
			ok = true
			if chars = k.actual; k.shown {
				chars = ""
			}
			k.shown = true
		}
	}
	if !running {
		t.f.mapped++
		if !ok {
			t.f.unmapped++
		}
	}
	g := glyph{chars: chars, bold: t.font.bold || t.mode == 2, level: level, in: in}
	// The direction of the text decides which way the page is to be held.
	switch dx, dy := m[0], m[1]; {
	case math.Abs(dx) >= math.Abs(dy) && dx >= 0:
		g.x, g.y, g.end = m[4], m[5], m[4]+x*math.Hypot(dx, dy)
	case math.Abs(dx) >= math.Abs(dy):
		g.turn, g.x, g.y, g.end = 2, -m[4], -m[5], -m[4]+x*math.Hypot(dx, dy)
	case dy > 0:
		g.turn, g.x, g.y, g.end = 1, m[5], -m[4], m[5]+x*math.Hypot(dx, dy)
	default:
		g.turn, g.x, g.y, g.end = 3, -m[5], m[4], -m[5]+x*math.Hypot(dx, dy)
	}
	g.size = math.Abs(t.size) * math.Hypot(m[2], m[3])
	if usable(g.x) && usable(g.y) && usable(g.end) && usable(g.size) {
		g.chars = ligatures.Replace(g.chars)
		if running {
			t.aside = append(t.aside, g)
		} else {
			t.glyphs = append(t.glyphs, g)
		}
	}
}

// pagination says whether decoration is a header or a footer. A watermark is
// pagination too, by what it says.
func (f *file) pagination(properties dict) bool {
	kind, _ := f.resolve(properties["Type"]).(name)
	part, _ := f.resolve(properties["Subtype"]).(name)
	return kind == "Pagination" && part != "Watermark"
}

// usable says whether a number can be a place on a page.
func usable(x float64) bool { return x > -1e7 && x < 1e7 }

// ligatures are letters that are drawn as one.
var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st")
