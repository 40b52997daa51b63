package artifact

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Any files in pieces of any size come out as they went in, in memory and on
// disk, and nothing is left on disk.
func TestCollectorRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		dir := t.TempDir()
		c := NewCollector(dir)
		c.limit = int64(rng.IntN(2000))
		var want [][]byte
		for n := range rng.IntN(6) {
			body := make([]byte, rng.IntN(1200))
			for i := range body {
				body[i] = byte(rng.Uint32())
			}
			want = append(want, body)
			rest := body
			for {
				k := min(len(rest), rng.IntN(500))
				last := k == len(rest) && rng.IntN(2) == 0
				if err := c.Add(string(rune('a'+n)), "text/plain", rest[:k], last); err != nil {
					t.Fatal(err)
				}
				if rest = rest[k:]; last {
					break
				}
			}
		}
		files, err := c.Files()
		if err != nil || len(files) != len(want) {
			t.Fatalf("got %d files and error %v, want %d", len(files), err, len(want))
		}
		for i, f := range files {
			got, err := io.ReadAll(f.Content())
			if err != nil || !bytes.Equal(got, want[i]) || f.Size != int64(len(want[i])) || f.Sum != sha256.Sum256(want[i]) {
				t.Fatalf("file %s came out changed (error %v)", f.Name, err)
			}
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Fatalf("left behind: %v", left)
		}
	}
}

func TestCollectorSpillsToPrivateFile(t *testing.T) {
	c := NewCollector(t.TempDir())
	defer c.Close()
	c.limit = 10
	if err := c.Add("a", "", []byte("0123456789"), false); err != nil || c.disk != nil {
		t.Fatalf("on disk at the limit already, or error %v", err)
	}
	if err := c.Add("a", "", []byte("x"), true); err != nil || c.disk == nil {
		t.Fatalf("not on disk above the limit, or error %v", err)
	}
	if info, err := c.disk.Stat(); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("mode of the temporary file is %v (error %v), want nothing for others", info.Mode(), err)
	}
}

func TestCollectorRefuses(t *testing.T) {
	type piece struct {
		name string
		last bool
	}
	tests := []struct {
		pieces []piece
		want   string
	}{
		{[]piece{{"../evil", true}}, "cannot have this name"},
		{[]piece{{"a.md", true}, {"a.md", true}}, "comes twice"},
		{[]piece{{"a.md", true}, {"A.MD", true}}, "comes twice"},
		{[]piece{{"stra\u00dfe", true}, {"STRASSE", true}}, "comes twice"},
		{[]piece{{"caf\u00e9", true}, {"cafe\u0301", true}}, "comes twice"},
		{[]piece{{"a", false}, {"b", true}}, "before \"a\" is complete"},
		{[]piece{{"a", true}, {"A/b", true}}, "has another for its folder"},
		{[]piece{{"a/b/c", true}, {"a/B", true}}, "has the name of another's folder"},
	}
	for _, tt := range tests {
		c := NewCollector("")
		var err error
		for i, p := range tt.pieces {
			if err != nil {
				t.Fatalf("%v: piece %d refused too early: %v", tt.pieces, i, err)
			}
			err = c.Add(p.name, "", nil, p.last)
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, ErrSpool) {
			t.Errorf("%v: error %v, want one with %q", tt.pieces, err, tt.want)
		}
	}
}

func TestCollectorIncomplete(t *testing.T) {
	c := NewCollector("")
	if err := c.Add("a", "", []byte("x"), false); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Files(); err == nil {
		t.Error("Files of an incomplete artifact gave no error")
	}
}

func TestCollectorSpoolFault(t *testing.T) {
	c := NewCollector(filepath.Join(t.TempDir(), "missing"))
	c.limit = 1
	if err := c.Add("a", "", []byte("xx"), true); !errors.Is(err, ErrSpool) {
		t.Errorf("error %v, want ErrSpool", err)
	}
}
