package ics

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// longest is how many bytes a line has at most, without its end (RFC 5545, 3.1).
const longest = 75

// lines writes lines of a calendar.
type lines struct{ bytes.Buffer }

// put writes a line that has a name and a value, folded where it is too long: the next
// line begins with a blank then. No character is cut in two.
func (l *lines) put(name, value string) {
	line := name + ":" + value
	for room := longest; ; room = longest - 1 {
		if len(line) <= room {
			l.WriteString(line)
			l.WriteString("\r\n")
			return
		}
		end := room
		for !utf8.RuneStart(line[end]) {
			end--
		}
		l.WriteString(line[:end])
		l.WriteString("\r\n ")
		line = line[end:]
	}
}

// text writes a line whose value is a text, unless that is empty.
func (l *lines) text(name, text string) {
	if text != "" {
		l.put(name, escape(text))
	}
}

// escape is a text as a value (RFC 5545, 3.3.11): ends of lines, commas, semicolons and
// backslashes are written with a backslash before them. Control characters, which can't
// stand there, become blanks.
func escape(text string) string {
	var b strings.Builder
	for _, r := range strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(text, "\ufffd")) {
		switch {
		case r == '\\', r == ';', r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n', r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			b.WriteString(`\n`)
		case r < ' ' && r != '\t', r == 0x7f:
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
