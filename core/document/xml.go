package document

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The XML of word processors is plain: no entities of its own, no encodings but
// UTF-8, and most of it is of no use to a reader of the text. So it is gone
// through here without a copy of anything, which takes a tenth of the time that
// encoding/xml needs.

// handler is told of the elements of a part as they come. start returns false
// for an element that is to be passed over with all that is in it.
type handler struct {
	start func(tag) (enter bool)
	end   func(name string)
	text  func(string)
}

// tag is a start tag.
type tag struct {
	name   string // without its prefix
	prefix string
	attrs  string            // as they stand in the tag, well formed
	spaces map[string]string // namespaces by prefix, as far as they have been declared
}

// space gives the namespace of the element, "" if it is not known.
func (t tag) space() string { return t.spaces[t.prefix] }

// attr gives the value of an attribute by its name without prefix, "" if there
// is none.
func (t tag) attr(name string) string {
	for rest := t.attrs; ; {
		key, value, after, found := nextAttr(rest)
		if !found {
			return ""
		}
		if _, local := cutPrefix(key); local == name && !declares(key) {
			plain, _ := unescaped(value)
			return plain
		}
		rest = after
	}
}

// number gives the value of an attribute, or another where it is no number.
func (t tag) number(name string, otherwise int) int {
	n, err := strconv.Atoi(t.attr(name))
	if err != nil {
		return otherwise
	}
	return n
}

// has says whether there is an attribute with a name without prefix.
func (t tag) has(name string) bool {
	for rest := t.attrs; ; {
		key, _, after, found := nextAttr(rest)
		if _, local := cutPrefix(key); local == name || !found {
			return found
		}
		rest = after
	}
}

// declares says whether an attribute declares a namespace.
func declares(key string) bool { return key == "xmlns" || strings.HasPrefix(key, "xmlns:") }

// cutPrefix cuts a name at its colon.
func cutPrefix(name string) (prefix, local string) {
	if i := strings.IndexByte(name, ':'); i > 0 && i < len(name)-1 {
		return name[:i], name[i+1:]
	}
	return "", name
}

// nextAttr cuts the first attribute off the part of a tag after its name. found
// is false if there is none, and rest is then what stands there instead.
func nextAttr(s string) (key, value, rest string, found bool) {
	s = trimXMLSpace(s)
	n := nameLength(s)
	if n == 0 {
		return "", "", s, false
	}
	after := trimXMLSpace(s[n:])
	if after == "" || after[0] != '=' {
		return "", "", s, false
	}
	if after = trimXMLSpace(after[1:]); after == "" || after[0] != '"' && after[0] != '\'' {
		return "", "", s, false
	}
	end := strings.IndexByte(after[1:], after[0])
	if end < 0 || strings.IndexByte(after[1:end+1], '<') >= 0 {
		return "", "", s, false
	}
	return s[:n], after[1 : end+1], after[end+2:], true
}

func isXMLSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func trimXMLSpace(s string) string {
	for s != "" && isXMLSpace(s[0]) {
		s = s[1:]
	}
	return s
}

// nameLength tells how long the name is that s begins with. Of what is not ASCII
// any character counts as one of a name.
func nameLength(s string) int {
	for i := range len(s) {
		switch c := s[i]; {
		case isLetter(c) || c == '_' || c == ':' || c >= utf8.RuneSelf:
		case i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '.'):
		default:
			return i
		}
	}
	return len(s)
}

// errSyntax says that XML is not well formed.
var errSyntax = errors.New("not well formed")

// syntaxFault is errSyntax with the line where.
type syntaxFault struct{ line int }

func (f syntaxFault) Error() string { return fmt.Sprintf("%v at line %d", errSyntax, f.line) }

// xmlReader goes through XML.
type xmlReader struct {
	s      string
	pos    int
	open   []string // the names of the open elements with their prefixes
	root   bool     // there is one
	skip   int      // elements that are open from one on that is passed over
	spaces map[string]string
	h      handler
}

// scanXML goes through XML to its end, so that none that is damaged passes for
// whole. The texts that it hands on share the memory of b.
func scanXML(c *clock, part string, b []byte, h handler) error {
	x := xmlReader{s: alias(b), h: h}
	if at := firstInvalid(x.s); at >= 0 {
		x.pos = at
		return partFault(part, x.fault())
	}
	for x.pos < len(x.s) {
		from := x.pos
		if err := x.next(); err != nil {
			return partFault(part, err)
		}
		if len(x.open) > maxDepth {
			return damaged(printable(part)+": elements are nested too deeply", hintAgain)
		}
		if c.up(x.pos - from) {
			return c.fault()
		}
	}
	if !x.root {
		return partFault(part, io.EOF)
	}
	if len(x.open) > 0 {
		return partFault(part, x.fault())
	}
	return nil
}

// firstInvalid gives the offset of the first character that XML may not have, -1
// if there is none.
func firstInvalid(s string) int {
	if !utf8.ValidString(s) {
		for i, r := range s {
			if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
				return i
			}
		}
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' && !isXMLSpace(c) {
			return i
		}
	}
	return -1
}

// fault is errSyntax at pos.
func (x *xmlReader) fault() error {
	return syntaxFault{1 + strings.Count(x.s[:min(x.pos, len(x.s))], "\n")}
}

// next reads the text up to a tag, and the tag.
func (x *xmlReader) next() error {
	end := strings.IndexByte(x.s[x.pos:], '<')
	if end < 0 {
		end = len(x.s) - x.pos
	}
	if end > 0 {
		raw := x.s[x.pos : x.pos+end]
		if err := x.text(raw, true); err != nil {
			return err
		}
		x.pos += end
		return nil
	}
	rest := x.s[x.pos+1:]
	switch {
	case strings.HasPrefix(rest, "/"):
		return x.endTag(rest[1:])
	case strings.HasPrefix(rest, "!--"):
		return x.pass(rest[3:], "-->", len("<!--"))
	case strings.HasPrefix(rest, "![CDATA["):
		body, _, found := strings.Cut(rest[8:], "]]>")
		if !found {
			return x.fault()
		}
		if err := x.text(body, false); err != nil {
			return err
		}
		x.pos += len("<![CDATA[") + len(body) + len("]]>")
		return nil
	case strings.HasPrefix(rest, "!"):
		return x.declaration(rest)
	case strings.HasPrefix(rest, "?"):
		return x.instruction(rest[1:])
	}
	return x.startTag(rest)
}

// pass goes to the end of what is of no use.
func (x *xmlReader) pass(body, end string, begun int) error {
	i := strings.Index(body, end)
	if i < 0 {
		return x.fault()
	}
	x.pos += begun + i + len(end)
	return nil
}

// declaration passes a document type with what it declares, which word
// processors do not have and nothing here makes use of.
func (x *xmlReader) declaration(rest string) error {
	depth, quote := 1, byte(0)
	for i := range len(rest) {
		switch c := rest[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			depth++
		case c == '>':
			if depth--; depth == 0 {
				x.pos += i + 2
				return nil
			}
		}
	}
	return x.fault()
}

// instruction passes a processing instruction. The first may name an encoding.
func (x *xmlReader) instruction(body string) error {
	if decl, is := strings.CutPrefix(body, "xml"); is && decl != "" && isXMLSpace(decl[0]) {
		decl, _, _ = strings.Cut(decl, "?>")
		if e := (tag{attrs: decl}).attr("encoding"); e != "" && !strings.EqualFold(e, "utf-8") {
			return errors.New("it is not in UTF-8")
		}
	}
	return x.pass(body, "?>", len("<?"))
}

// text hands a text on.
func (x *xmlReader) text(raw string, escaped bool) error {
	plain, ok := raw, true
	if escaped {
		plain, ok = unescaped(raw)
	} else if strings.IndexByte(raw, '\r') >= 0 {
		plain = lineEnds.Replace(raw)
	}
	if !ok {
		return x.fault()
	}
	if len(x.open) > 0 && x.skip == 0 && x.h.text != nil && plain != "" {
		x.h.text(plain)
	}
	return nil
}

// endTag reads an end tag after its slash.
func (x *xmlReader) endTag(rest string) error {
	n := nameLength(rest)
	last := len(x.open) - 1
	if last < 0 || x.open[last] != rest[:n] {
		return x.fault()
	}
	after := trimXMLSpace(rest[n:])
	if after == "" || after[0] != '>' {
		return x.fault()
	}
	x.pos += len("</") + len(rest) - len(after) + 1
	x.leave()
	return nil
}

// leave closes the innermost element.
func (x *xmlReader) leave() {
	last := len(x.open) - 1
	name := x.open[last]
	x.open = x.open[:last]
	if x.skip > 0 {
		x.skip--
	} else if x.h.end != nil {
		_, local := cutPrefix(name)
		x.h.end(local)
	}
}

// startTag reads a start tag.
func (x *xmlReader) startTag(rest string) error {
	n := nameLength(rest)
	if n == 0 {
		return x.fault()
	}
	attrs := rest[n:]
	after := attrs
	for {
		key, value, left, found := nextAttr(after)
		after = left
		if !found {
			break
		}
		if _, ok := unescaped(value); !ok {
			return x.fault()
		}
		if declares(key) {
			x.declare(key, value)
		}
	}
	attrs = attrs[:len(attrs)-len(after)]
	closed := strings.HasPrefix(after, "/")
	if closed {
		after = after[1:]
	}
	if after == "" || after[0] != '>' {
		return x.fault()
	}
	x.pos += 1 + len(rest) - len(after) + 1
	x.root = true
	x.open = append(x.open, rest[:n])
	prefix, local := cutPrefix(rest[:n])
	if x.skip > 0 || !x.h.start(tag{local, prefix, attrs, x.spaces}) {
		x.skip++
	}
	if closed {
		x.leave()
	}
	return nil
}

// declare notes the namespace of a prefix.
func (x *xmlReader) declare(key, value string) {
	const most = 1000
	prefix, local := cutPrefix(key)
	if prefix == "" {
		local = ""
	}
	if x.spaces == nil {
		x.spaces = map[string]string{}
	}
	if len(x.spaces) < most {
		x.spaces[local] = value
	}
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// unescaped gives a text with the characters that its references stand for. ok
// is false if there is one that stands for none.
func unescaped(s string) (plain string, ok bool) {
	if strings.IndexByte(s, '\r') >= 0 {
		s = lineEnds.Replace(s)
	}
	amp := strings.IndexByte(s, '&')
	if amp < 0 {
		return s, true
	}
	b := make([]byte, 0, len(s))
	for ; amp >= 0; amp = strings.IndexByte(s, '&') {
		b = append(b, s[:amp]...)
		ref, rest, ended := strings.Cut(s[amp+1:], ";")
		r := referred(ref)
		if !ended || r < 0 {
			return "", false
		}
		b = utf8.AppendRune(b, r)
		s = rest
	}
	return string(append(b, s...)), true
}

// referred gives the character that a reference stands for, -1 for none.
func referred(ref string) rune {
	switch ref {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	digits, is := strings.CutPrefix(ref, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if !is || err != nil || n > utf8.MaxRune || n < ' ' && !isXMLSpace(byte(n)) {
		return -1
	}
	return rune(n)
}
