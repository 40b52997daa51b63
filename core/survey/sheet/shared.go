package sheet

import "archive/zip"

// shared are the texts that cells share, one after the other in blocks. One
// piece that grows would take three times the memory while it is moved.
type shared struct {
	blocks [][]byte
	ends   []uint32 // where each text ends: number of the block and offset in it
	bytes  int
}

// A block holds any text, and is never filled to its end, so that an offset
// in it takes blockBits.
const (
	blockBits = 22
	blockSize = 1 << blockBits
)

// readShared reads the shared texts, up to a number of bytes and texts; f is
// nil when there are none.
func readShared(p *pack, f *zip.File, bytes, texts int) (*shared, error) {
	sh := &shared{}
	if f == nil {
		return sh, nil
	}
	var text []byte
	err := p.scan(f, "sst", maxSharedPart, func(s *scanner) error {
		return s.each("sst", func() error {
			if string(s.name) != "si" {
				return s.skip()
			}
			var err error
			if text, err = s.appendRich(text[:0], "si"); err != nil {
				return err
			}
			sh.add(text)
			switch {
			case sh.bytes > bytes:
				return errMuchShared
			case len(sh.ends) > texts:
				return errManyTexts
			}
			return nil
		})
	})
	return sh, err
}

// add keeps a text, which is at most MaxCell long.
func (sh *shared) add(text []byte) {
	last := len(sh.blocks) - 1
	if last < 0 || len(sh.blocks[last])+len(text) >= blockSize {
		sh.blocks = append(sh.blocks, make([]byte, 0, blockSize))
		last++
	}
	sh.blocks[last] = append(sh.blocks[last], text...)
	sh.ends = append(sh.ends, uint32(last<<blockBits|len(sh.blocks[last])))
	sh.bytes += len(text)
}

// get returns the text with a number, counted from 0. It is not ok when there
// is none.
func (sh *shared) get(i int) (text []byte, ok bool) {
	if i < 0 || i >= len(sh.ends) {
		return nil, false
	}
	end := sh.ends[i]
	start := end &^ (blockSize - 1) // the first of its block
	if i > 0 {
		start = max(start, sh.ends[i-1])
	}
	block := sh.blocks[end>>blockBits]
	from, to := start%blockSize, end%blockSize
	return block[from:to:to], true
}
