package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// Whatever single bit is changed, whatever byte is taken out or put in and
// wherever the file ends, it is noticed.
func TestEveryByte(t *testing.T) {
	_, text := written(t, 3)
	notice := func(what string, at int, changed []byte) {
		t.Helper()
		c, err := parse("x", changed, testKey)
		if err == nil || c != nil {
			t.Fatalf("%s at byte %d (%.20q) is not noticed", what, at, text[max(0, at-10):])
		}
		// In a line of a release it is told which.
		line := 1 + bytes.Count(text[:at], []byte("\n"))
		var e *TamperedError
		if line > 1 && what != "end" && (!errors.As(err, &e) || e.Line > line+1 || e.Line < line) {
			t.Fatalf("%s at byte %d, line %d: %v", what, at, line, err)
		}
	}
	for i := range text {
		for bit := range 8 {
			changed := bytes.Clone(text)
			changed[i] ^= 1 << bit
			notice("flip", i, changed)
		}
		notice("removal", i, slices.Delete(bytes.Clone(text), i, i+1))
		notice("end", i, text[:i])
		for _, b := range []byte(" 0\n\x00") {
			notice("insertion", i, slices.Insert(bytes.Clone(text), i, b))
		}
	}
	for _, tail := range []string{" ", "\n", "{}", "{}\n", "x\n"} {
		if _, err := parse("x", append(bytes.Clone(text), tail...), testKey); err == nil {
			t.Errorf("%q at the end is not noticed", tail)
		}
	}
}

func TestLinesTampered(t *testing.T) {
	path, text := written(t, 4)
	lines := slices.Collect(strings.Lines(string(text)))
	_, foreign := written(t, 4)
	others := slices.Collect(strings.Lines(string(foreign)))
	tests := []struct {
		name  string
		lines []string
		line  int
		what  string
	}{
		{"reordered", []string{lines[0], lines[1], lines[3], lines[2], lines[4]}, 3, "was changed"},
		{"removed in the middle", []string{lines[0], lines[1], lines[3], lines[4]}, 3, "taken out"},
		{"removed at the start", []string{lines[0], lines[2], lines[3], lines[4]}, 2, "taken out"},
		{"removed at the end", lines[:4], 5, "cut off"},
		{"all removed", lines[:1], 2, "cut off"},
		{"doubled", []string{lines[0], lines[1], lines[1], lines[2], lines[3], lines[4]}, 3, "was changed"},
		{"last doubled", append(slices.Clone(lines), lines[4]), 6, "was changed"},
		{"of another ledger", []string{lines[0], lines[1], others[2], lines[3], lines[4]}, 3, "was changed"},
		{"all of another ledger", append([]string{lines[0]}, others[1:]...), 2, "was changed"},
		{"header in the middle", []string{lines[0], lines[0], lines[1], lines[2], lines[3], lines[4]}, 2, "was changed"},
		{"windows line ends", strings.SplitAfter(strings.ReplaceAll(string(text), "\n", "\r\n"), "\n"), 1, "was changed"},
		{"blank line", []string{lines[0], "\n", lines[1], lines[2], lines[3], lines[4]}, 2, "was changed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(strings.Join(tt.lines, "")), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), path, testKey)
			var e *TamperedError
			if !errors.As(err, &e) || e.File != path || e.Line != tt.line || !strings.Contains(e.What, tt.what) {
				t.Errorf("%v, want line %d %s", err, tt.line, tt.what)
			}
		})
	}
}

// The header of one later state does not go with the lines of another, though
// both are genuine and go on from the same.
func TestForked(t *testing.T) {
	path, base := written(t, 1)
	fork := func(n int64, more int) []string {
		if err := os.WriteFile(path, base, 0o600); err != nil {
			t.Fatal(err)
		}
		l := mustOpen(t, path)
		for i := range more {
			mustAdd(t, l, release("fork", n+int64(i)), "")
		}
		mustSave(t, l)
		_ = l.Close()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Collect(strings.Lines(string(text)))
	}
	a, b, longer := fork(20, 1), fork(30, 1), fork(20, 2)
	for _, lines := range [][]string{
		{a[0], b[1], b[2]},
		{a[0], longer[1], longer[2], longer[3]},
		{longer[0], a[1], a[2]},
	} {
		var e *TamperedError
		if _, err := parse("x", []byte(strings.Join(lines, "")), testKey); !errors.As(err, &e) {
			t.Errorf("%v", err)
		}
	}
	// What the package comment says can't be noticed.
	if _, err := parse("x", base, testKey); err != nil {
		t.Errorf("an older whole file: %v", err)
	}
}

func TestWrongKey(t *testing.T) {
	for n := range 3 {
		path, text := written(t, n+1)
		wrong := newKey([]byte("sixteen and more bytes of Secret"))
		if _, err := Open(t.Context(), path, wrong); !errors.Is(err, ErrWrongKey) || !strings.HasPrefix(err.Error(), path+": was written with another key") {
			t.Errorf("%v", err)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, text) {
			t.Error("the file was changed")
		}
		if _, err := Open(t.Context(), path, Key{}); !errors.Is(err, ErrNoKey) {
			t.Errorf("%v", err)
		}
	}
	// A changed id is no wrong key when there is a release to tell by.
	_, text := written(t, 2)
	at := bytes.Index(text, []byte(`"id":"`)) + 6
	text[at] ^= 1
	var e *TamperedError
	if _, err := parse("x", text, testKey); !errors.As(err, &e) || e.Line != 1 {
		t.Errorf("%v", err)
	}
}

func TestNotLedger(t *testing.T) {
	dir := t.TempDir()
	for i, text := range []string{"", "\n", "a,b\n1,2\n", "{}\n", "null\n", "[]\n", `{"ledger":"other/1"}` + "\n", `{"ledger":1}` + "\n", "\x00\xff"} {
		path := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), path, testKey); !errors.Is(err, ErrNotLedger) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Open(t.Context(), dir, testKey); err == nil {
		t.Error("a folder is opened")
	}
	if _, err := Open(t.Context(), filepath.Join(dir, "none", "x"), testKey); !errors.Is(err, os.ErrNotExist) || strings.Count(err.Error(), "none") != 1 {
		t.Errorf("%v", err)
	}
}

func TestVersions(t *testing.T) {
	_, text := written(t, 1)
	for _, v := range []string{"firstcall-ledger/2", "firstcall-ledger/10", "firstcall-ledger/1.1", "firstcall-ledger/"} {
		changed := bytes.Replace(text, []byte(version), []byte(v), 1)
		var e *VersionError
		if _, err := parse("x", changed, testKey); !errors.As(err, &e) || e.Version != v {
			t.Errorf("%s: %v", v, err)
		}
	}
}

// A later version may write more into a line. This one passes over it, keeps
// it, and notices when it is changed.
func TestUnknownMembers(t *testing.T) {
	path, _ := written(t, 1)
	l := mustOpen(t, path)
	last := l.contents.lines[0]
	object, _, _ := sealed(last)
	more := bytes.Replace(object, []byte(`{"release":{`), []byte(`{"later":[1],"release":{"later":{"a":2},`), 1)
	line, digest := seal(testKey, forLine, l.contents.check, append(more, '}'))
	l.contents.lines, l.contents.last, l.added = [][]byte{line}, digest, true
	mustSave(t, l)
	_ = l.Close()

	l = mustOpen(t, path)
	mustAdd(t, l, release("next", 8), "")
	mustSave(t, l)
	_ = l.Close()
	if n := len(mustOpen(t, path).Releases()); n != 2 {
		t.Errorf("%d releases", n)
	}
	text, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(text, append(line, '\n')) {
		t.Errorf("%v\n%s", err, text)
	}
	changed := bytes.Replace(text, []byte(`{"later":[1]`), []byte(`{"later":[2]`), 1)
	var e *TamperedError
	if _, err := parse("x", changed, testKey); !errors.As(err, &e) || e.Line != 2 {
		t.Errorf("%v", err)
	}
}

// Whoever has the key but not this program may write what makes no sense.
func signed(lines ...string) []byte {
	c := newContents("id", testKey)
	for _, object := range lines {
		line, digest := seal(testKey, forLine, c.last, []byte(object))
		c.lines, c.last = append(c.lines, line), digest
	}
	head, err := c.header(testKey)
	if err != nil {
		panic(err)
	}
	var b bytes.Buffer
	_ = writeLines(&b, head, c.lines)
	return b.Bytes()
}

func TestSignedNonsense(t *testing.T) {
	for _, object := range []string{"{}", `{"release":null}`, `{"release":{},"release":{}}`, "[", `{"release":[]}`,
		`{"release":{"cells":[{"figures":[null]}]}}`, `{"release":{"measures":["a"]}}`, `{"release":{"cells":[{"by":["a"],"figures":[]}]}}`, `{"release":{"name":"` + "\xff" + `"}}`} {
		_, err := parse("x", signed(object), testKey)
		if err == nil || !strings.HasPrefix(err.Error(), "x:2: can't be read") {
			t.Errorf("%s: %v", object, err)
		}
	}
	if _, err := parse("x", signed(`{"release":{}}`), testKey); err != nil {
		t.Error(err)
	}
}

func TestTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some hundred megabytes")
	}
	long := release("r", 5)
	long.Client = strings.Repeat("x", MaxLine)
	l := mustOpen(t, filepath.Join(t.TempDir(), "x"))
	if added, err := l.Add(long, nil); added || !errors.Is(err, errTooLarge) || err.Error() != "ledger "+l.name+": is larger than a ledger may be" {
		t.Errorf("added %t, %v", added, err)
	}
	mustAdd(t, l, release("r", 5), "") // and it is as usable as before
	var e *TamperedError
	if _, err := parse("x", append(append(signed(), long.Client...), "x\n"...), testKey); !errors.As(err, &e) || e.Line != 2 {
		t.Errorf("%.200v", err)
	}
}

func FuzzOpen(f *testing.F) {
	// Only what was written is ever accepted: who fuzzes hasn't the key, though
	// this program has.
	whole := map[string]bool{}
	for n := range 3 {
		var objects []string
		for i := range n {
			object, err := json.Marshal(entry{Release: release("r", int64(5+i))})
			if err != nil {
				f.Fatal(err)
			}
			objects = append(objects, string(object))
		}
		text := signed(objects...) // with one id, since workers make their own
		whole[string(text)] = true
		f.Add(text)
		f.Add(text[:len(text)-1])
		f.Add(bytes.ReplaceAll(text, []byte(version), []byte(family+"2")))
	}
	f.Add([]byte("{\"ledger\":\"firstcall-ledger/1\"}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parse("x", text, testKey)
		if (err == nil) != whole[string(text)] || (c == nil) != (err != nil) {
			t.Errorf("%v\n%s", err, text)
		}
	})
}

// FuzzSigned looks behind the digests.
func FuzzSigned(f *testing.F) {
	_, text := written(f, 1)
	object, _, _ := sealed(bytes.TrimSpace(bytes.SplitAfter(text, []byte("\n"))[1]))
	f.Add(string(object) + "}")
	f.Add(`{"release":{"cells":[{"figures":[null]}]}}`)
	f.Fuzz(func(t *testing.T, object string) {
		c, err := parse("x", signed(object), testKey)
		if err != nil {
			return
		}
		for _, rel := range c.releases {
			if err := checkShape(rel); err != nil {
				t.Errorf("%v: %s", err, object)
			}
		}
	})
}
