package pdf

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"errors"
	"io"
)

// maxStream is how many bytes a stream may come to.
const maxStream = 64 << 20

var (
	errFilter  = errors.New("unknown filter")
	errTooLong = errors.New("too long")
)

// data gives the data of a stream as far as it can be read.
func (f *file) data(s *stream) []byte {
	b, _ := f.decoded(s)
	return b
}

// decoded gives the data of a stream, and an error if there is more of it that
// cannot be read.
func (f *file) decoded(s *stream) ([]byte, error) {
	filters := f.list(s.dict["Filter"])
	params := f.list(s.dict["DecodeParms"])
	if len(filters) > 8 {
		return nil, errFilter
	}
	b := s.raw
	for i, filter := range filters {
		var param dict
		if i < len(params) {
			param = f.dict(params[i])
		}
		kind, _ := f.resolve(filter).(name)
		var err error
		if b, err = f.filter(kind, b, param); err != nil {
			return b, err
		}
		if !f.spend(len(b)) {
			return nil, errTooLong
		}
	}
	if s.cutOff {
		return b, io.ErrUnexpectedEOF
	}
	return b, nil
}

// list gives the members of an array, or a single object as one.
func (f *file) list(o any) array {
	switch o := f.resolve(o).(type) {
	case nil:
		return nil
	case array:
		return o
	default:
		return array{o}
	}
}

// filter undoes one filter.
func (f *file) filter(kind name, b []byte, param dict) ([]byte, error) {
	var err error
	switch kind {
	case "FlateDecode", "Fl":
		if b, err = f.inflate(b); err == nil || len(b) > 0 {
			var predicted error
			b, predicted = f.predict(b, param)
			err = errors.Join(err, predicted)
		}
		return b, err
	case "LZWDecode", "LZW":
		early, is := f.resolve(param["EarlyChange"]).(int)
		if b, err = unLZW(b, !is || early != 0); err != nil {
			return b, err
		}
		return f.predict(b, param)
	case "ASCII85Decode", "A85":
		b, _, _ = bytes.Cut(b, []byte("~>"))
		return readAll(ascii85.NewDecoder(bytes.NewReader(bytes.TrimPrefix(bytes.TrimSpace(b), []byte("<~")))), maxStream)
	case "ASCIIHexDecode", "AHx":
		l := lexer{src: append([]byte("<"), b...)}
		return []byte(l.hex()), nil
	case "RunLengthDecode", "RL":
		return unRunLength(b)
	case "Crypt":
		return b, nil
	}
	return nil, errFilter
}

// readAll reads up to most bytes.
func readAll(r io.Reader, most int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if len(b) > most {
		return b[:most], errTooLong
	}
	return b, err
}

// inflate reads zlib data. The checksum after it is not looked at: it is often
// missing.
func (f *file) inflate(b []byte) ([]byte, error) {
	b = bytes.TrimLeft(b, "\r\n")
	if len(b) < 2 {
		return nil, io.ErrUnexpectedEOF
	}
	most := int(min(max(f.work, 0), maxStream))
	out, err := readAll(flate.NewReader(bytes.NewReader(b[2:])), most)
	if errors.Is(err, errTooLong) {
		f.over = true
	}
	return out, err
}

// predict undoes what was done to rows of numbers before they were compressed.
func (f *file) predict(b []byte, param dict) ([]byte, error) {
	get := func(key name, otherwise int) int {
		if n, is := f.resolve(param[key]).(int); is {
			return n
		}
		return otherwise
	}
	kind := get("Predictor", 1)
	colors, bits, columns := get("Colors", 1), get("BitsPerComponent", 8), get("Columns", 1)
	if kind <= 1 {
		return b, nil
	}
	if kind < 10 || colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 || columns > 1<<20 {
		return nil, errFilter
	}
	row := (colors*bits*columns + 7) / 8
	pixel := max(1, colors*bits/8)
	out := make([]byte, 0, len(b))
	above := make([]byte, row)
	for len(b) > 0 {
		how := b[0]
		line := make([]byte, row)
		n := copy(line, b[1:])
		b = b[1+n:]
		unpredict(how, line, above, pixel)
		out = append(out, line[:n]...)
		above = line
	}
	return out, nil
}

// unpredict undoes a filter of PNG in a row.
func unpredict(how byte, line, above []byte, pixel int) {
	for i := range line {
		var left, corner byte
		if i >= pixel {
			left, corner = line[i-pixel], above[i-pixel]
		}
		switch how {
		case 1:
			line[i] += left
		case 2:
			line[i] += above[i]
		case 3:
			line[i] += byte((int(left) + int(above[i])) / 2)
		case 4:
			line[i] += paeth(left, above[i], corner)
		}
	}
}

func paeth(left, above, corner byte) byte {
	p := int(left) + int(above) - int(corner)
	dl, da, dc := distance(p, left), distance(p, above), distance(p, corner)
	switch {
	case dl <= da && dl <= dc:
		return left
	case da <= dc:
		return above
	}
	return corner
}

func distance(p int, c byte) int { return max(p-int(c), int(c)-p) }

// unRunLength reads runs of bytes.
func unRunLength(b []byte) ([]byte, error) {
	var out []byte
	for len(b) > 0 && len(out) < maxStream {
		n := int(b[0])
		switch {
		case n == 128:
			return out, nil
		case n < 128 && len(b) >= n+2:
			out = append(out, b[1:n+2]...)
			b = b[n+2:]
		case n > 128 && len(b) >= 2:
			out = append(out, bytes.Repeat(b[1:2], 257-n)...)
			b = b[2:]
		default:
			return out, io.ErrUnexpectedEOF
		}
	}
	return out, nil
}

// unLZW reads data that was compressed as in TIFF files. early says that codes
// get longer one code sooner than they have to.
func unLZW(b []byte, early bool) ([]byte, error) {
	const clear, end, most = 256, 257, 4096
	type entry struct {
		prefix int
		length int
		last   byte
	}
	table := make([]entry, 258, most)
	for i := range 256 {
		table[i] = entry{-1, 1, byte(i)}
	}
	var out []byte
	width, acc, bits, previous := 9, 0, 0, -1
	sooner := 0
	if early {
		sooner = 1
	}
	for _, c := range b {
		acc, bits = acc<<8|int(c), bits+8
		if bits < width {
			continue
		}
		bits -= width
		code := acc >> bits
		acc &= 1<<bits - 1
		switch {
		case code == end:
			return out, nil
		case code == clear:
			table, width, previous = table[:258], 9, -1
			continue
		case code > len(table) || code == len(table) && previous < 0 || len(out) > maxStream:
			return out, errFilter
		}
		if previous >= 0 && len(table) < most {
			first := code
			if code == len(table) {
				first = previous
			}
			for table[first].prefix >= 0 {
				first = table[first].prefix
			}
			table = append(table, entry{previous, table[previous].length + 1, table[first].last})
		} else if code >= len(table) {
			return out, errFilter
		}
		n := table[code].length
		out = append(out, make([]byte, n)...)
		for i, e := len(out)-1, code; e >= 0; i, e = i-1, table[e].prefix {
			out[i] = table[e].last
		}
		previous = code
		for width < 12 && len(table)+sooner >= 1<<width {
			width++
		}
	}
	return out, nil
}
