package jsonrows

import (
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// parser cuts JSON into respondents and these into cells.
type parser struct {
	name string
	src  *source
	dec  *jsontext.Decoder
	keys *keys

	shape  shape
	begun  bool // the first object
	object int  // number of the current one, also counting those of a parser before

	// What the current object holds: cells, each a part of text.
	set  []cell
	text []byte
	in   []int // for each column, the object in which it was last set
	key  []byte
}

// cell is a cell that the current object has.
type cell struct{ column, start, end int }

// shape is how respondents are put together.
type shape int

const (
	unknown shape = iota
	array         // [{...}, {...}]
	lines         // {...} {...}
	wrapped       // {"responses": [{...}, {...}]}
	done
)

// wrappers are the keys under which a list of respondents may stand.
var wrappers = [...]string{"responses", "data", "results", "records", "rows", "submissions"}

func newParser(name string, r io.Reader, k *keys) *parser {
	src := newSource(r)
	// Keys that stand twice are found here, where the column is known.
	return &parser{name: name, src: src, keys: k, dec: jsontext.NewDecoder(src, jsontext.AllowDuplicateNames(true))}
}

// next reads the next respondent and returns the line it starts on, or io.EOF
// after the last one.
func (p *parser) next() (line int, err error) {
	line, err = p.read()
	switch {
	case err == errWrapped && p.keys.late != nil:
		err = errLateList
	case err == errWrapped:
		// What was taken for a respondent holds the list of them. What it
		// holds besides are no answers.
		p.shape = wrapped
		*p.keys = *newKeys()
		p.keys.wrapped = true
		line, err = p.read()
	}
	if err != nil {
		return 0, p.located(err)
	}
	return line, nil
}

func (p *parser) read() (line int, err error) {
	p.set, p.text = p.set[:0], p.text[:0]
	if p.shape == unknown {
		if err := p.begin(); err != nil {
			return 0, err
		}
	}
	more, err := p.toObject()
	if err != nil {
		return 0, err
	}
	if !more {
		p.shape = done
		return 0, io.EOF
	}
	if err := p.startObject(); err != nil {
		return 0, err
	}
	line = p.src.line
	return line, p.members(&p.keys.root, 1)
}

// begin finds out what the input starts with.
func (p *parser) begin() error {
	if err := p.src.begin(); err != nil {
		return err
	}
	switch p.dec.PeekKind() {
	case '[':
		if _, err := p.dec.ReadToken(); err != nil {
			return err
		}
		p.shape = array
	case '{':
		p.shape = lines
		if p.keys.wrapped {
			return p.enterWrapper()
		}
	default:
		_, err := p.dec.ReadToken()
		if err == io.EOF {
			return errEmpty
		}
		return cmpErr(err, errNoObject)
	}
	return nil
}

// enterWrapper moves into the list of respondents, which an object holds as a
// parser before found.
func (p *parser) enterWrapper() error {
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	for {
		p.src.pass(p.dec.InputOffset())
		key, err := p.readKey()
		if err != nil {
			return err
		}
		list := isWrapper(key) && p.dec.PeekKind() == '['
		if list {
			if _, err := p.dec.ReadToken(); err != nil {
				return err
			}
			if p.dec.PeekKind() == '{' {
				p.shape = wrapped
				return nil
			}
		}
		if err := p.skip(list); err != nil {
			return err
		}
	}
}

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// toObject moves up to the next respondent. There are no more when it returns
// false.
func (p *parser) toObject() (more bool, err error) {
	kind := p.dec.PeekKind()
	switch {
	case p.shape == done:
		return false, nil
	case kind == '{':
		return true, nil
	case kind == ']' && p.shape != lines:
		if _, err := p.dec.ReadToken(); err != nil {
			return false, err
		}
		if p.shape == wrapped {
			if err := p.restOfWrapper(); err != nil {
				return false, err
			}
		}
		return false, p.toEnd()
	case p.shape == lines:
		_, err := p.dec.ReadToken()
		if err == io.EOF {
			return false, nil
		}
		return false, cmpErr(err, errMixed)
	default:
		_, err := p.dec.ReadToken()
		return false, cmpErr(err, errNoObject)
	}
}

// startObject takes the brace that opens a respondent.
func (p *parser) startObject() error {
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	// The brace is the last byte that was read.
	p.src.pass(p.dec.InputOffset() - 1)
	p.object++
	return nil
}

// restOfWrapper passes over what stands behind the list of respondents in the
// object around it.
func (p *parser) restOfWrapper() error {
	for p.dec.PeekKind() != '}' {
		p.src.pass(p.dec.InputOffset())
		key, err := p.readKey()
		if err != nil {
			return err
		}
		list := isWrapper(key) && p.dec.PeekKind() == '['
		if list {
			if _, err := p.dec.ReadToken(); err != nil {
				return err
			}
			if p.dec.PeekKind() == '{' {
				return errTwoLists
			}
		}
		if err := p.skip(list); err != nil {
			return err
		}
	}
	_, err := p.dec.ReadToken()
	return err
}

// skip passes over a value, or over the rest of a list that was begun.
func (p *parser) skip(begun bool) error {
	depth := 0
	if begun {
		depth = 1
	}
	for {
		t, err := p.dec.ReadToken()
		if err != nil {
			return err
		}
		p.src.pass(p.dec.InputOffset())
		switch t.Kind() {
		case '{', '[':
			if depth++; depth > MaxDepth {
				return errDepth
			}
		case '}', ']':
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// toEnd makes sure that nothing follows.
func (p *parser) toEnd() error {
	_, err := p.dec.ReadToken()
	if err == io.EOF {
		return nil
	}
	return cmpErr(err, errTrailing)
}

func isWrapper(key []byte) bool {
	for _, w := range wrappers {
		if strings.EqualFold(w, string(key)) {
			return true
		}
	}
	return false
}

// readKey returns the next key of an object. It is valid until the next call.
func (p *parser) readKey() ([]byte, error) {
	raw, err := p.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	if raw.Kind() != '"' {
		return nil, errSyntax
	}
	p.key, err = jsontext.AppendUnquote(p.key[:0], raw)
	return p.key, err
}

// members reads the object that n is, whose brace was read.
func (p *parser) members(n *node, depth int) error {
	if depth > MaxDepth {
		return errDepth
	}
	maybeWrapper := depth == 1 && p.shape == lines && !p.begun
	n.next = 0
	for p.dec.PeekKind() != '}' {
		key, err := p.readKey()
		if err != nil {
			return err
		}
		list := false
		if maybeWrapper && isWrapper(key) && p.dec.PeekKind() == '[' {
			if _, err := p.dec.ReadToken(); err != nil {
				return err
			}
			if list = true; p.dec.PeekKind() == '{' {
				return errWrapped
			}
		}
		c, err := p.keys.child(n, key)
		if err != nil {
			return err
		}
		if c.seen == p.object {
			return twice(c.name)
		}
		c.seen = p.object
		if list {
			err = p.list(c, depth+1)
		} else {
			err = p.value(c, depth+1)
		}
		if err != nil {
			return err
		}
	}
	p.begun = true
	_, err := p.dec.ReadToken()
	return err
}

// value reads the value of the key that n is.
func (p *parser) value(n *node, depth int) error {
	switch p.dec.PeekKind() {
	case '{':
		if _, err := p.dec.ReadToken(); err != nil {
			return err
		}
		return p.members(n, depth)
	case '[':
		if _, err := p.dec.ReadToken(); err != nil {
			return err
		}
		return p.list(n, depth)
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return err
	}
	_, err = p.put(n, raw)
	return err
}

// list reads the list that n is, whose bracket was read.
func (p *parser) list(n *node, depth int) error {
	if depth > MaxDepth {
		return errDepth
	}
	n.next = 0
	joined := noCell
	for i := 1; ; i++ {
		switch p.dec.PeekKind() {
		case ']':
			if _, err := p.dec.ReadToken(); err != nil || i > 1 {
				return err
			}
			_, err := p.put(n, jsontext.Value("null"))
			return err
		case '{', '[':
			c, err := p.keys.place(n, i)
			if err != nil {
				return err
			}
			if err := p.value(c, depth+1); err != nil {
				return err
			}
		default:
			raw, err := p.dec.ReadValue()
			if err != nil {
				return err
			}
			if joined == noCell {
				joined, err = p.put(n, raw)
			} else {
				err = p.join(joined, raw)
			}
			if err != nil {
				return err
			}
		}
	}
}

// What put returns in place of a cell that was passed over, or is still to be
// made.
const (
	noCell   = -1
	passedBy = -2
)

// put makes a scalar the cell of a node, and returns its number in set.
func (p *parser) put(n *node, raw jsontext.Value) (int, error) {
	column, err := p.keys.columnOf(n)
	if err != nil {
		return noCell, err
	}
	if column == unneeded {
		return passedBy, nil
	}
	for len(p.in) <= column {
		p.in = append(p.in, 0)
	}
	if p.in[column] == p.object {
		return noCell, twice(n.name)
	}
	p.in[column] = p.object
	start := len(p.text)
	if err := p.appendScalar(raw); err != nil {
		return noCell, err
	}
	p.set = append(p.set, cell{column, start, len(p.text)})
	return len(p.set) - 1, p.checkLength(start)
}

// join adds a scalar to the cell of a list.
func (p *parser) join(number int, raw jsontext.Value) error {
	if number == passedBy || raw.Kind() == 'n' {
		return nil
	}
	c := &p.set[number]
	if c.end != len(p.text) {
		// Other cells were made in between.
		start := len(p.text)
		p.text = append(p.text, p.text[c.start:c.end]...)
		c.start = start
	}
	if len(p.text) > c.start {
		p.text = append(p.text, ';')
	}
	if err := p.appendScalar(raw); err != nil {
		return err
	}
	c.end = len(p.text)
	return p.checkLength(c.start)
}

// appendScalar adds what a scalar holds to text.
func (p *parser) appendScalar(raw jsontext.Value) (err error) {
	switch raw.Kind() {
	case '"':
		p.text, err = jsontext.AppendUnquote(p.text, raw)
	case 'n':
	default:
		p.text = append(p.text, raw...)
	}
	return err
}

func (p *parser) checkLength(start int) error {
	switch {
	case len(p.text)-start > MaxCell:
		return errLongCell
	case len(p.text) > MaxRow:
		return errLongRow
	}
	return nil
}
