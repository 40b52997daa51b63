package document

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

// How much a document of a word processor may hold. A part inflates to at most
// a thousand times its size, and so does the time it takes.
const (
	maxDirectory = 4 << 20   // bytes that list the parts
	maxPart      = 64 << 20  // bytes of a part
	maxParts     = 128 << 20 // bytes of all parts that are read
	maxDepth     = 1000      // elements in each other
)

// pack is the zip archive that a document is.
type pack struct {
	*zip.Reader
	clock *clock
	left  int // bytes that the parts which are still to be read may have
}

var errDirectory = errors.New("the list of parts is too long")

// allowance is a source of which only so much may be read.
type allowance struct {
	src  *bytes.Reader
	left int // negative for any number of bytes
}

func (a *allowance) ReadAt(b []byte, off int64) (int, error) {
	if a.left >= 0 {
		if a.left < len(b) {
			return 0, errDirectory
		}
		a.left -= len(b)
	}
	return a.src.ReadAt(b, off)
}

// openPack opens the archive.
func openPack(c *clock, data []byte) (*pack, error) {
	src := &allowance{bytes.NewReader(data), maxDirectory}
	r, err := zip.NewReader(src, int64(len(data)))
	src.left = -1
	switch {
	case errors.Is(err, errDirectory):
		return nil, tooLarge("lists more parts than a document has")
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, damaged("is damaged: its zip archive is incomplete or was changed", hintAgain)
	}
	return &pack{r, c, maxParts}, nil
}

// partName is the name of a part as all programs should write it.
func partName(name string) string {
	return strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/")
}

// find returns the part with a name, in any case, or nil.
func (p *pack) find(name string) *zip.File {
	for _, f := range p.File {
		if strings.EqualFold(partName(f.Name), name) {
			return f
		}
	}
	return nil
}

// read gives the bytes of a part.
func (p *pack) read(f *zip.File) ([]byte, error) {
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return nil, protected()
	}
	src, err := f.Open()
	if err != nil {
		return nil, partFault(f.Name, err)
	}
	b, err := inflate(p.clock, src, int(min(f.UncompressedSize64, maxPart)))
	if closing := src.Close(); err == nil {
		err = closing
	}
	switch {
	case p.clock.err != nil:
		return nil, p.clock.fault()
	case err != nil:
		return nil, partFault(f.Name, err)
	case len(b) > maxPart:
		return nil, tooLarge(printable(f.Name) + ": inflates to more than a document has (64 MiB)")
	}
	if p.left -= len(b); p.left < 0 {
		return nil, tooLarge("inflates to more than a document has (128 MiB)")
	}
	return b, nil
}

// inflate reads a part, or a little more than one may have. The size is what the
// archive says, which need not be so.
func inflate(c *clock, src io.Reader, size int) ([]byte, error) {
	const most = 1 << 20 // that is made room for on its word alone
	b := make([]byte, 0, min(size, most)+1)
	for len(b) <= maxPart {
		n, err := src.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case err == io.EOF:
			return b, nil
		case err != nil:
			return b, err
		case c.up(n):
			return b, nil
		}
		if len(b) == cap(b) {
			b = slices.Grow(b, len(b))
		}
	}
	return b, nil
}

// scan reads the XML of a part from its first tag to its last.
func (p *pack) scan(f *zip.File, h handler) error {
	b, err := p.read(f)
	if err != nil {
		return err
	}
	return scanXML(p.clock, f.Name, b, h)
}

// partFault words what is wrong with a part.
func partFault(part string, err error) error {
	var f fault
	var syntax syntaxFault
	var corrupt flate.CorruptInputError
	what := "cannot be read"
	switch {
	case errors.As(err, &f):
		return err
	case errors.As(err, &syntax):
		what = "its XML is " + syntax.Error()
	case errors.Is(err, zip.ErrAlgorithm):
		what = "it is compressed in a way that word processors do not use"
	case errors.As(err, &corrupt), errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		what = "it is incomplete or was changed"
	}
	if part != "" {
		part = printable(part) + ": "
	}
	return damaged(part+"the document is damaged here: "+what, hintAgain)
}

// relations are where a part points to.
type relations struct {
	byKind map[string]string // the first of each kind, by its last word ("styles")
	byID   map[string]string
}

// maxRelations is how many relations of a part are looked at.
const maxRelations = 1 << 14

// related gives the relations of a part. The part is "" for the whole package.
func (p *pack) related(part string) (relations, error) {
	to := relations{map[string]string{}, map[string]string{}}
	f := p.find(path.Join(path.Dir(part), "_rels", path.Base("/"+part)+".rels"))
	if part == "" {
		f = p.find("_rels/.rels")
	}
	if f == nil {
		return to, nil
	}
	err := p.scan(f, handler{start: func(t tag) bool {
		if t.name != "Relationship" || t.attr("TargetMode") == "External" || len(to.byID) == maxRelations {
			return true
		}
		target := t.attr("Target")
		if strings.HasPrefix(target, "/") {
			target = partName(target)
		} else {
			target = path.Join(path.Dir(part), partName(target))
		}
		if kind := path.Base(t.attr("Type")); to.byKind[kind] == "" {
			to.byKind[kind] = target
		}
		to.byID[t.attr("Id")] = target
		return true
	}})
	return to, err
}

// flow is a paragraph that is being read. Another may stand in it, in a text
// box.
type flow struct {
	text    []byte
	kind    BlockKind
	level   int
	anchors []anchor
}

// anchor is a comment or a note at an offset into a paragraph.
type anchor struct {
	at   int
	text string
	note bool
}

// add adds a text.
func (f *flow) add(s string) { f.text = append(f.text, plainText(s)...) }

// emit hands a paragraph on. One that is a directive is a comment.
func (w *writer) emit(f *flow) {
	w.begin(f.kind, f.level)
	if found := directives(string(f.text)); len(found) > 0 {
		for _, a := range f.anchors {
			w.anchored(a)
		}
		for _, text := range found {
			w.comment(text, -1)
		}
		return
	}
	from := 0
	for _, a := range f.anchors {
		w.put(alias(f.text[from:a.at]), 0)
		w.anchored(a)
		from = a.at
	}
	w.put(alias(f.text[from:]), 0)
	w.end()
}

// anchored adds a comment or a note where the text has come to.
func (w *writer) anchored(a anchor) {
	if a.note {
		w.margin(Note, a.text)
	} else {
		w.comment(a.text, -1)
	}
}

// directives gives the directives that a paragraph consists of: none if there is
// anything else in it.
func directives(paragraph string) []string {
	if !strings.Contains(paragraph, directive) {
		return nil
	}
	if text, is := typedComment(paragraph); is {
		return []string{text}
	}
	var found []string
	for line := range strings.SplitSeq(paragraph, "\n") {
		line = strings.TrimSpace(line)
		text, is := directiveIn([]byte(line))
		if !is {
			text, is = typedComment(line)
		}
		if !is && line != "" {
			return nil
		}
		if is {
			found = append(found, text)
		}
	}
	return found
}

// asTyped undoes what word processors make of the marks of a comment.
var asTyped = strings.NewReplacer("–>", commentEnd, "—>", commentEnd, "→", commentEnd)

// typedComment gives the directive that a text is, with the marks of an HTML
// comment around it.
func typedComment(s string) (text string, is bool) {
	s = strings.TrimSpace(s)
	for _, start := range [...]string{commentStart, "<!–", "<!—"} {
		rest, marked := strings.CutPrefix(s, start)
		if !marked {
			continue
		}
		rest, ended := strings.CutSuffix(asTyped.Replace(rest), commentEnd)
		text = oneLine(rest)
		return text, ended && strings.HasPrefix(text, directive) && !strings.Contains(text, commentEnd)
	}
	return "", false
}

// paragraphs makes the paragraphs of the text the places in it.
func (w *writer) paragraphs() {
	w.finish()
	o := &origin{source: w.out, part: "paragraph"}
	for _, b := range w.doc.Blocks {
		o.parts = append(o.parts, b.Start)
	}
	w.doc.origin = o
}

// readProperties reads what parts tell of the document, by the names of their
// elements.
func (p *pack) readProperties(w *writer, parts ...string) error {
	m := newMetaReader(w)
	for _, part := range parts {
		f := p.find(part)
		if f == nil {
			continue
		}
		if err := p.scan(f, handler{start: m.start, end: m.end, text: m.text}); err != nil {
			return err
		}
	}
	m.finish()
	return nil
}
