package xlsx

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// archive is a zip archive whose files stand in a fixed order and have no time,
// whatever order they are made in: excelize takes its sheets as a map gives them. The
// compressed files wait in a temporary file.
type archive struct {
	to    io.Writer
	spool *os.File
	size  int64
	files []*entry
	err   error // of making the spool
}

// entry is one file of the archive, which may be the one that is being written.
type entry struct {
	zip.FileHeader
	at      int64 // in the spool
	sum     hash.Hash32
	archive *archive
	deflate *flate.Writer
}

func newArchive(to io.Writer) *archive {
	a := &archive{to: to}
	a.spool, a.err = os.CreateTemp("", "firstcall-*.zip")
	return a
}

// Create implements excelize.ZipWriter.
func (a *archive) Create(name string) (io.Writer, error) {
	if a.err != nil {
		return nil, a.err
	}
	if err := a.end(); err != nil {
		return nil, err
	}
	e := &entry{at: a.size, sum: crc32.NewIEEE(), archive: a}
	e.Name, e.Method = name, zip.Deflate
	var err error
	if e.deflate, err = flate.NewWriter(spooled{a}, flate.DefaultCompression); err != nil {
		return nil, err
	}
	a.files = append(a.files, e)
	return e, nil
}

// Write implements io.Writer.
func (e *entry) Write(b []byte) (int, error) {
	e.sum.Write(b)
	e.UncompressedSize64 += uint64(len(b))
	return e.deflate.Write(b)
}

// end completes the file that is being written, if any.
func (a *archive) end() error {
	if len(a.files) == 0 {
		return nil
	}
	e := a.files[len(a.files)-1]
	if e.deflate == nil {
		return nil
	}
	err := e.deflate.Close()
	e.deflate = nil
	e.CRC32, e.CompressedSize64 = e.sum.Sum32(), uint64(a.size-e.at)
	return err
}

// spooled appends to the spool.
type spooled struct{ *archive }

func (s spooled) Write(b []byte) (int, error) {
	n, err := s.spool.Write(b)
	s.size += int64(n)
	return n, err
}

// AddFS implements excelize.ZipWriter, which never calls it.
func (a *archive) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close implements excelize.ZipWriter: it writes the archive.
func (a *archive) Close() error {
	if a.err != nil {
		return a.err
	}
	defer os.Remove(a.spool.Name())
	defer a.spool.Close()
	if err := a.end(); err != nil {
		return err
	}
	// [Content_Types].xml comes first, which some programs tell a workbook by.
	slices.SortFunc(a.files, func(x, y *entry) int { return strings.Compare(x.Name, y.Name) })
	out := zip.NewWriter(a.to)
	for _, e := range a.files {
		w, err := out.CreateRaw(&e.FileHeader)
		if err != nil {
			return err
		}
		if _, err := io.Copy(w, io.NewSectionReader(a.spool, e.at, int64(e.CompressedSize64))); err != nil {
			return err
		}
	}
	return out.Close()
}
