package document

import (
	"bytes"
)

// bracket notes a [ or ![ that may begin a link or a picture.
func (n *inline) bracket(i int, image bool) {
	if len(n.brackets) > 0 {
		n.brackets[len(n.brackets)-1].nested = true
	}
	n.brackets = append(n.brackets, bracket{edit: len(n.edits), image: image})
	n.edits = append(n.edits, edit{int32(i), int32(i), editCut})
}

// closeBracket reads a ] and what follows it. Of a link only its text is left,
// of a picture nothing.
func (n *inline) closeBracket(i int) int {
	if len(n.brackets) == 0 {
		return i + 1
	}
	last := len(n.brackets) - 1
	b := n.brackets[last]
	n.brackets = n.brackets[:last]
	active := b.image || last >= n.inactive
	n.inactive = min(n.inactive, last)
	if !active {
		return i + 1
	}
	after, is := n.target(b, i+1)
	if !is {
		return i + 1
	}
	n.drop(b.edit)
	e := &n.edits[b.edit]
	if b.image {
		e.to = int32(after)
		n.edits = n.edits[:b.edit+1]
		return after
	}
	e.to = e.from + 1
	n.inactive = last
	return n.cut(i, after)
}

// target reads what makes a text in brackets a link: an address in parentheses,
// a label, or nothing where the text itself is a label. It returns where it ends.
func (n *inline) target(b bracket, i int) (after int, is bool) {
	if i < len(n.src) && n.src[i] == '(' {
		if after, is := address(n.src, i); is {
			return after, true
		}
	}
	if len(n.m.refs) == 0 {
		return 0, false
	}
	after = i
	if i < len(n.src) && n.src[i] == '[' {
		rest := n.src[i+1 : min(len(n.src), i+maxLabel)]
		if end := bytes.IndexAny(rest, "[]"); end >= 0 && rest[end] == ']' {
			if end > 0 {
				return i + end + 2, n.m.refs[foldLabel(rest[:end])]
			}
			after = i + 2
		}
	}
	from := int(n.edits[b.edit].from) + 1
	if b.image {
		from++
	}
	if b.nested || i-1-from > maxLabel {
		return 0, false
	}
	return after, n.m.refs[foldLabel(n.src[from:i-1])]
}

// address reads "(address "title")" at an offset and returns where it ends.
func address(src []byte, i int) (after int, is bool) {
	i = skipSpace(src, i+1)
	if i < len(src) && src[i] == '<' {
		for i++; i < len(src) && src[i] != '>'; i++ {
			if src[i] == '<' || src[i] == '\n' || src[i] == '\r' {
				return 0, false
			}
			if src[i] == '\\' {
				i++
			}
		}
		i++
	} else if i, is = bareAddress(src, i); !is {
		return 0, false
	}
	space := i
	i = skipSpace(src, i)
	if i > space && i < len(src) {
		if closer, is := titleCloser(src[i]); is {
			for i++; i < len(src) && src[i] != closer; i++ {
				if closer == ')' && src[i] == '(' {
					return 0, false
				}
				if src[i] == '\\' {
					i++
				}
			}
			i = skipSpace(src, i+1)
		}
	}
	return i + 1, i < len(src) && src[i] == ')'
}

// bareAddress reads an address without space in it, in which parentheses are in
// pairs.
func bareAddress(src []byte, i int) (after int, is bool) {
	const deepest = 32
	depth := 0
	for ; i < len(src) && src[i] > ' '; i++ {
		switch src[i] {
		case '\\':
			if i+1 < len(src) && isPunct(src[i+1]) {
				i++
			}
		case '(':
			if depth++; depth > deepest {
				return 0, false
			}
		case ')':
			if depth == 0 {
				return i, true
			}
			depth--
		}
	}
	return i, depth == 0
}

func titleCloser(c byte) (closer byte, is bool) {
	switch c {
	case '"', '\'':
		return c, true
	case '(':
		return ')', true
	}
	return 0, false
}

func skipSpace(src []byte, i int) int {
	for i < len(src) && (isBlank(src[i]) || src[i] == '\n' || src[i] == '\r') {
		i++
	}
	return i
}

// footnote gives the length of a mark such as [^1].
func footnote(b []byte) (length int, is bool) {
	const longest = 64
	if len(b) < 4 || b[1] != '^' {
		return 0, false
	}
	for i, c := range b[2:min(len(b), longest)] {
		switch c {
		case ']':
			return i + 3, i > 0
		case ' ', '\t', '[':
			return 0, false
		}
	}
	return 0, false
}

// angle reads what begins with <: a comment, an address or a tag.
func (n *inline) angle(i int) int {
	rest := n.src[i:]
	switch {
	case bytes.HasPrefix(rest, []byte(commentStart)):
		return n.until(i, i+len(commentStart), endComment, editComment)
	case bytes.HasPrefix(rest, []byte("<?")):
		return n.until(i, i+2, endInstruction, editCut)
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return n.until(i, i+2, endData, editCut)
	}
	if length := autolink(rest); length > 0 {
		n.cut(i, i+1)
		return n.cut(i+length-1, i+length)
	}
	length := tagLength(rest)
	if length == 0 {
		return i + 1
	}
	kind := editCut
	if name := tagName(rest); name == "br" || isBlockTag(name) {
		kind = editBreak
	}
	n.edits = append(n.edits, edit{int32(i), int32(i + length), kind})
	return i + length
}

// until leaves out what goes to one of the endings.
func (n *inline) until(i, from, which int, kind editKind) int {
	if n.never[which] {
		return i + 1
	}
	end := bytes.Index(n.src[from:], []byte(endings[which]))
	if end < 0 {
		n.never[which] = true
		return i + 1
	}
	after := from + end + len(endings[which])
	n.edits = append(n.edits, edit{int32(i), int32(after), kind})
	return after
}

// autolink gives the length of an address in angle brackets, 0 if it is none.
func autolink(b []byte) int {
	const longest = 2048
	b = b[:min(len(b), longest)]
	colon, at := false, false
	for i, c := range b[1:] {
		switch {
		case c == '>':
			if (colon || at) && i > 2 {
				return i + 2
			}
			return 0
		case c <= ' ' || c == '<':
			return 0
		case c == ':' && i > 1:
			colon = true
		case c == '@' && i > 0:
			at = true
		case !colon && !at && (c == '"' || c == '=' || c == '/' || c == '\''):
			return 0
		}
	}
	return 0
}
