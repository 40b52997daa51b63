package document

import (
	"bytes"
	"html"
	"strings"
	"unicode"
)

// isBlockTag tells the elements of HTML that a sentence does not go across.
func isBlockTag(name string) bool {
	switch name {
	case "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
		"dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
		"hr", "html", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option", "p", "pre", "search", "section",
		"select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "ul":
		return true
	}
	return false
}

// tagName gives the name in a start or end tag in lower case, "" if it is none.
func tagName(b []byte) string {
	b = bytes.TrimPrefix(b[1:], []byte("/"))
	n := 0
	for n < len(b) && (isLetter(b[n]) || n > 0 && (b[n] >= '0' && b[n] <= '9' || b[n] == '-')) {
		n++
	}
	const longest = 16
	if n == 0 || n > longest || n < len(b) && b[n] > ' ' && b[n] != '>' && b[n] != '/' {
		return ""
	}
	return strings.ToLower(string(b[:n]))
}

// tagLength gives the length of the tag or declaration that b begins with, 0 if
// it is none.
func tagLength(b []byte) int {
	if len(b) > 2 && b[1] == '!' && isLetter(b[2]) || len(b) > 2 && b[1] == '/' && isLetter(b[2]) {
		end := bytes.IndexAny(b[1:], "<>")
		if end < 0 || b[1+end] == '<' {
			return 0
		}
		return end + 2
	}
	if len(b) < 3 || !isLetter(b[1]) {
		return 0
	}
	i := 2
	for i < len(b) && (isLetter(b[i]) || b[i] >= '0' && b[i] <= '9' || b[i] == '-') {
		i++
	}
	for i < len(b) {
		switch c := b[i]; {
		case c == '>':
			return i + 1
		case c == '/' && i+1 < len(b) && b[i+1] == '>':
			return i + 2
		case c > ' ' || skipSpace(b, i) == i:
			return 0
		}
		if i = attribute(b, skipSpace(b, i)); i < 0 {
			return 0
		}
	}
	return 0
}

// attribute passes an attribute with its value, if there is one at i; it
// returns -1 where there can be none.
func attribute(b []byte, i int) int {
	from := i
	for i < len(b) && (isLetter(b[i]) || b[i] >= '0' && b[i] <= '9' || bytes.IndexByte([]byte("_:.-@"), b[i]) >= 0) {
		i++
	}
	if i == from {
		return i
	}
	equals := skipSpace(b, i)
	if equals == len(b) || b[equals] != '=' {
		return i
	}
	i = skipSpace(b, equals+1)
	if i < len(b) && (b[i] == '"' || b[i] == '\'') {
		end := bytes.IndexByte(b[i+1:], b[i])
		if end < 0 {
			return -1
		}
		return i + end + 2
	}
	for from = i; i < len(b) && b[i] > ' ' && bytes.IndexByte([]byte("\"'=<>`"), b[i]) < 0; i++ {
	}
	if i == from {
		return -1
	}
	return i
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// entityLength gives the length of the character reference that b begins with,
// 0 if it is none.
func entityLength(b []byte) int {
	const longest = 40
	b = b[:min(len(b), longest)]
	end := bytes.IndexByte(b, ';')
	if end < 2 || b[1] != '#' && !isLetter(b[1]) {
		return 0
	}
	ref := string(b[:end+1])
	// A reference that is none, or only begins with one, keeps its semicolon.
	if decoded := html.UnescapeString(ref); decoded == ref || strings.HasSuffix(decoded, ";") && ref != "&semi;" && ref != "&#59;" {
		return 0
	}
	return end + 1
}

// entity gives the characters that a reference stands for.
func entity(ref []byte) string {
	return plainText(html.UnescapeString(string(ref)))
}

// plainText puts a space in the place of control characters but tabs and line
// ends, a bullet in the place of one out of a font of symbols, and takes hyphens
// that only mark where a word may be parted away.
func plainText(s string) string {
	fine := true
	for i := range len(s) {
		if mayBeControl[s[i]] || s[i] == '\r' {
			fine = false
			break
		}
	}
	if fine {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00AD':
			return -1
		case r == '\uF0B7' || r == '\uF0A7':
			return '•'
		case unicode.IsControl(r) && r != '\n' && r != '\t':
			return ' '
		}
		return r
	}, s)
}
