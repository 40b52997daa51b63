package journal

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
)

// told reports whether an error is one that readers may give for bytes.
func told(err error) bool {
	return errors.As(err, new(*DamagedError)) || errors.As(err, new(*VersionError))
}

// sealed gives each line its sum, so that fuzzing gets beyond that.
func sealed(text []byte) []byte {
	return []byte(sum(strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")...))
}

func FuzzLog(f *testing.F) {
	f.Add([]byte(strings.Join([]string{logHead, runLine, intentA, settledA, `{"durable":5}`, intentB, `{"finished":"x"}`}, "\n")), true)
	f.Add([]byte(sum(logHead, runLine, intentA)+"00000000 {}\n"+sum(settledA, `{"durable":40}`)), false)
	f.Add([]byte(logHead+"\n"+`{"settled":"a","intent":"a"}`), true)
	f.Add([]byte{}, false)
	f.Fuzz(func(t *testing.T, text []byte, seal bool) {
		if seal {
			text = sealed(text)
		}
		read := func(text []byte) (logInfo, string, error) {
			var all bytes.Buffer
			info, err := scanLog("log", bytes.NewReader(text), func(l *logLine, text []byte) error {
				if (l.Intent == "") == (l.Settled == "") {
					t.Errorf("%+v is no record's", l)
				}
				all.Write(text)
				return nil
			})
			return info, all.String(), err
		}
		info, records, err := read(text)
		if err != nil {
			if !told(err) {
				t.Fatal(err)
			}
			return
		}
		if info.end > info.size || info.size != int64(len(text)) || info.end < info.size && info.begun && info.end == 0 {
			t.Fatalf("%+v of %d bytes", info, len(text))
		}
		// Without what is passed over it is the same.
		again, same, err := read(text[:info.end])
		info.size = info.end
		if err != nil || again != info || same != records {
			t.Fatalf("%+v and %+v, %v", info, again, err)
		}
	})
}

func FuzzSnapshot(f *testing.F) {
	f.Add([]byte(strings.Join(snapshotObjects, "\n")), true)
	f.Add([]byte(sum(snapshotObjects...)), false)
	f.Add([]byte{}, false)
	f.Fuzz(func(t *testing.T, text []byte, seal bool) {
		if seal {
			text = sealed(text)
		}
		s, err := readSnapshot("snapshot", bytes.NewReader(text))
		// What is read and written anew is read the same.
		var out []byte
		if err == nil {
			out = appendSnapshotHead(nil, s.generation, s.run)
		}
		last, more := "", false
		for err == nil {
			if more, err = s.next(); !more || err != nil {
				break
			}
			if s.entries > 1 && s.order <= last || s.order != record.Order(s.key) {
				t.Fatalf("%q comes after %q", s.order, last)
			}
			last = s.order
			var e Entry
			if e, err = s.entry(); err == nil {
				out = appendLine(out, func(b []byte) []byte { return appendEntry(b, s.key, e) })
			}
		}
		if err != nil {
			if !told(err) {
				t.Fatal(err)
			}
			return
		}
		out = appendSnapshotEnd(out, s.entries)
		again, err := readSnapshot("snapshot", bytes.NewReader(out))
		for more = err == nil; more && err == nil; {
			if more, err = again.next(); more {
				_, err = again.entry()
			}
		}
		if err != nil || again.entries != s.entries {
			t.Fatalf("written anew it is %v:\n%s", err, out)
		}
	})
}

// Lines longer than the reader's buffer, and without an end, are read in pieces.
func TestLines(t *testing.T) {
	long := `{"x":"` + strings.Repeat("y", 3*readSize) + `"}`
	text := sum(`{}`, long, `{}`)
	r := newLineReader(strings.NewReader(text + text[:len(text)-1]))
	var got []string
	for {
		l, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if l.number != len(got)+1 || l.offset != int64(len(text)*(len(got)/3))+[]int64{0, 12, 12 + int64(len(long)) + 10}[len(got)%3] {
			t.Errorf("line %d at %d", l.number, l.offset)
		}
		got = append(got, string(l.text))
	}
	if want := []string{`{}`, long, `{}`, `{}`, long, ``}; strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%d lines: %.200q", len(got), got)
	}
	// One that is longer than may be is bad, and is not held.
	huge := strings.Repeat("x", maxLine+1) + "\n" + text
	r = newLineReader(strings.NewReader(huge))
	if l, err := r.next(); err != nil || l.text != nil {
		t.Errorf("%.100v, %v", l, err)
	}
	if l, err := r.next(); err != nil || string(l.text) != `{}` || l.offset != maxLine+2 {
		t.Errorf("%.100v, %v", l, err)
	}
}
