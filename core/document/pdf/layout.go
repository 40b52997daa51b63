package pdf

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// layout makes blocks of the fragments of all pages.
func (f *file) layout(pages [][]fragment) []Block {
	a := arranger{file: f, body: bodySize(pages)}
	a.levels = headingSizes(pages, a.body)
	a.leading = leading(pages)
	for i, fragments := range pages {
		for k := range fragments {
			fragments[k].page = i + 1
		}
		a.page(fragments)
	}
	a.flush()
	return a.blocks
}

// bodySize is the size that most characters have.
func bodySize(pages [][]fragment) float64 {
	counts := map[float64]int{}
	for _, fragments := range pages {
		for _, f := range fragments {
			counts[rounded(f.size)] += len(f.text)
		}
	}
	best, most := 0.0, 0
	for size, n := range counts {
		if n > most || n == most && size > best {
			best, most = size, n
		}
	}
	return best
}

func rounded(size float64) float64 { return math.Round(size*2) / 2 }

// leading is the drop from one line of a paragraph to the next in parts of the
// size. Paragraphs are further apart, and there are fewer of those.
func leading(pages [][]fragment) float64 {
	var drops []float64
	for _, fragments := range pages {
		for i := 1; i < len(fragments); i++ {
			a, b := fragments[i-1], fragments[i]
			if drop := (a.y - b.y) / max(b.size, 1); drop > 0.8 && drop < 4 && math.Abs(a.size-b.size) < 0.1*a.size {
				drops = append(drops, drop)
			}
		}
	}
	if len(drops) == 0 {
		return 1.2
	}
	slices.Sort(drops)
	return drops[len(drops)*3/10]
}

// larger is how much larger than the text a heading is that has no other mark.
const larger = 1.12

// headingSizes lists the sizes of headings, the largest first.
func headingSizes(pages [][]fragment, body float64) []float64 {
	var sizes []float64
	for _, fragments := range pages {
		for _, f := range fragments {
			if s := rounded(f.size); s > body*larger && !slices.Contains(sizes, s) && len(sizes) < 100 {
				sizes = append(sizes, s)
			}
		}
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	return sizes
}

// arranger makes blocks.
type arranger struct {
	file    *file // which says when it is enough
	body    float64
	levels  []float64
	leading float64 // usual drop from line to line, in parts of the size
	blocks  []Block

	lines  []fragment // of the open block
	item   bool       // which is an entry of a list
	inGrid bool       // the last block was a cell
	last   element    // that the last block with tags is in

	fragments []fragment      // of the page
	right     map[int]float64 // where the lines of a column on it end at most
}

// page adds the fragments of a page.
func (a *arranger) page(fragments []fragment) {
	a.fragments, a.right = fragments, map[int]float64{}
	for _, row := range columns(rows(fragments)) {
		switch {
		case !a.file.spend(1):
			return
		case len(row) == 1 || row[0].in != nil:
			for _, f := range row {
				a.add(f, false)
			}
		case bulletOnly(row[0].text):
			line := row[1]
			for _, f := range row[2:] {
				line.text += " " + f.text
				line.end = f.end
			}
			a.add(line, true)
		default:
			a.cells(row)
		}
	}
}

// column tells lines apart that begin elsewhere.
func column(x float64) int { return int(math.Floor(x / 8)) }

// rows gathers the fragments that stand beside each other.
func rows(fragments []fragment) [][]fragment {
	var all [][]fragment
	for i, f := range fragments {
		if i > 0 {
			if last := fragments[i-1]; math.Abs(last.y-f.y) < sameLine*max(last.size, f.size) && f.x >= last.end {
				row := all[len(all)-1]
				if end := &row[len(row)-1]; f.in != nil && end.in == f.in { // the gap is within a paragraph
					end.text, end.end = end.text+" "+f.text, f.end
					continue
				}
				all[len(all)-1] = append(row, f)
				continue
			}
		}
		all = append(all, []fragment{f})
	}
	return all
}

// columns takes rows apart again that are lines of two columns of text, and puts
// one column after the other.
func columns(all [][]fragment) [][]fragment {
	const fewest, shortest = 5, 25
	var out [][]fragment
	for from := 0; from < len(all); {
		to, letters := from, 0
		for to < len(all) && len(all[to]) == 2 && all[to][0].in == nil && column(all[to][1].x) == column(all[from][1].x) && !bulletOnly(all[to][0].text) {
			letters += min(len(all[to][0].text), len(all[to][1].text))
			to++
		}
		if n := to - from; n < fewest || letters < shortest*n {
			to = max(to, from+1)
			out = append(out, all[from:to]...)
			from = to
			continue
		}
		for side := range 2 {
			for _, row := range all[from:to] {
				out = append(out, row[side:side+1])
			}
		}
		from = to
	}
	return out
}

// cells adds texts that stand beside each other.
func (a *arranger) cells(row []fragment) {
	a.flush()
	for i, f := range row {
		a.blocks = append(a.blocks, Block{
			Kind: Cell, Pieces: []Piece{{f.text, f.page}}, FirstRow: i == 0 && !a.inGrid, First: i == 0,
		})
	}
	a.inGrid = true
}

// add adds a line. marked says that the mark of a list item stands before it.
func (a *arranger) add(f fragment, marked bool) {
	if f.in != nil && f.in.label {
		a.flush()
		return
	}
	rest, bullet := unmarked(f.text)
	if !marked && !bullet && len(a.lines) > 0 && a.continues(f) {
		a.lines = append(a.lines, f)
		return
	}
	a.flush()
	a.inGrid = false
	a.item = marked || bullet
	if bullet && !marked {
		f.text = rest
	}
	a.lines = append(a.lines, f)
}

// continues says whether a line belongs to the open block.
func (a *arranger) continues(f fragment) bool {
	first, last := a.lines[0], a.lines[len(a.lines)-1]
	if math.Abs(f.size-last.size) > 0.1*last.size || f.level != last.level {
		return false
	}
	lower := startsLower(f.text)
	drop := last.y - f.y
	if f.in != nil || last.in != nil { // its author knows
		const apart = 2.5
		return f.in == last.in && drop < max(a.leading, 1)*apart*f.size
	}
	if f.page != last.page || drop <= 0 { // another page or column
		return lower && !endsSentence(last.text) && f.bold == last.bold
	}
	if drop > max(a.leading, 1)*1.3*f.size || f.bold != first.bold && !lower && endsSentence(last.text) {
		return false
	}
	if f.bold != last.bold && len(a.lines) == 1 && !lower {
		return false
	}
	indent := 0.8 * f.size
	switch {
	case a.item && f.x < first.x-indent/2, a.item && len(a.lines) > 1 && f.x < last.x-indent,
		!a.item && f.x > last.x+indent && !lower,
		!a.item && len(a.lines) > 1 && math.Abs(f.x-last.x) > indent && !lower:
		return false
	}
	// An author who ends a line before it is full means to.
	word, _, _ := strings.Cut(f.text, " ")
	width := (f.end - f.x) * float64(len(word)) / float64(len(f.text))
	full := last.end+width+0.8*f.size > a.rightOf(last)
	return full || lower && !endsSentence(last.text) || strings.HasSuffix(last.text, "-")
}

// rightOf is where the column of text ends that a line is in. Where several
// lines that begin together also end together, that is where. Lines of lists do
// not; they could go on as far as others above and below them do.
func (a *arranger) rightOf(line fragment) float64 {
	key := column(line.x)
	if right, known := a.right[key]; known {
		return right
	}
	const most, enough = 2000, 3
	var own, all float64
	near := a.fragments[:min(len(a.fragments), most)]
	if !a.file.spend(2 * len(near)) {
		return line.end
	}
	for _, f := range near {
		if f.x <= line.x+line.size && f.end > line.x && f.size <= a.body*larger {
			all = max(all, f.end)
		}
		if c := column(f.x); c >= key-1 && c <= key+1 {
			own = max(own, f.end)
		}
	}
	together := 0
	for _, f := range near {
		if c := column(f.x); c >= key-1 && c <= key+1 && f.end > own-2.5*line.size {
			together++
		}
	}
	if together < enough {
		own = max(own, all)
	}
	a.right[key] = own
	return own
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}

func endsSentence(s string) bool {
	s = strings.TrimRight(s, `"'”’)`)
	return s != "" && strings.ContainsRune(".!?:;…", lastRune(s))
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// flush ends the open block.
func (a *arranger) flush() {
	if len(a.lines) == 0 {
		return
	}
	b := Block{Pieces: joined(a.lines)}
	if a.item {
		b.Kind = Item
	}
	if level := a.heading(b.Pieces); level > 0 {
		b.Kind, b.Level = Heading, level
	} else if in := a.lines[0].in; in != nil {
		a.tagged(&b, *in)
	}
	if b.Kind != Cell {
		a.inGrid = false
	}
	a.lines, a.item = a.lines[:0], false
	if len(b.Pieces) > 0 {
		a.blocks = append(a.blocks, b)
	}
}

// tagged makes a block what its tag says.
func (a *arranger) tagged(b *Block, in element) {
	switch {
	case in.kind == Item && in.list != a.last.list:
		b.Kind, b.Level = Item, in.depth
	case in.kind == Item && !a.item:
		b.Kind = Paragraph // a further one of the same entry
	case in.kind == Cell:
		b.Kind = Cell
		b.FirstRow = in.table != a.last.table || !a.inGrid
		b.First = b.FirstRow || in.row != a.last.row
		a.inGrid = true
	}
	a.last = in
}

// heading gives the level of the open block, 0 if it is no heading.
func (a *arranger) heading(pieces []Piece) int {
	const longest, mostLines = 200, 3
	first := a.lines[0]
	if first.level > 0 {
		return first.level
	}
	if first.in != nil && first.in.kind == Cell {
		return 0
	}
	if len(pieces) != 1 || len(pieces[0].Text) > longest || len(a.lines) > mostLines ||
		!strings.ContainsFunc(pieces[0].Text, unicode.IsLetter) {
		return 0
	}
	if first.size > a.body*larger {
		return slices.Index(a.levels, rounded(first.size)) + 1
	}
	if first.bold && len(a.lines) == 1 && !a.item && len(first.text) < 80 && first.size > 0.95*a.body && !strings.ContainsRune(".,;", lastRune(first.text)) {
		return min(len(a.levels)+1, 6)
	}
	return 0
}

// joined makes a text of lines, page by page.
func joined(lines []fragment) []Piece {
	all := []Piece{{Page: lines[0].page}}
	text := []byte(lines[0].text)
	for i, f := range lines[1:] {
		cut, glue := seam(lines[i].text, f.text)
		text = text[:len(text)-len(lines[i].text)+len(cut)]
		if p := &all[len(all)-1]; f.page != p.Page {
			p.Text = string(text)
			all, text = append(all, Piece{Page: f.page}), text[:0]
		}
		text = append(append(text, glue...), f.text...)
	}
	all[len(all)-1].Text = string(text)
	return all
}

// seam says what a line ends with and what comes between it and the next one. A
// word that was parted at the end of the line is whole again.
func seam(line, next string) (cut, glue string) {
	if cut, is := strings.CutSuffix(line, "\u00AD"); is {
		return cut, ""
	}
	for _, hyphen := range []string{"-", "\u2010"} {
		before, is := strings.CutSuffix(line, hyphen)
		if !is || !unicode.IsLetter(lastRune(before)) {
			continue
		}
		if !startsLower(next) || compound[strings.ToLower(before[strings.LastIndexAny(before, " (\"“")+1:])] {
			return line, ""
		}
		return before, ""
	}
	return line, " "
}

// compound are the words that keep their hyphen at the end of a line.
var compound = map[string]bool{"self": true, "non": true, "well": true, "full": true, "part": true, "long": true, "short": true,
	"cross": true, "high": true, "low": true, "co": true, "ex": true, "all": true, "one": true, "two": true, "three": true}
