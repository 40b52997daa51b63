package document

import (
	"bytes"
	"strings"
)

const (
	commentStart = "<!--"
	commentEnd   = "-->"
	directive    = "firstcall:"
)

// readText takes a plain text as it is, without its comments and soft hyphens. One that has none
// is not even copied.
func readText(w *writer) {
	t := textReader{w: w, src: w.source, lines: newLines(w.source)}
	t.comments = bytes.Contains(t.src, []byte(commentStart))
	if !t.lines.returns && !t.comments && !bytes.Contains(t.src, []byte(directive)) && !bytes.Contains(t.src, softHyphen) {
		w.out = t.src
		return
	}
	w.reserve(len(t.src))
	for t.pos < len(t.src) {
		from := t.pos
		t.line()
		if w.clock.up(t.pos - from) {
			return
		}
	}
	w.raw(t.from, len(t.src))
}

// textReader goes through a plain text that has something to leave out.
type textReader struct {
	w        *writer
	src      []byte
	lines    lines
	from     int // what comes before has been handed on
	pos      int
	comments bool // there may be one ahead
}

// line goes through the line at pos, or to the end of the line that a comment
// in it ends on.
func (t *textReader) line() {
	end, next := t.lines.next(t.pos)
	if text, is := directiveIn(t.src[t.pos:end]); is {
		t.cut(t.pos, next, text)
		t.pos = next
		return
	}
	for start := t.pos; t.comments; {
		i := bytes.Index(t.src[t.pos:end], []byte(commentStart))
		if i < 0 {
			break
		}
		at := t.pos + i
		n := bytes.Index(t.src[at+len(commentStart):], []byte(commentEnd))
		if n < 0 {
			t.comments = false // this one never ends, and is none
			break
		}
		body := t.src[at+len(commentStart):][:n]
		after := at + len(commentStart) + n + len(commentEnd)
		if after > end {
			end, next = t.lines.next(after)
		}
		t.pos = after
		if blankBytes(t.src[start:at]) && blankBytes(t.src[after:end]) {
			t.cut(start, next, string(body))
			t.pos = next
			return
		}
		if after < end && isBlank(t.src[after]) && (at == 0 || isBlank(t.src[at-1]) || t.src[at-1] == '\n') {
			after++
		}
		t.cut(at, after, string(body))
	}
	if next > end && (t.src[end] == '\r') {
		t.w.raw(t.from, end)
		if next == end+1 { // a carriage return alone
			t.w.mark(end)
			t.w.add([]byte{'\n'})
			t.from = next
		} else {
			t.from = next - 1
		}
	}
	t.pos = next
}

// cut leaves out a part that is a comment.
func (t *textReader) cut(from, to int, text string) {
	if from > t.from {
		t.w.raw(t.from, from)
	}
	t.w.doc.Comments = append(t.w.doc.Comments,
		Comment{Offset: len(t.w.out), Text: strings.TrimSpace(text), Place: Place{Offset: from}})
	t.from = to
}

// softHyphen marks where a word may be parted. It is no part of the word.
var softHyphen = []byte("\u00AD")

// raw adds a part of the source that belongs to no block, without soft hyphens.
func (w *writer) raw(from, to int) {
	for from < to {
		part := w.source[from:to]
		i := bytes.Index(part, softHyphen)
		if i >= 0 {
			part = part[:i]
		}
		if len(part) > 0 {
			w.mark(from)
			w.add(part)
		}
		if from += len(part); i >= 0 {
			from += len(softHyphen)
		}
	}
}

// directiveIn gives the comment that a line is: a firstcall directive after #
// or //.
func directiveIn(line []byte) (text string, is bool) {
	rest := bytes.TrimLeft(line, " \t")
	if len(rest) == 0 || rest[0] != '#' && rest[0] != '/' {
		return "", false
	}
	if bytes.HasPrefix(rest, []byte("//")) {
		rest = rest[2:]
	} else if rest[0] == '#' {
		rest = rest[1:]
	}
	rest = bytes.TrimSpace(rest)
	if !bytes.HasPrefix(rest, []byte(directive)) {
		return "", false
	}
	return string(rest), true
}

// lines cuts a source into lines, which end with \n, \r\n or \r.
type lines struct {
	src     []byte
	returns bool // there are carriage returns
}

func newLines(src []byte) lines {
	return lines{src, bytes.IndexByte(src, '\r') >= 0}
}

// next gives the end of the line that begins at an offset, and the start of the
// one after it.
func (l lines) next(from int) (end, next int) {
	var i int
	if l.returns {
		i = bytes.IndexAny(l.src[from:], "\r\n")
	} else {
		i = bytes.IndexByte(l.src[from:], '\n')
	}
	if i < 0 {
		return len(l.src), len(l.src)
	}
	end, next = from+i, from+i+1
	if l.src[end] == '\r' && follows(l.src, end, '\n') {
		next++
	}
	return end, next
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func blankBytes(b []byte) bool {
	for _, c := range b {
		if !isBlank(c) {
			return false
		}
	}
	return true
}
