package survey

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// source is an export whose head has been read: it is known what it is, and its
// rows are next.
type source struct {
	name   string
	layout *layout

	// Delimited text in UTF-8, from the first row after the headers on.
	text  io.Reader
	delim byte
	line  int // physical line, 1-based, that text begins on; of a sheet the row behind the headers

	// Rows that are no delimited text, from the first one after the headers
	// on; nil for text.
	table table

	format  Format
	decoder *decoder // of text, which may learn its encoding late
	closers []io.Closer
}

// table hands out rows that are as wide as the layout has columns.
type table interface {
	Next() (Row, error)
}

// Close gives back what the source holds beside the reader it was made from.
// It may be called again.
func (s *source) Close() error {
	var all error
	for i := len(s.closers) - 1; i >= 0; i-- {
		all = errors.Join(all, s.closers[i].Close())
	}
	s.closers = nil
	return all
}

// Format says how the export is written. The encoding of a text is known for
// certain only when all of it has been read.
func (s *source) Format() Format {
	f := s.format
	if s.decoder != nil {
		f.Encoding = s.decoder.name()
	}
	return f
}

// problem is a fault in a cell, or in a row when column is 0.
func (s *source) problem(line, column int, what, hint string) problem.Problem {
	if place := s.place(line, column); place != "" {
		return problem.Problem{File: s.name, What: place + ": " + what, Hint: hint}
	}
	return problem.Problem{File: s.name, Line: line, Column: column, What: what, Hint: hint}
}

// place is how a spreadsheet calls a cell, "" where it is none of a workbook.
func (s *source) place(line, column int) string {
	if placed, ok := s.table.(interface{ Place(line, column int) string }); ok {
		return placed.Place(line, column)
	}
	return ""
}

// maxWrapped is how many archives may stand in each other: a CSV file in a zip
// archive, compressed with gzip.
const maxWrapped = 2

// openSource reads the head of an export and finds out what it is. The name is
// how the user calls the file and only stands in errors, which are problems
// where the file is at fault.
func openSource(file string, r io.Reader, req Request) (*source, error) {
	s := &source{name: file}
	if err := s.open(r, req, maxWrapped); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *source) open(r io.Reader, req Request, wrapped int) error {
	encoding, err := encodingNamed(req.Encoding)
	if err != nil {
		return err
	}
	raw := bufio.NewReaderSize(&sticky{r: r}, sniffed)
	start, err := raw.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) && len(start) == 0 {
		return readFault(s.name, err)
	}
	switch {
	case bytes.HasPrefix(start, []byte("\x1F\x8B")) && wrapped > 0:
		return s.gunzip(raw, req, wrapped)
	case bytes.HasPrefix(start, []byte("PK\x03\x04")) && wrapped > 0:
		return s.unzip(r, raw, req, wrapped)
	}
	if p, bad := unreadable(start, wrapped == 0); bad {
		p.File = s.name
		return p
	}
	s.decoder = newDecoder(raw, encoding)
	text := bufio.NewReaderSize(s.decoder, sniffed)
	if looksLikeJSON(text) {
		return s.openJSON(r, text, req)
	}
	return s.openText(text, req)
}

// sticky gives the error its reader ended with again and again. Looking ahead
// would lose it otherwise.
type sticky struct {
	r   io.Reader
	err error
}

func (s *sticky) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.err = err
	return n, err
}

// readFault wraps an error of the source, unless it says enough already.
func readFault(file string, err error) error {
	if errors.As(err, new(problem.Problem)) {
		return err
	}
	return fmt.Errorf("read %s: %w", file, err)
}

// noSheet refuses a sheet's name for a file that has no sheets.
func (s *source) noSheet(req Request) error {
	if req.Sheet == "" {
		return nil
	}
	return problem.Problem{File: s.name, What: fmt.Sprintf("is no workbook and has no sheet %s", quoted(req.Sheet)),
		Hint: "--sheet is for Excel workbooks alone; score other files without it"}
}

func (s *source) openText(text *bufio.Reader, req Request) error {
	if err := s.noSheet(req); err != nil {
		return err
	}
	h, err := readHead(s.name, text)
	if err != nil {
		return err
	}
	if s.layout, err = s.lay(h.raw(), req); err != nil {
		return err
	}
	if err := checkHeaders(s.name, h.rows[0].nextLine-1, s.layout); err != nil {
		return err
	}
	last := h.rows[s.layout.headers-1]
	s.text, s.delim, s.line = io.MultiReader(bytes.NewReader(h.text[last.end:]), text), h.delim, last.nextLine
	s.format.Delimiter = delimiterName(h.delim)
	if len(s.layout.columns) == 1 {
		s.format.Delimiter = ""
	}
	return nil
}

// lay finds the dialect of the first rows and notes what was found.
func (s *source) lay(rows [][]string, req Request) (*layout, error) {
	l, err := detect(rows, req.Dialect)
	if err != nil {
		return nil, err
	}
	if req.Unfinished {
		l.without(reasonUnfinished)
	}
	s.format.Dialect, s.format.Title, s.format.HeaderRows = l.vendor.dialect, l.vendor.title, l.headers
	return l, nil
}

const hintDamaged = "download or copy the file again"

// gunzip opens what is compressed.
func (s *source) gunzip(raw io.Reader, req Request, wrapped int) error {
	z, err := gzip.NewReader(raw)
	if err != nil {
		return s.damaged(err)
	}
	s.format.Compressed = true
	return s.open(&unpacking{z, s}, req, wrapped-1)
}

// unpacking words the errors of an archive.
type unpacking struct {
	io.Reader
	s *source
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = u.s.damaged(err)
	}
	return n, err
}

func (s *source) damaged(err error) error {
	p := problem.Problem{File: s.name, Hint: hintDamaged}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		p.What = "the compressed file is cut off"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), strings.HasPrefix(err.Error(), "flate:"):
		p.What = "the compressed file is damaged"
	default:
		return readFault(s.name, err)
	}
	return p
}

// unzip opens a workbook, or the one file that a zip archive holds, as survey
// tools hand out their exports.
func (s *source) unzip(r io.Reader, raw io.Reader, req Request, wrapped int) error {
	whole, size, err := s.seekable(r, raw)
	if err != nil {
		return err
	}
	z, err := zip.NewReader(whole, size)
	if err != nil && !errors.Is(err, zip.ErrFormat) {
		return s.damaged(err)
	}
	if err != nil {
		return problem.Problem{File: s.name, What: "is a damaged workbook or zip archive", Hint: hintDamaged}
	}
	var inside *zip.File
	for _, f := range z.File {
		name := path.Clean(strings.ReplaceAll(f.Name, "\\", "/"))
		switch {
		case strings.HasPrefix(name, "xl/"):
			return s.openSheet(whole, size, req)
		case name == "content.xml":
			return problem.Problem{File: s.name, What: "is an OpenDocument file, not a text file or an Excel workbook", Hint: hintSheet}
		case f.FileInfo().IsDir(), strings.HasPrefix(name, "__MACOSX/"), path.Base(name)[0] == '.':
		case inside != nil:
			return zipFault(s.name)
		default:
			inside = f
		}
	}
	if inside == nil {
		return problem.Problem{File: s.name, What: "is an empty zip archive, not a text file", Hint: "export the answers again as CSV"}
	}
	f, err := inside.Open()
	if err != nil {
		return s.damaged(err)
	}
	s.format.Compressed = true
	return s.open(&unpacking{f, s}, req, wrapped-1)
}

func zipFault(file string) error {
	return problem.Problem{File: file, What: "is a zip archive, not a text file", Hint: "unpack it and give the CSV file in it"}
}

// maxSpool bounds what is put on disk of a workbook or of JSON that comes
// through a pipe.
const maxSpool = 4 << 30

// seekable gives random access to what r holds, of which raw is what has not
// been read: to r itself where it is a file, else to a copy of it. The copy is
// a file without a name wherever the system can do that, since it holds
// people's answers.
func (s *source) seekable(r, raw io.Reader) (io.ReaderAt, int64, error) {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return f, info.Size(), nil
		}
	}
	f, err := spool()
	if err != nil {
		return nil, 0, fmt.Errorf("read %s: %w", s.name, err)
	}
	s.closers = append(s.closers, f)
	size, err := io.Copy(f, io.LimitReader(raw, maxSpool+1))
	if err != nil {
		return nil, 0, readFault(s.name, err)
	}
	if size > maxSpool {
		return nil, 0, problem.Problem{File: s.name, What: fmt.Sprintf("is larger than %d GiB", maxSpool>>30), Hint: "save the answers as CSV, which can be of any size"}
	}
	return f, size, nil
}

// spooled is a temporary file that is gone when it is closed, at the latest.
type spooled struct{ *os.File }

func spool() (spooled, error) {
	f, err := os.CreateTemp("", "firstcall-*")
	if err != nil {
		return spooled{}, err
	}
	_ = os.Remove(f.Name()) // some systems can do so only after Close, which tries again
	return spooled{f}, nil
}

func (f spooled) Close() error {
	err := f.File.Close()
	if gone := os.Remove(f.Name()); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// looksLikeJSON reports whether a text begins like an object or a list of
// objects. No heading does so.
func looksLikeJSON(text *bufio.Reader) bool {
	start, _ := text.Peek(1 << 10)
	start = bytes.TrimLeft(start, " \t\r\n")
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return false
	}
	within := bytes.TrimLeft(start[1:], " \t\r\n")
	if len(within) == 0 {
		return false
	}
	if start[0] == '{' {
		return within[0] == '"' || within[0] == '}'
	}
	return within[0] == '{' || within[0] == ']'
}

// unreadable says what a file seems to be that can't be read, judged by its
// first bytes. Within archives the ones that can be are too much, too.
func unreadable(start []byte, within bool) (p problem.Problem, is bool) {
	for _, m := range magics {
		if (!m.readable || within && m.prefix[0] != '\xFF' && m.prefix[0] != '\xFE') && bytes.HasPrefix(start, []byte(m.prefix)) && bytes.Contains(start, []byte(m.within)) {
			return problem.Problem{What: m.what, Hint: m.hint}, true
		}
	}
	if _, marked := byteOrderMark(start); marked == 0 && unmarkedUTF16(start) == "" && bytes.IndexByte(start, 0) >= 0 && !utf8.Valid(start) {
		return problem.Problem{What: "seems to be a binary file, not a text file", Hint: hintBinary}, true
	}
	return problem.Problem{}, false
}
