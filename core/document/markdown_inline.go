package document

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// inline reads the text of one paragraph, heading or cell. A first pass over it
// notes what is to be left out or replaced, a second one hands the rest on.
// Nothing is looked for twice without success, so that both are linear.
type inline struct {
	m      *markdown
	src    []byte // of the file, up to the end of the text
	pieces []piece
	notes  []note

	edits    []edit
	delims   [3][]delim // of * _ ~
	brackets []bracket
	inactive int            // brackets below it begin no link, as links have no links in them
	ticks    [maxTicks]bool // there are no more runs of backticks of this length
	never    [len(endings)]bool
	at       int // piece that is handed on
}

// maxTicks is more than the longest run of backticks that begins code.
const maxTicks = 32

// edit is a part of the source that is not handed on as it is.
type edit struct {
	from, to int32
	kind     editKind
}

type editKind uint8

const (
	editCut     editKind = iota
	editBreak            // a line ends here
	editEntity           // a character reference
	editComment          // a comment
)

// delim is a run of characters that may mark emphasis.
type delim struct {
	edit, left, length int
	opens, closes      bool
}

// bracket is a [ or ![ that may begin a link or a picture.
type bracket struct {
	edit   int
	image  bool
	nested bool // there is one within it
}

// special marks the bytes at which text may be more than itself.
var special = func() (is [256]bool) {
	for _, c := range []byte("\\`*_~[]!<&\xC2") {
		is[c] = true
	}
	return is
}()

// run reads a text of at least one line and hands it on.
func (n *inline) run(pieces []piece, notes []note) {
	n.pieces, n.notes = pieces, notes
	n.src = n.m.src[:pieces[len(pieces)-1].to]
	n.edits, n.brackets, n.inactive, n.at = n.edits[:0], n.brackets[:0], 0, 0
	for i := range n.delims {
		n.delims[i] = n.delims[i][:0]
	}
	n.ticks, n.never = [maxTicks]bool{}, [len(endings)]bool{}
	i := 0
	for _, p := range pieces {
		if n.m.w.clock.up(int(p.to - p.from)) {
			return
		}
		i = max(i, int(p.from))
		for i < int(p.to) {
			if special[n.src[i]] {
				i = n.special(i, int(p.to))
			} else {
				i++
			}
		}
	}
	n.write()
}

// special reads what begins with a special byte and returns where to go on.
func (n *inline) special(i, lineEnd int) int {
	switch c := n.src[i]; c {
	case '\\':
		if i+1 == lineEnd && lineEnd < len(n.src) {
			return n.cut(i, i+1)
		}
		if i+1 < lineEnd && isPunct(n.src[i+1]) {
			n.cut(i, i+1)
			return i + 2
		}
		return i + 1
	case '`':
		return n.code(i)
	case '*':
		return n.emphasis(i, 0)
	case '_':
		return n.emphasis(i, 1)
	case '~':
		return n.emphasis(i, 2)
	case '!':
		if i+1 < lineEnd && n.src[i+1] == '[' {
			n.bracket(i, true)
			return i + 2
		}
		return i + 1
	case '[':
		if after, is := footnote(n.src[i:lineEnd]); is {
			return n.cut(i, i+after)
		}
		n.bracket(i, false)
		return i + 1
	case ']':
		return n.closeBracket(i)
	case '<':
		return n.angle(i)
	case 0xC2:
		if bytes.HasPrefix(n.src[i:lineEnd], softHyphen) {
			return n.cut(i, i+len(softHyphen))
		}
		return i + 1
	default:
		if length := entityLength(n.src[i:lineEnd]); length > 0 {
			n.edits = append(n.edits, edit{int32(i), int32(i + length), editEntity})
			return i + length
		}
		return i + 1
	}
}

// cut leaves a part out.
func (n *inline) cut(from, to int) int {
	n.edits = append(n.edits, edit{int32(from), int32(to), editCut})
	return to
}

// code reads a code span, or the backticks as they are.
func (n *inline) code(i int) int {
	length := runLength(n.src[i:], '`')
	from := i + length
	if length >= maxTicks || n.ticks[length] {
		return from
	}
	for j := from; ; {
		k := bytes.IndexByte(n.src[j:], '`')
		if k < 0 {
			n.ticks[length] = true
			return from
		}
		j += k
		if other := runLength(n.src[j:], '`'); other != length {
			j += other
			continue
		}
		end := j
		if end-from > 2 && n.src[from] == ' ' && n.src[end-1] == ' ' {
			from, end = from+1, end-1
		}
		n.cut(i, from)
		return n.cut(end, j+length)
	}
}

// emphasis reads a run of * _ or ~. The marks of a pair are left out.
func (n *inline) emphasis(i, kind int) int {
	c := n.src[i]
	length := runLength(n.src[i:], c)
	after := i + length
	if kind == 2 && length > 2 {
		return after
	}
	d := delim{edit: len(n.edits), left: length, length: length}
	d.opens, d.closes = n.flanks(i, after, c)
	if !d.opens && !d.closes {
		return after
	}
	n.edits = append(n.edits, edit{int32(i), int32(i), editCut})
	if d.closes {
		n.pair(&d, kind)
	}
	if d.left > 0 && d.opens {
		n.delims[kind] = append(n.delims[kind], d)
	}
	return after
}

// pair takes openers for a run that closes.
func (n *inline) pair(d *delim, kind int) {
	for d.left > 0 {
		at := n.opener(d, kind)
		if at < 0 {
			return
		}
		o := &n.delims[kind][at]
		use := 1
		if o.left >= 2 && d.left >= 2 {
			use = 2
		}
		o.left -= use
		d.left -= use
		n.edits[o.edit].to += int32(use)
		n.edits[d.edit].to += int32(use)
		edit := o.edit
		if o.left == 0 {
			n.delims[kind] = n.delims[kind][:at]
		}
		n.drop(edit)
	}
}

// opener finds the last run that may open what another closes, -1 if there is
// none near.
func (n *inline) opener(d *delim, kind int) int {
	const near = 8
	all := n.delims[kind]
	for i := len(all) - 1; i >= max(0, len(all)-near); i-- {
		o := all[i]
		switch {
		case kind == 2 && o.length != d.length:
		// The rule of CommonMark by which "*foo**bar*" is one emphasis.
		case (o.closes || d.opens) && (o.length+d.length)%3 == 0 && (o.length%3 != 0 || d.length%3 != 0):
		default:
			return i
		}
	}
	return -1
}

// drop forgets the openers after an edit: they have nothing to pair with.
func (n *inline) drop(after int) {
	for k := range n.delims {
		for len(n.delims[k]) > 0 && n.delims[k][len(n.delims[k])-1].edit > after {
			n.delims[k] = n.delims[k][:len(n.delims[k])-1]
		}
	}
}

// flanks says whether a run may open and close emphasis, by what is on its
// sides.
func (n *inline) flanks(from, to int, c byte) (opens, closes bool) {
	before, after := ' ', ' '
	if from > int(n.pieces[0].from) {
		before, _ = utf8.DecodeLastRune(n.src[:from])
	}
	if to < len(n.src) {
		after, _ = utf8.DecodeRune(n.src[to:])
	}
	spaceBefore, spaceAfter := unicode.IsSpace(before), unicode.IsSpace(after)
	punctBefore, punctAfter := isMark(before), isMark(after)
	left := !spaceAfter && (!punctAfter || spaceBefore || punctBefore)
	right := !spaceBefore && (!punctBefore || spaceAfter || punctAfter)
	if c == '_' {
		return left && (!right || punctBefore), right && (!left || punctAfter)
	}
	return left, right
}

func isMark(r rune) bool {
	if r < utf8.RuneSelf {
		return isPunct(byte(r))
	}
	return unicode.IsPunct(r) || unicode.IsSymbol(r)
}

// isPunct tells the marks of ASCII.
func isPunct(c byte) bool {
	return c >= '!' && c <= '/' || c >= ':' && c <= '@' || c >= '[' && c <= '`' || c >= '{' && c <= '~'
}

// write hands the text on, with the edits made, and ends the block.
func (n *inline) write() {
	w := n.m.w
	i := int(n.pieces[0].from)
	for _, e := range n.edits {
		if e.to == e.from {
			continue
		}
		n.copy(i, int(e.from))
		switch e.kind {
		case editBreak:
			n.newLine(int(e.from))
		case editEntity:
			w.put(entity(n.src[e.from:e.to]), int(e.from))
		case editComment:
			w.comment(string(n.src[int(e.from)+len(commentStart):int(e.to)-len(commentEnd)]), int(e.from))
		}
		i = int(e.to)
		for w.spaced() && i < len(n.src) && n.src[i] == ' ' {
			i++
		}
	}
	n.copy(i, len(n.src))
	w.end()
	n.at = len(n.pieces)
	n.tell() // comments after the last line stand before what is next
}

// copy hands a part of the source on, without what stands between the pieces.
func (n *inline) copy(from, to int) {
	for from < to {
		p := n.pieces[n.at]
		if end := min(to, int(p.to)); from < end {
			n.m.w.copy(from, end)
			from = end
			continue
		}
		if from >= int(p.to) && n.at+1 < len(n.pieces) {
			n.newLine(int(p.to))
			n.at++
			from = max(from, int(n.pieces[n.at].from))
			n.tell()
			continue
		}
		return
	}
}

// newLine ends a line at an offset, unless the line is ended already: there are
// no empty lines in a paragraph.
func (n *inline) newLine(at int) {
	if w := n.m.w; w.open {
		w.trimLine()
		if w.out[len(w.out)-1] != '\n' {
			w.put("\n", at)
		}
	}
}

// tell hands the comments before the line on that comes next.
func (n *inline) tell() {
	for len(n.notes) > 0 && n.notes[0].line <= n.at {
		n.m.w.comment(n.notes[0].text, n.notes[0].at)
		n.notes = n.notes[1:]
	}
}
