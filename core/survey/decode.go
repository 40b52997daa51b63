package survey

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/firstcall-cli/firstcall/core/internal/charset"
	"github.com/firstcall-cli/firstcall/core/problem"
)

// Names of the encodings that are told apart without being told.
const (
	encodingUTF8    = "UTF-8"
	encodingUTF16LE = "UTF-16LE"
	encodingUTF16BE = "UTF-16BE"
	encodingWestern = "Windows-1252"
)

// encodings are all that can be read, by the names that the user may give.
// ISO 8859-1 is read as Windows-1252, as browsers do: the two differ only in
// control characters, which no survey has.
var encodings = []struct {
	name    string
	aliases []string
	decoder encoding.Encoding // nil for UTF-8
}{
	{encodingUTF8, []string{"utf8"}, nil},
	{encodingUTF16LE, []string{"utf16le", "utf-16", "utf16"}, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{encodingUTF16BE, []string{"utf16be"}, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	{encodingWestern, []string{"cp1252", "latin1", "latin-1", "iso-8859-1", "ansi"}, charmap.Windows1252},
	{"Windows-1250", []string{"cp1250"}, charmap.Windows1250},
	{"Windows-1251", []string{"cp1251"}, charmap.Windows1251},
	{"ISO-8859-15", []string{"latin9", "latin-9"}, charmap.ISO8859_15},
	{"Macintosh", []string{"macroman", "mac"}, charmap.Macintosh},
}

// Encodings lists the names that Request.Encoding may have.
func Encodings() []string {
	var names []string
	for _, e := range encodings {
		names = append(names, strings.ToLower(e.name))
	}
	return names
}

// CheckEncoding says whether Request.Encoding may have a value.
func CheckEncoding(name string) error {
	_, err := encodingNamed(name)
	return err
}

// encodingNamed returns the encoding that the user calls by a name, "" for "".
func encodingNamed(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	for _, e := range encodings {
		if strings.EqualFold(name, e.name) || slices.Contains(e.aliases, strings.ToLower(name)) {
			return e.name, nil
		}
	}
	return "", problem.Problem{What: fmt.Sprintf("unknown encoding %s", quoted(name)),
		Hint: problem.DidYouMean(name, Encodings(), "known are "+strings.Join(Encodings(), ", "))}
}

// How much is looked at to tell encodings apart: from the start of a file, and
// from the first character beyond ASCII.
const (
	sniffed = 64 << 10
	judged  = 32 << 10
)

// decoder turns a text of any encoding into UTF-8 without byte order mark, as
// it is read.
//
// A byte order mark settles the encoding, and so do the zero bytes that every
// other byte of a Western text has in UTF-16. All else is ASCII up to the first
// byte beyond it, and looks the same in UTF-8 and in Windows-1252. It is
// handed on as it is, however much it is, and what follows that first byte
// decides.
type decoder struct {
	src      *bufio.Reader
	out      io.Reader // the text in UTF-8; nil as long as the encoding is open
	encoding string    // "" as long as it is open
}

// newDecoder reads the start of a text. The encoding is one of the names in
// encodings, or "" to find out.
func newDecoder(src *bufio.Reader, encoding string) *decoder {
	d := &decoder{src: src}
	start, _ := src.Peek(sniffed) // its error comes again for whoever reads on
	marked, size := byteOrderMark(start)
	if encoding == "" {
		encoding = marked
	}
	if encoding == "" {
		encoding = unmarkedUTF16(start)
	}
	if encoding == marked {
		_, _ = src.Discard(size) // it has been peeked at
	}
	if encoding != "" {
		d.settle(encoding, src)
	}
	return d
}

// byteOrderMark returns the encoding that the first bytes name, and how many
// they are.
func byteOrderMark(start []byte) (encoding string, size int) {
	switch {
	case bytes.HasPrefix(start, utf8BOM):
		return encodingUTF8, len(utf8BOM)
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}):
		return encodingUTF16LE, 2
	case bytes.HasPrefix(start, []byte{0xFE, 0xFF}):
		return encodingUTF16BE, 2
	}
	return "", 0
}

// unmarkedUTF16 returns the UTF-16 that the first bytes seem to be in, or "".
// The headings of a survey are mostly of characters whose other byte is zero;
// in no other text is there any zero at all.
func unmarkedUTF16(start []byte) string {
	start = start[:min(len(start), 1<<10)]
	var zeros [2]int // at even and at odd offsets
	for i, c := range start {
		if c == 0 {
			zeros[i%2]++
		}
	}
	enough := len(start) / 4 // half of the characters
	switch {
	case len(start) < 4:
		return ""
	case zeros[1] >= enough && zeros[0]*8 < zeros[1]:
		return encodingUTF16LE
	case zeros[0] >= enough && zeros[1]*8 < zeros[0]:
		return encodingUTF16BE
	}
	return ""
}

func (d *decoder) settle(name string, rest io.Reader) {
	d.encoding, d.out = name, rest
	for _, e := range encodings {
		if e.name == name && e.decoder != nil {
			d.out = transform.NewReader(rest, e.decoder.NewDecoder())
		}
	}
}

// name is the encoding as far as it is known: a text that has been ASCII so
// far is UTF-8.
func (d *decoder) name() string {
	if d.encoding == "" {
		return encodingUTF8
	}
	return d.encoding
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.out != nil {
		return d.out.Read(p)
	}
	n, err := d.src.Read(p)
	plain := charset.ASCIIPrefix(p[:n])
	if plain == n {
		return n, err
	}
	beyond := bytes.Clone(p[plain:n])
	var rest io.Reader = d.src
	if err != nil {
		rest = ended{err}
	}
	ahead, _ := d.src.Peek(judged)
	d.settle(judge(slices.Concat(beyond, ahead)), io.MultiReader(bytes.NewReader(beyond), rest))
	if plain > 0 {
		return plain, nil
	}
	return d.out.Read(p)
}

// ended is a source that has come to its end.
type ended struct{ err error }

func (e ended) Read([]byte) (int, error) { return 0, e.err }

// judge tells UTF-8 from Windows-1252 by a piece of text that begins with a byte
// beyond ASCII.
func judge(sample []byte) string {
	if charset.LooksLikeUTF8(sample, len(sample) > judged) {
		return encodingUTF8
	}
	return encodingWestern
}
