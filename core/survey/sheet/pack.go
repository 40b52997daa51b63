package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// How long the parts of a workbook may be. Inflated data is at most about a
// thousand times as long as what is stored, and so is the time it takes: a
// part beyond freeSize may therefore be at most maxRatio times as long as it
// is in the file. Sheets of answers come to 10 to 50 times.
const (
	maxDirectory  = 4 << 20 // bytes that list the parts of the workbook
	maxSmallPart  = 16 << 20
	maxStylePart  = 64 << 20
	maxSharedPart = 2 << 30
	maxSheetPart  = 16 << 30
	freeSize      = 64 << 20
	maxRatio      = 250
)

// source is the file behind a workbook. It keeps the error that reading the
// file ended with, so that it can be told from one in the workbook.
type source struct {
	src  io.ReaderAt
	size int64
	left int // bytes that may still be read; negative for any number
	err  error
}

var errDirectory = errors.New("the list of parts is too long")

func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if s.left >= 0 {
		if len(p) > s.left {
			return 0, errDirectory
		}
		s.left -= len(p)
	}
	if off < 0 || off > s.size {
		// Only what the archive says leads there.
		return 0, io.ErrUnexpectedEOF
	}
	n, err := s.src.ReadAt(p, off)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// pack is the zip archive that a workbook is.
type pack struct {
	name string // as the user calls the file
	src  *source
	size int64
	zip  *zip.Reader
}

// openPack opens the archive, and says what the file is when it is no
// workbook.
func openPack(name string, src io.ReaderAt, size int64) (*pack, error) {
	p := &pack{name: name, src: &source{src: src, size: size, left: -1}, size: size}
	start := make([]byte, min(size, 4096))
	if n, err := p.src.ReadAt(start, 0); n < len(start) {
		if p.src.err == nil {
			p.src.err = cmpErr(err, io.ErrUnexpectedEOF)
		}
		return nil, p.located("", p.src.err)
	}
	if !bytes.HasPrefix(start, []byte("PK")) {
		return nil, p.foreignFile(start)
	}
	// archive/zip keeps the whole list in memory.
	p.src.left = maxDirectory
	archive, err := zip.NewReader(p.src, size)
	p.src.left = -1
	if errors.Is(err, errDirectory) {
		return nil, p.fault("", "lists more parts than a workbook has", hintRight)
	}
	if err != nil && archive == nil {
		return nil, p.located("", cmpErr(p.src.err, err))
	}
	p.zip = archive
	return p, nil
}

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// find returns the part with a name, in any case, or nil.
func (p *pack) find(name string) *zip.File {
	for _, f := range p.zip.File {
		if strings.EqualFold(partName(f.Name), name) {
			return f
		}
	}
	return nil
}

// partName is the name of a part as all programs should write it.
func partName(name string) string {
	return strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/")
}

// target is the name of the part that a relationship points to from a part.
func target(from, to string) string {
	if plain, err := url.PathUnescape(to); err == nil {
		to = plain
	}
	to = strings.ReplaceAll(to, `\`, "/")
	if !strings.HasPrefix(to, "/") {
		to = path.Join(path.Dir(from), to)
	}
	return partName(path.Clean(to))
}

// relation is how one part points to another.
type relation struct {
	id, kind, target string
}

// is reports whether the relation is of a kind such as "worksheet". The
// addresses that name it differ between the two flavors of the format but for
// their end.
func (r relation) is(kind string) bool { return strings.HasSuffix(r.kind, "/"+kind) }

// relations reads where a part points to, "" for the whole package. There are
// none when the workbook lacks the list.
func (p *pack) relations(from string) ([]relation, error) {
	f := p.find(path.Join(path.Dir(from), "_rels", path.Base("/"+from)+".rels"))
	if from == "" {
		f = p.find("_rels/.rels")
	}
	if f == nil {
		return nil, nil
	}
	var all []relation
	err := p.scan(f, "Relationships", maxSmallPart, func(s *scanner) error {
		return s.each("Relationships", func() error {
			r := relation{}
			a := s.attrs
			id, err1 := a.get("Id")
			kind, err2 := a.get("Type")
			to, err3 := a.get("Target")
			mode, err4 := a.get("TargetMode")
			if err := errors.Join(err1, err2, err3, err4); err != nil {
				return brokenTag
			}
			r = relation{id, kind, target(from, to)}
			if mode != "External" && (r.is("officeDocument") || r.is("sharedStrings") || r.is("styles") || strings.HasSuffix(kind, "sheet")) {
				if all = append(all, r); len(all) > 2*MaxSheets {
					return errManySheets
				}
			}
			return s.skip()
		})
	})
	return all, err
}

// scan opens a part, takes its first tag, which must have the name given, calls
// do and reads the part to its end, which is what has its checksum looked at.
// An error says which part it is in.
func (p *pack) scan(f *zip.File, root string, limit int64, do func(s *scanner) error) error {
	part, err := p.open(f, limit)
	if err != nil {
		return err
	}
	var s scanner
	s.reset(part)
	if err = s.root(root); err == nil {
		err = do(&s)
	}
	if err == nil {
		err = part.drain()
	}
	if err := part.Close(); err != nil {
		return p.located(f.Name, err)
	}
	return p.located(f.Name, err)
}

// part is the text of one part, in UTF-8.
type part struct {
	io.Reader
	file io.ReadCloser
	left int64 // bytes that may still come
}

// open opens a part that may have up to limit bytes.
func (p *pack) open(f *zip.File, limit int64) (*part, error) {
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return nil, p.fault("", "is encrypted with a password", hintPassword)
	}
	file, err := f.Open()
	if err != nil {
		return nil, p.located(f.Name, cmpErr(p.src.err, err))
	}
	stored := int64(min(f.CompressedSize64, uint64(p.size)))
	part := &part{file: file, left: min(limit, max(freeSize, maxRatio*stored))}
	buffered := bufio.NewReaderSize(limited{part}, 4096)
	part.Reader = buffered
	start, err := buffered.Peek(256)
	if err != nil && err != io.EOF {
		return nil, errors.Join(p.located(f.Name, cmpErr(p.src.err, err)), file.Close())
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xEF\xBB\xBF")):
		_, err = buffered.Discard(3)
	case bytes.HasPrefix(start, []byte("\xFF\xFE")), bytes.HasPrefix(start, []byte("<\x00")):
		part.Reader = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(buffered)
	case bytes.HasPrefix(start, []byte("\xFE\xFF")), bytes.HasPrefix(start, []byte("\x00<")):
		part.Reader = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(buffered)
	default:
		err = checkEncoding(start)
	}
	if err != nil && err != io.EOF {
		return nil, errors.Join(p.located(f.Name, err), file.Close())
	}
	return part, nil
}

// checkEncoding looks at the XML declaration: workbooks are in UTF-8 or
// UTF-16, and a text in anything else would be misread.
func checkEncoding(start []byte) error {
	declaration, _, _ := bytes.Cut(start, []byte("?>"))
	if !bytes.HasPrefix(declaration, []byte("<?xml")) {
		return nil
	}
	_, after, ok := bytes.Cut(declaration, []byte("encoding"))
	after = bytes.TrimLeft(after, "= \t\r\n")
	if !ok || len(after) == 0 {
		return nil
	}
	name, _, _ := bytes.Cut(after[1:], after[:1])
	switch strings.ToLower(string(name)) {
	case "utf-8", "utf8", "us-ascii":
		return nil
	}
	return broken("its encoding is not UTF-8")
}

// limited reads a part within its limit.
type limited struct{ p *part }

var errPartTooLong = errors.New("inflates to more than a workbook has")

func (l limited) Read(b []byte) (int, error) {
	if l.p.left == 0 {
		return 0, errPartTooLong
	}
	n, err := l.p.file.Read(b[:min(int64(len(b)), l.p.left)])
	l.p.left -= int64(n)
	return n, err
}

// drain reads a part to its end.
func (p *part) drain() error {
	_, err := io.Copy(io.Discard, p.Reader)
	return err
}

// Close closes the part.
func (p *part) Close() error { return p.file.Close() }

// located makes a fault in a part, "" for the whole file, an error for the
// user: a problem.Problem, or the error of the source, wrapped. It passes on
// nil and what is a problem already.
func (p *pack) located(partName string, err error) error {
	if err == nil || isProblem(err) {
		return err
	}
	if p.src.err != nil {
		return fmt.Errorf("read %s: %w", p.name, p.src.err)
	}
	what, hint := describe(err)
	if partName != "" {
		partName = printable(partName)
	}
	return p.fault(partName, what, hint)
}

// damaged reports whether an error of archive/zip or compress/flate is about
// the bytes of the file.
func damaged(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt) || errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrChecksum) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}
