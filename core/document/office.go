package document

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// How much a document of a word processor may hold. A part inflates to at most
// a thousand times its size, and so does the time it takes.
const (
	maxDirectory = 4 << 20  // bytes that list the parts
	maxPart      = 64 << 20 // bytes of a part
	maxDepth     = 1000     // elements in each other
)

// pack is the zip archive that a document is.
type pack struct{ *zip.Reader }

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
func openPack(data []byte) (*pack, error) {
	src := &allowance{bytes.NewReader(data), maxDirectory}
	r, err := zip.NewReader(src, int64(len(data)))
	src.left = -1
	switch {
	case errors.Is(err, errDirectory):
		return nil, tooLarge("lists more parts than a document has")
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, damaged("is damaged: its zip archive is incomplete or was changed", hintAgain)
	}
	return &pack{r}, nil
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
	b, err := io.ReadAll(io.LimitReader(src, maxPart+1))
	if closing := src.Close(); err == nil {
		err = closing
	}
	switch {
	case err != nil:
		return nil, partFault(f.Name, err)
	case len(b) > maxPart:
		return nil, tooLarge(printable(f.Name) + ": inflates to more than a document has (64 MiB)")
	}
	return b, nil
}

// scan reads the XML of a part from its first tag to its last.
func (p *pack) scan(f *zip.File, h handler) error {
	b, err := p.read(f)
	if err != nil {
		return err
	}
	return scanXML(f.Name, b, h)
}

// partFault words what is wrong with a part.
func partFault(part string, err error) error {
	var f fault
	var syntax *xml.SyntaxError
	var corrupt flate.CorruptInputError
	what := "cannot be read"
	switch {
	case errors.As(err, &f):
		return err
	case errors.As(err, &syntax):
		what = fmt.Sprintf("its XML is not well formed at line %d", syntax.Line)
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

// handler is told of the elements of a part as they come. start returns false
// for an element that is to be passed over with all that is in it.
type handler struct {
	start func(xml.StartElement) (enter bool)
	end   func(name string)
	text  func(string)
}

// scanXML goes through XML to its end, so that none that is damaged passes for
// whole.
func scanXML(part string, b []byte, h handler) error {
	dec := xml.NewDecoder(bytes.NewReader(b))
	root, depth, skipped := false, 0, 0
	for {
		token, err := dec.Token()
		if err == io.EOF && root {
			return nil
		}
		if err != nil {
			return partFault(part, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			root = true
			if depth++; depth > maxDepth {
				return damaged(printable(part)+": elements are nested too deeply", hintAgain)
			}
			if skipped > 0 || !h.start(t) {
				skipped++
			}
		case xml.EndElement:
			depth--
			if skipped > 0 {
				skipped--
			} else if h.end != nil {
				h.end(t.Name.Local)
			}
		case xml.CharData:
			if skipped == 0 && h.text != nil {
				h.text(string(t))
			}
		}
	}
}

// attr gives the value of an attribute by its name without prefix.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// number gives the value of an attribute, or another where it is no number.
func number(e xml.StartElement, name string, otherwise int) int {
	n, err := strconv.Atoi(attr(e, name))
	if err != nil {
		return otherwise
	}
	return n
}

// related gives where the relations of a part point to, by the last word of
// their kind ("styles"). The part is "" for the whole package.
func (p *pack) related(part string) (map[string]string, error) {
	to := map[string]string{}
	f := p.find(path.Join(path.Dir(part), "_rels", path.Base("/"+part)+".rels"))
	if part == "" {
		f = p.find("_rels/.rels")
	}
	if f == nil {
		return to, nil
	}
	err := p.scan(f, handler{start: func(e xml.StartElement) bool {
		if kind := path.Base(attr(e, "Type")); e.Name.Local == "Relationship" && attr(e, "TargetMode") != "External" && to[kind] == "" {
			target := partName(attr(e, "Target"))
			if !strings.HasPrefix(attr(e, "Target"), "/") {
				target = path.Join(path.Dir(part), target)
			}
			to[kind] = target
		}
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

// anchor is a comment at an offset into a paragraph.
type anchor struct {
	at   int
	text string
}

// add adds a text.
func (f *flow) add(s string) { f.text = append(f.text, plainText(s)...) }

// emit hands a paragraph on. One that is a directive is a comment.
func (w *writer) emit(f *flow) {
	w.begin(f.kind, f.level)
	if found := directives(string(f.text)); len(found) > 0 {
		for _, a := range f.anchors {
			w.comment(a.text, -1)
		}
		for _, text := range found {
			w.comment(text, -1)
		}
		return
	}
	from := 0
	for _, a := range f.anchors {
		w.put(string(f.text[from:a.at]), 0)
		w.comment(a.text, -1)
		from = a.at
	}
	w.put(string(f.text[from:]), 0)
	w.end()
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

// readProperties reads what a part tells of the document, by the names of its
// elements.
func (p *pack) readProperties(w *writer, f *zip.File) error {
	if f == nil {
		return nil
	}
	b, err := p.read(f)
	if err != nil {
		return err
	}
	m := metaReader{fields: map[string]string{}}
	if err := scanXML(f.Name, b, handler{start: m.start, end: m.end, text: m.text}); err != nil {
		return err
	}
	w.finishProperties(m.fields)
	return nil
}

// metaReader collects the properties of a word processor's document under the
// names that propertiesOf knows.
type metaReader struct {
	fields map[string]string
	name   string
}

func (m *metaReader) start(e xml.StartElement) bool {
	switch e.Name.Local {
	case "title":
		m.name = "title"
	case "initial-creator":
		m.name = "author"
	case "creator":
		m.name = "creator"
	case "created", "creation-date":
		m.name = "created"
	case "modified":
		m.name = "modified"
	case "date": // of OpenDocument: when it was last changed
		m.name = "modified"
	default:
		m.name = ""
	}
	return true
}

func (m *metaReader) end(string) { m.name = "" }

func (m *metaReader) text(s string) {
	if m.name != "" {
		m.fields[m.name] += s
	}
}
