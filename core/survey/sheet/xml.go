package sheet

import (
	"bytes"
	"errors"
	"io"
)

// token is what a scanner finds.
type token int

const (
	startTag token = iota // also of an empty element, whose end comes next
	endTag
	text // between tags, or a CDATA section
)

const (
	bufferSize = 64 << 10
	maxToken   = 1<<20 + 64<<10 // bytes in one tag or text: a little more than a cell may have
	maxDepth   = 256            // elements within each other where their names do not matter
)

// broken is what is wrong with the XML of a part, as words that go after
// "damaged: ".
type broken string

func (b broken) Error() string { return string(b) }

const (
	brokenEnd    = broken("it ends too early")
	brokenTag    = broken("a tag is not as it must be")
	brokenNest   = broken("tags do not close as they were opened")
	brokenRoot   = broken("it is not the part that it should be")
	brokenDepth  = broken("elements are nested too deeply")
	brokenLong   = broken("a text or tag is longer than 1 MiB")
	brokenType   = broken("it has a document type declaration, which workbooks never have")
	brokenEntity = broken("a character reference is not as it must be")
)

// scanner cuts XML into tags and texts. It checks no more of the rules of XML
// than what could make it misunderstand a file. Names are without their
// namespace prefix. What it points to is valid until the next call of next.
type scanner struct {
	src      io.Reader
	buf      []byte
	pos, end int
	readErr  error
	empty    bool // the end of an empty element is still to be handed out

	name  []byte // of the tag
	attrs attrs  // of the start tag
	text  []byte
	plain bool // text is a CDATA section, without entities
}

func (s *scanner) reset(src io.Reader) {
	*s = scanner{src: src, buf: make([]byte, bufferSize)}
}

// next returns the next token, or io.EOF at the end of the part. Comments and
// processing instructions are passed over.
func (s *scanner) next() (token, error) {
	if s.empty {
		s.empty = false
		return endTag, nil
	}
	for {
		b := s.buf[s.pos:s.end]
		if len(b) < 2 {
			// Not enough to tell what it is.
		} else if b[0] != '<' {
			if i := index(b, '<'); i >= 0 {
				s.text, s.plain = b[:i], false
				s.pos += i
				return text, nil
			}
		} else if b[1] == '!' || b[1] == '?' {
			done, err := s.special(b)
			if done || err != nil {
				return text, err
			}
			continue
		} else if t, ok, err := s.tag(b); ok || err != nil {
			return t, err
		}
		// What starts here goes on beyond the buffer; only a text may end with
		// the part.
		err := s.more()
		switch {
		case err == nil:
			continue
		case err != io.EOF || len(b) == 0:
			return text, err
		case s.buf[s.pos] == '<':
			return text, brokenEnd
		}
		s.text, s.plain = s.buf[s.pos:s.end], false
		s.pos = s.end
		return text, nil
	}
}

// index returns where c first stands in b, or -1. It walks the first steps,
// which are mostly all it takes.
func index(b []byte, c byte) int {
	near := min(8, len(b))
	for i := range near {
		if b[i] == c {
			return i
		}
	}
	if far := bytes.IndexByte(b[near:], c); far >= 0 {
		return near + far
	}
	return -1
}

// tag takes the start or end tag that b begins with. It is not ok when the tag
// goes on beyond b.
func (s *scanner) tag(b []byte) (t token, ok bool, err error) {
	t = startTag
	first := 1
	if b[1] == '/' {
		t, first = endTag, 2
	}
	i, name := first, first
	for ; i < len(b) && b[i] > '>'; i++ {
		// Letters; the signs below are what ends most names.
	}
	for ; i < len(b) && !endsName[b[i]]; i++ {
		if b[i] == ':' {
			name = i + 1
		}
	}
	end := tagEnd(b, i)
	if end < 0 {
		return t, false, nil
	}
	s.name = b[name:i]
	if len(s.name) == 0 || b[end] != '>' {
		return t, false, brokenTag
	}
	s.pos += end + 1
	if t == endTag {
		return t, true, nil
	}
	if s.empty = b[end-1] == '/'; s.empty {
		end--
	}
	s.attrs = b[i:max(i, end)]
	return t, true, nil
}

// endsName has the bytes that end the name of a tag.
var endsName = [256]bool{' ': true, '\t': true, '\n': true, '\r': true, '/': true, '>': true, '<': true, '"': true, '\'': true, '=': true}

// tagEnd returns where the tag that goes on at i ends in b: at its '>', or at
// a '<' that must not be there. It is -1 when the tag goes on beyond b.
func tagEnd(b []byte, i int) int {
	for ; i < len(b); i++ {
		switch c := b[i]; c {
		case '>', '<':
			return i
		case '"', '\'':
			n := index(b[i+1:], c)
			if n < 0 {
				return -1
			}
			i += n + 1
		}
	}
	return -1
}

// special deals with what begins with "<!" or "<?". It is done when that was a
// CDATA section, which is a text.
func (s *scanner) special(b []byte) (done bool, err error) {
	const comment, cdata = "<!--", "<![CDATA["
	switch {
	case b[1] == '?':
		s.pos += 2
		return false, s.pass("?>")
	case bytes.HasPrefix(b, []byte(comment)):
		s.pos += len(comment)
		return false, s.pass("-->")
	case bytes.HasPrefix(b, []byte(cdata)):
		i := bytes.Index(b, []byte("]]>"))
		if i < 0 {
			return false, s.need()
		}
		s.text, s.plain = b[len(cdata):i], true
		s.pos += i + len("]]>")
		return true, nil
	case len(b) < len(cdata):
		return false, s.need()
	default:
		return false, brokenType
	}
}

// pass moves on behind the next place where end stands, however far that is.
func (s *scanner) pass(end string) error {
	for {
		if i := bytes.Index(s.buf[s.pos:s.end], []byte(end)); i >= 0 {
			s.pos += i + len(end)
			return nil
		}
		// The last bytes may be the first ones of end.
		s.pos = max(s.pos, s.end-len(end)+1)
		if err := s.need(); err != nil {
			return err
		}
	}
}

// need is more where the part cannot end.
func (s *scanner) need() error {
	err := s.more()
	if err == io.EOF {
		return brokenEnd
	}
	return err
}

// more reads on, keeping what stands at pos: to the end of the buffer, which
// grows when it is full of one token already.
func (s *scanner) more() error {
	have := s.end - s.pos
	if s.readErr != nil {
		return s.readErr
	}
	if have > maxToken {
		return brokenLong
	}
	if have > len(s.buf)/2 {
		grown := make([]byte, 2*len(s.buf))
		copy(grown, s.buf[s.pos:s.end])
		s.buf = grown
	} else {
		copy(s.buf, s.buf[s.pos:s.end])
	}
	s.pos, s.end = 0, have
	idle := 0
	for s.end < len(s.buf) && s.readErr == nil {
		n, err := s.src.Read(s.buf[s.end:])
		s.end += n
		s.readErr = err
		if n > 0 {
			idle = 0
		} else if idle++; idle == 100 && err == nil {
			s.readErr = io.ErrNoProgress
		}
	}
	if s.end == have {
		return s.readErr
	}
	return nil
}

// inner returns the next token within an element, whose start tag was the last
// one taken or passed over whole. It is endTag when the element ends; that its
// name is the one given is checked.
func (s *scanner) inner(name string) (token, error) {
	t, err := s.next()
	switch {
	case err == io.EOF:
		return t, brokenEnd
	case err != nil:
		return t, err
	case t == endTag && string(s.name) != name:
		return t, brokenNest
	}
	return t, nil
}

// skip passes over the element whose start tag was the last token.
func (s *scanner) skip() error {
	for depth := 1; depth > 0; {
		t, err := s.next()
		switch {
		case err == io.EOF:
			return brokenEnd
		case err != nil:
			return err
		case t == startTag:
			if depth++; depth > maxDepth {
				return brokenDepth
			}
		case t == endTag:
			depth--
		}
	}
	return nil
}

// root takes the first start tag of a part, which must have the name given.
func (s *scanner) root(name string) error {
	for {
		t, err := s.next()
		switch {
		case err == io.EOF:
			return brokenEnd
		case err != nil:
			return err
		case t == startTag && string(s.name) == name:
			return nil
		case t != text:
			return brokenRoot
		}
	}
}

// each calls do for every element directly within the current one, whose name
// is given, until that ends. It does so after the start tag; do takes the
// element to its end.
func (s *scanner) each(name string, do func() error) error {
	for {
		t, err := s.inner(name)
		if err != nil || t == endTag {
			return err
		}
		if t == startTag {
			if err := do(); err != nil {
				return err
			}
		}
	}
}

// attrs are the attributes of a tag as they stand there.
type attrs []byte

var errNoMore = errors.New("no more attributes")

// cut takes the first attribute off: its name with its prefix, and its value
// as it stands in the file. The error is errNoMore when there is none.
func (a *attrs) cut() (name, value []byte, err error) {
	b := *a
	i := 0
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return nil, nil, errNoMore
	}
	start := i
	for i < len(b) && b[i] != '=' && !isSpace(b[i]) {
		i++
	}
	name = b[start:i]
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) || b[i] != '=' || len(name) == 0 {
		return nil, nil, brokenTag
	}
	for i++; i < len(b) && isSpace(b[i]); i++ {
	}
	if i == len(b) || b[i] != '"' && b[i] != '\'' {
		return nil, nil, brokenTag
	}
	n := index(b[i+1:], b[i])
	if n < 0 {
		return nil, nil, brokenTag
	}
	value = b[i+1 : i+1+n]
	*a = b[i+n+2:]
	return name, value, nil
}

// get returns the text of the attribute with a local name, "" when there is
// none.
func (a attrs) get(local string) (string, error) {
	for {
		name, value, err := a.cut()
		if err == errNoMore {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if _, after, ok := bytes.Cut(name, []byte(":")); ok {
			name = after
		}
		if string(name) == local {
			out, err := appendText(nil, value)
			return string(out), err
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
