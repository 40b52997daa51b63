package journal

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"

	"github.com/go-json-experiment/json"
)

// maxHead is more than the first lines of a log ever take, those from before
// anything is written about a record.
const maxHead = 4 << 10

// logInfo is what a log says as a whole.
type logInfo struct {
	exists  bool
	begun   bool   // it has its first line
	follows uint64 // generation of the snapshot
	run     run    // the last in it; zero: none
	records int    // intents and settlements
	end     int64  // of the last good line, in bytes
	size    int64
}

// readLog reads a log and hands on intents and settlements. What a crash left
// at its end is passed over.
func readLog(path string, each func(*logLine, []byte) error) (logInfo, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return logInfo{}, nil
	}
	if err != nil {
		return logInfo{}, err
	}
	defer file.Close()
	info, err := scanLog(path, file, each)
	info.exists = true
	return info, err
}

func scanLog(path string, in io.Reader, each func(*logLine, []byte) error) (info logInfo, err error) {
	lines := newLineReader(in)
	var bad line // the first that is
	for {
		raw, err := lines.next()
		info.size = lines.offset
		if err == io.EOF {
			return info, noHead(path, &info)
		}
		if err != nil {
			return info, err
		}
		if raw.text == nil {
			if bad.number == 0 {
				bad = raw
			}
			continue
		}
		var l logLine
		if err := json.Unmarshal(raw.text, &l); err != nil {
			return info, &DamagedError{path, raw.number, wasChanged}
		}
		if bad.number > 0 {
			// All that is of interest now is whether the bad line was to last.
			// The first was, once anything is there that tells of a record.
			if l.Durable > bad.offset || !info.begun && l.Run == "" {
				return info, &DamagedError{path, bad.number, wasChanged}
			}
			continue
		}
		if err := info.take(path, raw, &l, each); err != nil {
			return info, err
		}
		info.end = lines.offset
	}
}

// noHead judges a log without its first line that tells of no record: it may have
// been cut off while it was begun anew, and is not long then.
func noHead(path string, info *logInfo) error {
	if !info.begun && info.size > maxHead {
		return &DamagedError{path, 1, wasChanged}
	}
	return nil
}

// take takes in one good line.
func (info *logInfo) take(path string, raw line, l *logLine, each func(*logLine, []byte) error) error {
	damaged := &DamagedError{path, raw.number, wasChanged}
	if !info.begun {
		if l.Log > version {
			return &VersionError{path, l.Log}
		}
		if l.Log < 1 {
			return damaged
		}
		info.begun, info.follows = true, l.Follows
		return nil
	}
	switch {
	case !l.one():
		return damaged
	case l.Run != "" && l.Attempt > 0:
		info.run = run{id: l.Run, attempt: l.Attempt}
	case l.Finished != "" && l.Finished == info.run.id:
		info.run.finished = true
	case l.Durable > 0 && l.Durable <= raw.offset:
	case l.Intent != "" && checkTexts(l.Intent) == nil,
		l.Settled != "" && checkTexts(l.Settled) == nil && (acknowledges[l.Status] && l.Revision != "" || clears[l.Status]):
		info.records++
		return each(l, raw.text)
	default:
		return damaged
	}
	return nil
}

// logFile is the log while a run adds to it.
type logFile struct {
	disk *disk
	file *os.File

	syncing sync.Mutex // held during a sync, by one of those who wait for it

	writing sync.Mutex // guards what follows
	size    int64
	synced  int64 // up to where the system keeps it
	marked  int64 // up to where a line says so
	buf     []byte
	failed  error
}

// openLog opens a log, whose good part ends at size.
func openLog(d *disk, path string, size int64) (*logFile, error) {
	f, err := d.open(path, os.O_APPEND)
	if err != nil {
		return nil, err
	}
	return &logFile{disk: d, file: f, size: size}, nil
}

// add writes lines in one piece and returns where they end.
func (l *logFile) add(fill func([]byte) ([]byte, error)) (end int64, err error) {
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.failed != nil {
		return 0, l.failed
	}
	buf, err := fill(l.buf[:0])
	if err != nil {
		return 0, err
	}
	// Last, so that a line end that is lost takes one of the two with it, the
	// line before or this one, and not both.
	if l.synced > l.marked {
		buf = appendDurable(buf, l.synced)
	}
	if l.buf = buf; cap(buf) > 1<<20 {
		l.buf = nil
	}
	if err := l.disk.write(l.file, buf); err != nil {
		l.failed = err
		return 0, err
	}
	l.size += int64(len(buf))
	l.marked = l.synced
	return l.size, nil
}

// sync returns when everything up to end lasts.
func (l *logFile) sync(end int64) error {
	l.syncing.Lock()
	defer l.syncing.Unlock()
	size, err := l.state(end)
	if err != nil || size == 0 {
		return err
	}
	err = l.disk.sync(l.file)
	l.writing.Lock()
	defer l.writing.Unlock()
	if err != nil {
		l.failed = err
		return err
	}
	l.synced = size
	return nil
}

// state returns how much there is to sync, 0 when end lasts already.
func (l *logFile) state(end int64) (int64, error) {
	l.writing.Lock()
	defer l.writing.Unlock()
	switch {
	case l.synced >= end && end > 0:
		return 0, nil
	case l.failed != nil:
		return 0, l.failed
	}
	return l.size, nil
}

// syncAll returns when everything that was added lasts.
func (l *logFile) syncAll() error {
	l.writing.Lock()
	size, failed := l.size, l.failed
	l.writing.Unlock()
	if failed != nil {
		return failed
	}
	return l.sync(size)
}

func (l *logFile) close() error {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.failed = errClosed
	return l.file.Close()
}
