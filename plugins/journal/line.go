package journal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	sumSize = 8 // hex digits of the CRC
	// maxLine is the longest line there can be. A record with so many remote
	// objects that it needs a longer one is refused.
	maxLine  = 16 << 20
	readSize = 64 << 10
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendLine adds a line with the object that fill appends.
func appendLine(dst []byte, fill func([]byte) []byte) []byte {
	start := len(dst)
	dst = append(dst, "00000000 "...)
	dst = fill(dst)
	text := dst[start+sumSize+1:]
	encodeSum(dst[start:], text)
	return append(dst, '\n')
}

func encodeSum(dst, text []byte) {
	var sum [sumSize / 2]byte
	binary.BigEndian.PutUint32(sum[:], crc32.Checksum(text, castagnoli))
	hex.Encode(dst, sum[:])
}

// line is one line as it stands in a file.
type line struct {
	text   []byte // the JSON object, good until the next line is read; nil: the line is bad
	number int    // 1-based
	offset int64  // of its first byte in the file
}

// lineReader reads lines one by one and holds one of them.
type lineReader struct {
	in     *bufio.Reader
	number int
	offset int64
	long   []byte // a line longer than the buffer of in
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{in: bufio.NewReaderSize(r, readSize)}
}

// next returns the next line, and io.EOF after the last. A line without an end,
// too long, or with another sum than it should have comes without text.
func (r *lineReader) next() (line, error) {
	raw, size, err := r.raw()
	if err != nil && err != io.EOF || size == 0 {
		return line{}, err
	}
	r.number++
	l := line{number: r.number, offset: r.offset}
	r.offset += size
	if err == nil && int64(len(raw)) == size {
		l.text = checked(raw[:len(raw)-1])
	}
	return l, nil
}

// raw returns the bytes up to and with the next line end, and how many there
// are. Of a line that is too long it returns only a part. The error is io.EOF
// when there is no line end.
func (r *lineReader) raw() (raw []byte, size int64, err error) {
	r.long = r.long[:0]
	for {
		piece, err := r.in.ReadSlice('\n')
		size += int64(len(piece))
		if err == nil && len(r.long) == 0 {
			return piece, size, nil
		}
		if len(r.long)+len(piece) <= maxLine {
			r.long = append(r.long, piece...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return r.long, size, err
		}
	}
}

// checked returns the object of a line, nil if the line is not as it was written.
func checked(raw []byte) []byte {
	if len(raw) < sumSize+2 || raw[sumSize] != ' ' {
		return nil
	}
	text := raw[sumSize+1:]
	var want [sumSize]byte
	encodeSum(want[:], text)
	if !bytes.Equal(raw[:sumSize], want[:]) {
		return nil
	}
	return text
}

// appendString adds a JSON string.
func appendString(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return appendQuoted(dst, s)
		}
	}
	dst = append(append(dst, '"'), s...)
	return append(dst, '"')
}

// appendQuoted is appendString for letters that JSON escapes, and no others: what
// json.Marshal does to < for the sake of web pages would make it six times as long.
func appendQuoted(dst []byte, s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string can't fail
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}

// appendMember adds a member with a string, unless that is empty.
func appendMember(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(append(append(dst, `,"`...), name...), `":`...)
	return appendString(dst, value)
}

func appendRemote(dst []byte, remote []RemoteObject) []byte {
	for i, object := range remote {
		if i == 0 {
			dst = append(dst, `,"remote":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = appendString(append(dst, `{"type":`...), object.Type)
		dst = appendString(append(dst, `,"id":`...), object.ID)
		dst = append(dst, '}')
	}
	if len(remote) > 0 {
		dst = append(dst, ']')
	}
	return dst
}

var (
	errKey  = errors.New("journal: a key is empty or holds a NUL byte")
	errText = errors.New("journal: a text is not UTF-8")
	errLong = errors.New("journal: a record has too many remote objects, or too long ones")
)

// checkTexts refuses what would not be the same when it is read again.
func checkTexts(key string, texts ...string) error {
	if key == "" || strings.IndexByte(key, 0) >= 0 {
		return errKey
	}
	if !utf8.ValidString(key) {
		return errText
	}
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return errText
		}
	}
	return nil
}
