package pdf

import (
	"bytes"
	"slices"
)

// rebuild finds the objects of a file whose cross references are damaged by
// looking for them.
func (f *file) rebuild() {
	f.reset()
	f.rebuilt = true
	f.endless = !bytes.Contains(f.src[max(0, len(f.src)-2048):], []byte("%%EOF"))
	f.crypt = nil
	if !f.spend(2 * len(f.src)) {
		return
	}
	f.objects()
	f.trailers()
	f.decrypt()
	f.objectStreams()
	if f.dict(f.trailer["Root"]) == nil {
		f.findRoot()
	}
}

// objects looks for "1 0 obj". Of several with a number the last one counts.
func (f *file) objects() {
	for pos := 0; ; {
		i := bytes.Index(f.src[pos:], []byte("obj"))
		if i < 0 {
			return
		}
		at := pos + i
		pos = at + len("obj")
		from := max(0, at-32)
		b := bytes.TrimRight(f.src[from:at], "\x00\t\n\f\r ")
		generation := digitsAtEnd(b)
		if generation == 0 {
			continue
		}
		b = b[:len(b)-generation]
		trimmed := bytes.TrimRight(b, "\x00\t\n\f\r ")
		digits := digitsAtEnd(trimmed)
		number, ok := integer(trimmed[len(trimmed)-digits:])
		if !ok || len(trimmed) == len(b) {
			continue
		}
		f.at[number] = place{offset: from + len(trimmed) - digits}
	}
}

// digitsAtEnd counts the digits that b ends with.
func digitsAtEnd(b []byte) int {
	n := 0
	for n < len(b) && b[len(b)-1-n] >= '0' && b[len(b)-1-n] <= '9' {
		n++
	}
	return n
}

// trailers reads all trailers, the last one first.
func (f *file) trailers() {
	const most = 64
	end := len(f.src)
	for range most {
		i := bytes.LastIndex(f.src[:end], []byte("trailer"))
		if i < 0 {
			break
		}
		l := lexer{src: f.src, pos: i + len("trailer"), refs: true}
		if d, is := l.next().(dict); is {
			f.trail(d)
		}
		if end = i; !f.spend(l.pos - i) {
			return
		}
	}
}

// numbers lists the objects that are at an offset.
func (f *file) numbers() []int {
	var all []int
	for n, p := range f.at {
		if p.pack == 0 {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all
}

// objectStreams adds the objects in object streams, and the trailers that are
// in streams.
func (f *file) objectStreams() {
	for _, n := range f.numbers() {
		p := f.at[n]
		if !bytes.Contains(f.src[p.offset:min(len(f.src), p.offset+512)], []byte("Type")) || !f.spend(512) {
			continue
		}
		s, is := f.load(n).(*stream)
		if !is {
			continue
		}
		switch s.dict["Type"] {
		case name("XRef"):
			f.trail(s.dict)
			f.decrypt()
		case name("ObjStm"):
			f.unpack(n, 0, -1)
			for i, number := range f.packed[n] {
				f.define(number, place{pack: n, index: i})
			}
		}
	}
}

// findRoot looks for the catalog.
func (f *file) findRoot() {
	var all []int
	for n := range f.at {
		all = append(all, n)
	}
	slices.Sort(all)
	for _, n := range all {
		if d, is := f.load(n).(dict); is && d["Type"] == name("Catalog") {
			f.trailer["Root"] = ref{n, 0}
		}
	}
}
