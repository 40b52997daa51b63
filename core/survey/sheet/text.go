package sheet

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// appendText appends a text of an XML file with its entities resolved and its
// line ends made "\n".
func appendText(dst, src []byte) ([]byte, error) {
	for {
		i := bytes.IndexAny(src, "&\r")
		if i < 0 {
			return append(dst, src...), nil
		}
		dst = append(dst, src[:i]...)
		if src[i] == '\r' {
			dst = append(dst, '\n')
			src = src[i+1:]
			if len(src) > 0 && src[0] == '\n' {
				src = src[1:]
			}
			continue
		}
		name, rest, ok := bytes.Cut(src[i+1:], []byte(";"))
		c := entity(name)
		if !ok || c < 0 {
			return dst, brokenEntity
		}
		dst = utf8.AppendRune(dst, c)
		src = rest
	}
}

// entity returns the character that a reference such as "amp" or "#x20" stands
// for, or -1.
func entity(name []byte) rune {
	switch string(name) {
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
	digits, ok := bytes.CutPrefix(name, []byte("#"))
	if !ok || len(digits) > 16 {
		return -1
	}
	base := 10
	if hex, ok := bytes.CutPrefix(digits, []byte("x")); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(string(digits), base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return -1
	}
	return rune(n)
}

// unescape resolves, in place, what Excel writes for characters that XML has
// no place for: "_x000D_" is a carriage return, and "_x005F_" the underscore
// that makes something that only looks like an escape. Two halves of a
// surrogate pair become one character, a half alone the replacement character.
func unescape(b []byte) []byte {
	i := bytes.Index(b, []byte("_x"))
	if i < 0 {
		return b
	}
	out := b[:i]
	for i < len(b) {
		c, ok := escape(b[i:])
		if !ok {
			out = append(out, b[i])
			i++
			continue
		}
		i += escapeLen
		if utf16.IsSurrogate(c) {
			low, _ := escape(b[i:])
			if c = utf16.DecodeRune(c, low); c != utf8.RuneError {
				i += escapeLen
			}
		}
		out = utf8.AppendRune(out, c)
	}
	return out
}

const escapeLen = len("_xHHHH_")

// escape reads an escape such as "_x000D_" at the start of b.
func escape(b []byte) (c rune, ok bool) {
	if len(b) < escapeLen || b[0] != '_' || b[1] != 'x' || b[escapeLen-1] != '_' {
		return 0, false
	}
	for _, d := range b[2 : escapeLen-1] {
		switch {
		case '0' <= d && d <= '9':
			c = c<<4 | rune(d-'0')
		case 'a' <= d|0x20 && d|0x20 <= 'f':
			c = c<<4 | rune(d|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return c, true
}

// appendRich appends the text of a shared or inline string, whose start tag
// was the last token: that of its runs, without reading aids. The name is that
// of the element.
func (s *scanner) appendRich(dst []byte, name string) ([]byte, error) {
	start := len(dst)
	err := s.each(name, func() error {
		var err error
		switch string(s.name) {
		case "t":
			dst, err = s.appendPlain(dst, "t", start)
		case "r":
			err = s.each("r", func() error {
				if string(s.name) != "t" {
					return s.skip()
				}
				var err error
				dst, err = s.appendPlain(dst, "t", start)
				return err
			})
		default:
			err = s.skip()
		}
		return err
	})
	return dst[:start+len(unescape(dst[start:]))], err
}

// appendPlain appends the text directly within the element whose start tag was
// the last token. What dst holds from start on may grow to MaxCell.
func (s *scanner) appendPlain(dst []byte, name string, start int) ([]byte, error) {
	for {
		t, err := s.inner(name)
		switch {
		case err != nil || t == endTag:
			return dst, err
		case t == startTag:
			err = s.skip()
		case s.plain:
			dst = append(dst, s.text...)
		default:
			dst, err = appendText(dst, s.text)
		}
		if err != nil {
			return dst, err
		}
		if len(dst)-start > MaxCell {
			return dst, errLongText
		}
	}
}
