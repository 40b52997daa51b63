package artifact

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"runtime"
	"strings"
)

// spoolBytes is how much is kept in memory before a temporary file is used.
const spoolBytes = 8 << 20

// File is a complete file that an exporter made.
type File struct {
	Name      string // checked: see CheckName
	MediaType string // as the exporter says; may be empty
	Size      int64
	Sum       [sha256.Size]byte // of the content

	content io.ReaderAt
	offset  int64
}

// Content returns a reader of the whole file. It is good until the Collector
// is closed.
func (f File) Content() io.Reader { return io.NewSectionReader(f.content, f.offset, f.Size) }

// NewFile makes a File of bytes in memory.
func NewFile(name, mediaType string, body []byte) File {
	return File{
		Name: name, MediaType: mediaType, Size: int64(len(body)), Sum: sha256.Sum256(body),
		content: bytes.NewReader(body),
	}
}

// Collector puts files together from pieces and refuses what breaks the rules
// of exporter.proto. What it holds is in memory at first and in a private
// temporary file when it grows.
type Collector struct {
	tempDir string
	limit   int64 // spoolBytes but in tests

	files   []File
	names   map[string]bool // folded names of files
	parents map[string]bool // folded names of the folders that files are in

	current *File // the file whose pieces are coming
	sum     hash.Hash

	memory []byte
	disk   *os.File
	size   int64
}

// NewCollector returns a Collector whose temporary file, if it needs one, is
// in tempDir ("" is os.TempDir). Close it.
func NewCollector(tempDir string) *Collector {
	return &Collector{tempDir: tempDir, limit: spoolBytes, names: map[string]bool{}, parents: map[string]bool{}}
}

// ErrSpool is wrapped by errors of the temporary file, which are not the fault
// of the exporter.
var ErrSpool = errors.New("collecting the files failed")

// Add takes one piece. The error says what rule it breaks, or wraps ErrSpool.
func (c *Collector) Add(name, mediaType string, chunk []byte, last bool) error {
	if c.current == nil {
		if err := c.begin(name, mediaType); err != nil {
			return err
		}
	}
	if name != c.current.Name {
		return fmt.Errorf("artifact %q begins before %q is complete", name, c.current.Name)
	}
	if err := c.write(chunk); err != nil {
		return fmt.Errorf("%w: %w", ErrSpool, err)
	}
	_, _ = c.sum.Write(chunk)
	if last {
		f := c.current
		f.Size = c.size - f.offset
		c.sum.Sum(f.Sum[:0])
		c.files = append(c.files, *f)
		c.current = nil
	}
	return nil
}

func (c *Collector) begin(name, mediaType string) error {
	if err := CheckName(name); err != nil {
		return fmt.Errorf("artifact %q cannot have this name: %w", name, err)
	}
	folded := fold(name)
	switch {
	case c.names[folded]:
		return fmt.Errorf("artifact %q comes twice, or differs from another in upper and lower case only", name)
	case c.parents[folded]:
		return fmt.Errorf("artifact %q has the name of another's folder", name)
	}
	for at := strings.LastIndexByte(folded, '/'); at >= 0; at = strings.LastIndexByte(folded[:at], '/') {
		if c.names[folded[:at]] {
			return fmt.Errorf("artifact %q has another for its folder", name)
		}
		c.parents[folded[:at]] = true
	}
	c.names[folded] = true
	c.current = &File{Name: name, MediaType: mediaType, offset: c.size}
	c.sum = sha256.New()
	return nil
}

func (c *Collector) write(chunk []byte) error {
	if c.disk == nil && c.size+int64(len(chunk)) > c.limit {
		if err := c.spill(); err != nil {
			return err
		}
	}
	if c.disk == nil {
		c.memory = append(c.memory, chunk...)
	} else if _, err := c.disk.Write(chunk); err != nil {
		return err
	}
	c.size += int64(len(chunk))
	return nil
}

// spill moves everything to a temporary file that only its owner can read.
func (c *Collector) spill() error {
	f, err := os.CreateTemp(c.tempDir, "firstcall-spool-")
	if err != nil {
		return err
	}
	c.disk = f
	if runtime.GOOS != "windows" {
		// Without a name it is gone with this process, however that ends.
		if err := os.Remove(f.Name()); err != nil {
			return err
		}
	}
	_, err = f.Write(c.memory)
	c.memory = nil
	return err
}

// Files returns the files in the order they came. The error names the one that
// is not complete.
func (c *Collector) Files() ([]File, error) {
	if c.current != nil {
		return nil, fmt.Errorf("artifact %q is not complete", c.current.Name)
	}
	content := io.ReaderAt(c.disk)
	if c.disk == nil {
		content = bytes.NewReader(c.memory)
	}
	for i := range c.files {
		c.files[i].content = content
	}
	return c.files, nil
}

// Close frees what the Collector holds; its files cannot be read any more.
func (c *Collector) Close() error {
	c.memory = nil
	if c.disk == nil {
		return nil
	}
	err := c.disk.Close()
	if runtime.GOOS == "windows" {
		err = errors.Join(err, os.Remove(c.disk.Name()))
	}
	return err
}
