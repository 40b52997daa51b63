package pdf

import (
	"bytes"
	"context"
	"slices"
)

// file is an open file.
type file struct {
	src     []byte
	at      map[int]place // where objects are, by number
	cache   map[int]any
	packs   map[int][]any // the objects in object streams, by the number of the stream
	packed  map[int][]int // and their numbers
	loading map[int]bool
	trailer dict
	crypt   *crypt
	rebuilt bool // the cross references were found by looking for objects
	endless bool // and the file has no end, so that what it lacks has been cut off
	fonts   map[ref]*font
	tags    structure

	work    int64 // that may still be done
	over    bool  // and was not enough
	ctx     context.Context
	looked  int64 // the work that was left when the context was last looked at
	stopped error // it is done

	aside              []fragment // of the page: what is marked to be around its text
	pictures, drawings int        // that have been painted

	mapped, unmapped int // characters that were shown, and those of them that no one knows
	broken           int // streams that could not be read to their end
}

// place is where an object is: at an offset, or in an object stream.
type place struct {
	offset int
	pack   int // the number of the stream, 0 for none
	index  int
}

// open finds the objects of a file.
func open(ctx context.Context, data []byte) (*file, error) {
	if i := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-")); i > 0 {
		data = data[i:] // offsets count from here
	}
	const base, perByte = 128 << 20, 64
	f := &file{src: data, work: base + perByte*int64(len(data)), fonts: map[ref]*font{}, ctx: ctx}
	f.looked = f.work + watched // at once
	f.reset()
	if !f.references() || f.dict(f.trailer["Root"]) == nil || f.dict(f.dict(f.trailer["Root"])["Pages"]) == nil {
		if f.crypt == nil || !f.crypt.closed {
			f.rebuild()
		}
	}
	if f.crypt != nil && f.crypt.closed {
		return nil, ErrProtected
	}
	if f.stopped != nil {
		return nil, f.stopped
	}
	return f, nil
}

func (f *file) reset() {
	f.at, f.cache, f.loading = map[int]place{}, map[int]any{}, map[int]bool{}
	f.packs, f.packed = map[int][]any{}, map[int][]int{}
	f.trailer = dict{}
}

// watched is how many bytes of work may be done between two looks at the context.
const watched = 64 << 10

// spend says whether n more bytes of work may be done.
func (f *file) spend(n int) bool {
	f.work -= int64(n)
	if f.looked-f.work >= watched && f.stopped == nil {
		f.looked = f.work
		f.stopped = f.ctx.Err()
	}
	f.over = f.over || f.work < 0 || f.stopped != nil
	return !f.over
}

// references reads the cross references, from the last part of the file that
// has some to the first. What is newer counts.
func (f *file) references() bool {
	tail := f.src[max(0, len(f.src)-2048):]
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return false
	}
	l := lexer{src: tail, pos: i + len("startxref")}
	next, is := l.next().(int)
	seen := map[int]bool{}
	for is {
		if next <= 0 || next >= len(f.src) || seen[next] || !f.spend(64) {
			return false
		}
		seen[next] = true
		d := f.section(next)
		if d == nil {
			return false
		}
		f.trail(d)
		if hybrid, has := d["XRefStm"].(int); has && hybrid > 0 && hybrid < len(f.src) && !seen[hybrid] {
			seen[hybrid] = true
			if f.section(hybrid) == nil {
				return false
			}
		}
		next, is = d["Prev"].(int)
	}
	f.decrypt()
	return len(f.at) > 0
}

// trail adds to the trailer what newer ones do not have.
func (f *file) trail(d dict) {
	for _, key := range []name{"Root", "Info", "Encrypt", "ID"} {
		if f.trailer[key] == nil && d[key] != nil {
			f.trailer[key] = d[key]
		}
	}
}

// section reads one part of the cross references and returns its trailer, nil
// if it is none.
func (f *file) section(offset int) dict {
	l := lexer{src: f.src, pos: offset, refs: true}
	if l.next() == word("xref") {
		return f.table(&l)
	}
	l.pos = offset
	_, s := f.indirect(&l)
	x, is := s.(*stream)
	if !is || x.dict["Type"] != name("XRef") {
		return nil
	}
	return f.compact(x)
}

// table reads cross references as lines of text.
func (f *file) table(l *lexer) dict {
	for f.spend(32) {
		first := l.next()
		if first == word("trailer") {
			d, _ := l.next().(dict)
			return d
		}
		number, ok1 := first.(int)
		count, ok2 := l.next().(int)
		if !ok1 || !ok2 {
			return nil
		}
		for i := 0; i < count; i++ {
			offset, ok := l.next().(int)
			_, ok2 := l.next().(int)
			kind, ok3 := l.next().(word)
			if !ok || !ok2 || !ok3 || !f.spend(20) {
				return nil
			}
			if kind == "n" {
				f.define(number+i, place{offset: offset})
			}
		}
	}
	return nil
}

func (f *file) define(number int, p place) {
	if _, known := f.at[number]; !known {
		f.at[number] = p
	}
}

// compact reads cross references out of a stream.
func (f *file) compact(x *stream) dict {
	widths, _ := x.dict["W"].(array)
	if len(widths) < 3 {
		return nil
	}
	var w [3]int
	for i := range w {
		n, is := widths[i].(int)
		if !is || n < 0 || n > 8 {
			return nil
		}
		w[i] = n
	}
	size, _ := x.dict["Size"].(int)
	index, is := x.dict["Index"].(array)
	if !is {
		index = array{0, size}
	}
	row := w[0] + w[1] + w[2]
	if row == 0 {
		return nil
	}
	data := f.data(x)
	for i := 0; i+1 < len(index); i += 2 {
		first, ok1 := index[i].(int)
		count, ok2 := index[i+1].(int)
		if !ok1 || !ok2 {
			return nil
		}
		for n := 0; n < count && len(data) >= row; n++ {
			f.entry(first+n, data[:row], w)
			data = data[row:]
		}
	}
	return x.dict
}

// entry reads one reference of a stream.
func (f *file) entry(number int, b []byte, w [3]int) {
	kind := 1
	if w[0] > 0 {
		kind = bigEndian(b[:w[0]])
	}
	second, third := bigEndian(b[w[0]:w[0]+w[1]]), bigEndian(b[w[0]+w[1]:])
	switch kind {
	case 1:
		f.define(number, place{offset: second})
	case 2:
		f.define(number, place{pack: second, index: third})
	}
}

func bigEndian(b []byte) int {
	n := 0
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n & (1<<48 - 1)
}

// indirect reads "1 0 obj" and the object after it; its number is -1 if there
// is none.
func (f *file) indirect(l *lexer) (ref, any) {
	number, ok1 := l.next().(int)
	generation, ok2 := l.next().(int)
	if !ok1 || !ok2 || l.next() != word("obj") {
		return ref{-1, 0}, nil
	}
	r := ref{number, generation}
	from := l.pos
	o := l.next()
	f.spend(l.pos - from)
	d, is := o.(dict)
	if !is {
		return r, f.decrypted(o, r)
	}
	after := l.pos
	if l.next() != word("stream") {
		if f.endless && l.pos == len(l.src) {
			f.broken++
		}
		l.pos = after
		return r, f.decrypted(o, r)
	}
	return r, f.stream(l, d, r)
}

// stream reads the data after the word stream.
func (f *file) stream(l *lexer, d dict, r ref) any {
	if l.pos < len(l.src) && l.src[l.pos] == '\r' {
		l.pos++
	}
	if l.pos < len(l.src) && l.src[l.pos] == '\n' {
		l.pos++
	}
	from := l.pos
	end, cutOff := -1, false
	if n, is := f.resolve(d["Length"]).(int); is && n >= 0 && n <= len(l.src)-from {
		l.pos = from + n
		if l.next() == word("endstream") {
			end = from + n
		}
	}
	if end < 0 { // the length is wrong
		i := bytes.Index(l.src[from:], []byte("endstream"))
		if i < 0 {
			i, cutOff = len(l.src)-from, true
		}
		f.spend(i)
		end = from + i
		l.pos = min(end+len("endstream"), len(l.src))
	}
	if cutOff && f.endless {
		f.broken++
	}
	s := &stream{d, l.src[from:end], cutOff}
	if f.crypt != nil && d["Type"] != name("XRef") {
		s.dict, _ = f.decrypted(d, r).(dict)
		s.raw = f.crypt.stream(s, r)
	}
	return s
}

// decrypted decrypts the strings of an object.
func (f *file) decrypted(o any, r ref) any {
	if f.crypt == nil {
		return o
	}
	switch o := o.(type) {
	case text:
		return text(f.crypt.text([]byte(o), r))
	case array:
		for i := range o {
			o[i] = f.decrypted(o[i], r)
		}
	case dict:
		for k := range o {
			o[k] = f.decrypted(o[k], r)
		}
	}
	return o
}

// resolve gives the object that another points to, or the object itself.
func (f *file) resolve(o any) any {
	const longest = 32
	for range longest {
		r, is := o.(ref)
		if !is {
			return o
		}
		o = f.load(r.number)
	}
	return nil
}

func (f *file) dict(o any) dict {
	switch o := f.resolve(o).(type) {
	case dict:
		return o
	case *stream:
		return o.dict
	}
	return nil
}

// load reads an object.
func (f *file) load(number int) any {
	if o, is := f.cache[number]; is {
		return o
	}
	p, known := f.at[number]
	if !known && f.endless {
		f.broken++
	}
	if !known || f.loading[number] || !f.spend(16) {
		return nil
	}
	f.loading[number] = true
	defer delete(f.loading, number)
	var o any
	if p.pack > 0 {
		o = f.unpack(p.pack, p.index, number)
	} else if p.offset > 0 && p.offset < len(f.src) {
		l := lexer{src: f.src, pos: p.offset, refs: true}
		var r ref
		if r, o = f.indirect(&l); r.number != number {
			if !f.rebuilt {
				f.rebuild()
				return f.load(number)
			}
			o = nil
		}
	}
	f.cache[number] = o
	return o
}

// unpack takes an object out of an object stream.
func (f *file) unpack(pack, index, number int) any {
	objects, read := f.packs[pack]
	if !read {
		f.packs[pack] = nil
		s, _ := f.load(pack).(*stream)
		objects = f.packIn(pack, s)
		f.packs[pack] = objects
	}
	numbers := f.packed[pack]
	if index < 0 || index >= len(numbers) || numbers[index] != number {
		index = slices.Index(numbers, number)
	}
	if index < 0 || index >= len(objects) {
		return nil
	}
	return objects[index]
}

// packIn reads all objects of an object stream.
func (f *file) packIn(pack int, s *stream) []any {
	if s == nil {
		return nil
	}
	count, _ := f.resolve(s.dict["N"]).(int)
	first, _ := f.resolve(s.dict["First"]).(int)
	data := f.data(s)
	if first <= 0 || first > len(data) {
		return nil
	}
	head := lexer{src: data[:first]}
	var objects []any
	for i := 0; i < count && f.spend(8); i++ {
		number, ok1 := head.next().(int)
		offset, ok2 := head.next().(int)
		if !ok1 || !ok2 || offset < 0 || offset > len(data)-first {
			break
		}
		l := lexer{src: data, pos: first + offset, refs: true}
		objects = append(objects, l.next())
		f.packed[pack] = append(f.packed[pack], number)
		if !f.spend(l.pos - first - offset) {
			break
		}
	}
	return objects
}
