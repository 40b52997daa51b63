package pdf

import (
	"sort"
	"unicode/utf16"
)

// cmap tells the characters of codes as a file writes them down itself.
type cmap struct {
	chars   map[key]string
	ranges  []codeRange // in order when read
	lengths []codeRange // of all codes
}

// key is a code of so many bytes.
type key struct{ code, size int }

// codeRange is the codes from first to last, of size bytes.
type codeRange struct {
	first, last, size int
	chars             []uint16 // of the first; the last unit counts up
}

// readCMap reads a ToUnicode stream.
func (f *file) readCMap(s *stream) *cmap {
	const mostEntries = 1 << 20
	m := &cmap{chars: map[key]string{}}
	l := lexer{src: f.data(s)}
	for len(m.chars)+len(m.ranges) < mostEntries {
		switch l.next() {
		case ended:
			m.sort()
			return m
		case word("begincodespacerange"):
			m.section(&l, "endcodespacerange", m.space)
		case word("beginbfchar"):
			m.section(&l, "endbfchar", m.char)
		case word("beginbfrange"):
			m.section(&l, "endbfrange", m.rang)
		}
	}
	m.sort()
	return m
}

// section calls do for every entry of a section.
func (m *cmap) section(l *lexer, end word, do func(l *lexer, first text)) {
	for {
		switch o := l.next().(type) {
		case text:
			do(l, o)
		case word:
			if o == end || o == ended {
				return
			}
		}
	}
}

// space reads how long codes are.
func (m *cmap) space(l *lexer, first text) {
	last, is := l.next().(text)
	const most = 100
	if is && len(first) == len(last) && len(first) > 0 && len(first) <= 4 && len(m.lengths) < most {
		m.lengths = append(m.lengths, codeRange{first: codeOf(first), last: codeOf(last), size: len(first)})
	}
}

// char reads the characters of one code.
func (m *cmap) char(l *lexer, code text) {
	if chars, is := l.next().(text); is && len(code) > 0 && len(code) <= 4 {
		m.chars[key{codeOf(code), len(code)}] = string(utf16.Decode(units(chars)))
	}
}

// rang reads the characters of several codes.
func (m *cmap) rang(l *lexer, first text) {
	last, is := l.next().(text)
	if !is || len(first) == 0 || len(first) > 4 {
		return
	}
	from, to := codeOf(first), codeOf(last)
	switch chars := l.next().(type) {
	case text:
		if u := units(chars); len(u) > 0 && to >= from {
			m.ranges = append(m.ranges, codeRange{from, to, len(first), u})
		}
	case array:
		for i, c := range chars {
			if s, is := c.(text); is && from+i <= to {
				m.chars[key{from + i, len(first)}] = string(utf16.Decode(units(s)))
			}
		}
	}
}

func (m *cmap) sort() {
	sort.SliceStable(m.ranges, func(i, j int) bool { return m.ranges[i].first < m.ranges[j].first })
}

// inRange gives the characters of a code that is in a range.
func (m *cmap) inRange(code, size int) (string, bool) {
	i := sort.Search(len(m.ranges), func(i int) bool { return m.ranges[i].first > code }) - 1
	if i < 0 || code > m.ranges[i].last || size != m.ranges[i].size {
		return "", false
	}
	r := m.ranges[i]
	u := append([]uint16(nil), r.chars...)
	u[len(u)-1] += uint16(code - r.first)
	return string(utf16.Decode(u)), true
}

// code takes the first code of a string by the lengths that codes may have.
func (m *cmap) code(s string) (code, size int, ok bool) {
	for size := 1; size <= 4 && size <= len(s); size++ {
		code := codeOf(text(s[:size]))
		for _, r := range m.lengths {
			if r.size == size && code >= r.first && code <= r.last {
				return code, size, true
			}
		}
	}
	return 0, 0, false
}

func codeOf(s text) int {
	n := 0
	for i := range len(s) {
		n = n<<8 | int(s[i])
	}
	return n
}

// units gives the units of a text in UTF-16.
func units(s text) []uint16 {
	if len(s) == 1 {
		return []uint16{uint16(s[0])}
	}
	var u []uint16
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return u
}
