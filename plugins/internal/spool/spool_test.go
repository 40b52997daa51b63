package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sort"
	"strings"
	"testing"
)

type item struct {
	order string
	value []byte
}

func mustAdd(t testing.TB, s *Sorter, items []item) {
	t.Helper()
	for _, it := range items {
		if err := s.Add(it.order, it.value); err != nil {
			t.Fatal(err)
		}
	}
}

func walk(t testing.TB, s *Sorter) []item {
	t.Helper()
	c, err := s.Cursor()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var out []item
	for {
		order, value, err := c.Next()
		if err == io.EOF {
			if _, _, err := c.Next(); err != io.EOF {
				t.Fatalf("after the end: %v", err)
			}
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, item{order, bytes.Clone(value)})
	}
}

// check sorts items with a Sorter and with the standard library.
func check(t testing.TB, items []item, limit int) *Sorter {
	t.Helper()
	s := New(t.(interface{ TempDir() string }).TempDir(), limit)
	t.Cleanup(func() { s.Close() })
	mustAdd(t, s, items)
	if s.Len() != len(items) {
		t.Fatalf("Len is %d, want %d", s.Len(), len(items))
	}
	want := slices.Clone(items)
	sort.SliceStable(want, func(i, j int) bool { return want[i].order < want[j].order })
	for range 2 { // a second walk is like the first
		got := walk(t, s)
		if len(got) != len(want) {
			t.Fatalf("%d items come out, want %d", len(got), len(want))
		}
		for i := range want {
			if got[i].order != want[i].order || !bytes.Equal(got[i].value, want[i].value) {
				t.Fatalf("limit %d: item %d is %.40q %.40q, want %.40q %.40q", limit, i, got[i].order, got[i].value, want[i].order, want[i].value)
			}
		}
	}
	return s
}

func randomItems(r *rand.Rand, n int) []item {
	items := make([]item, n)
	for i := range items {
		order := make([]byte, r.IntN(12))
		for k := range order {
			order[k] = "\x00a\xffb"[r.IntN(4)] // many are the same, or begin the same
		}
		items[i] = item{string(order), fmt.Append(nil, i, strings.Repeat("v", r.IntN(200)))}
	}
	return items
}

func TestLikeStableSort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, limit := range []int{1, 30, 100, 999, 5000, 1 << 20} {
		for _, n := range []int{0, 1, 2, 63, 64, 65, 66, 129, 1000} {
			check(t, randomItems(r, n), limit)
		}
	}
}

// With limit 1 every item is a run of its own: 5000 runs take several merges,
// and merges of what was merged.
func TestManyRuns(t *testing.T) {
	s := check(t, randomItems(rand.New(rand.NewPCG(3, 4)), 5000), 1)
	if len(s.runs) > maxRuns {
		t.Errorf("%d runs are left", len(s.runs))
	}
}

func TestInMemoryTouchesNoDisk(t *testing.T) {
	s := New(filepath.Join(t.TempDir(), "missing"), 0)
	mustAdd(t, s, randomItems(rand.New(rand.NewPCG(5, 6)), 5000))
	if got := walk(t, s); len(got) != 5000 || s.file != nil {
		t.Fatalf("%d items, file %v", len(got), s.file)
	}
}

func TestLargeValues(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789abcdef"), 2<<20) // 32 MiB
	items := []item{{"b", []byte("1")}, {"a", large}, {"b", large[:5<<20]}, {"a", nil}, {"", []byte("2")}}
	for _, limit := range []int{1 << 10, 64 << 20} {
		check(t, items, limit)
	}
}

func TestFileIsPrivate(t *testing.T) {
	dir := t.TempDir()
	s := New(dir, 10)
	mustAdd(t, s, []item{{"b", []byte("2")}, {"a", []byte("1")}})
	info, err := s.file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, FilePattern))
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "windows" {
		if len(left) != 1 {
			t.Errorf("files %v", left)
		}
	} else if info.Mode().Perm() != 0o600 || len(left) > 0 {
		t.Errorf("mode %v, files %v", info.Mode(), left)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("after Close: %v, %v", entries, err)
	}
}

func TestNoFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing")
	s := New(dir, 1)
	err := s.Add("a", []byte("1"))
	var file *FileError
	if !errors.As(err, &file) || file.Op != "make" || file.Dir != dir || file.Hint() == "" ||
		!errors.Is(err, ErrFile) || !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), dir) != 1 {
		t.Fatalf("%v", err)
	}
	if again := s.Add("b", nil); again != err {
		t.Errorf("then Add says %v", again)
	}
	if _, again := s.Cursor(); again != err {
		t.Errorf("then Cursor says %v", again)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestWrongUse(t *testing.T) {
	s := New("", 0)
	mustAdd(t, s, []item{{"a", nil}})
	c, err := s.Cursor()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Add("b", nil); err != errSorted {
		t.Errorf("adding after Cursor: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, _, err := c.Next(); err != errClosed {
		t.Errorf("Next after Close: %v", err)
	}
	if c, err = s.Cursor(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := c.Next(); err != errClosed {
		t.Errorf("Next after Close of the sorter: %v", err)
	}
	if _, err := s.Cursor(); err != errClosed {
		t.Errorf("Cursor after Close: %v", err)
	}
}

// A file that was cut or changed is an error, never an early end.
func TestDamagedFile(t *testing.T) {
	for name, damage := range map[string]func(*os.File) error{
		"cut":     func(f *os.File) error { return f.Truncate(300) },
		"zeroed":  func(f *os.File) error { return errors.Join(f.Truncate(300), f.Truncate(1<<20)) },
		"changed": func(f *os.File) error { _, err := f.WriteAt([]byte{0xff, 0xff, 0xff, 0x7f}, 0); return err },
	} {
		s := New(t.TempDir(), 200)
		defer s.Close()
		for i := range 100 {
			mustAdd(t, s, []item{{fmt.Sprintf("%03d", i), []byte("value")}})
		}
		walk(t, s)
		if err := damage(s.file); err != nil {
			t.Fatal(err)
		}
		c, err := s.Cursor()
		for err == nil {
			_, _, err = c.Next()
		}
		if !errors.Is(err, ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Memory must not grow with the number of items.
func TestMemoryIsBounded(t *testing.T) {
	const limit, n = 1 << 20, 200_000
	s := New(t.TempDir(), limit)
	defer s.Close()
	before := heap()
	value := make([]byte, 100)
	r := rand.New(rand.NewPCG(7, 8))
	for range n {
		if err := s.Add(fmt.Sprintf("%016x", r.Uint64()), value); err != nil {
			t.Fatal(err)
		}
	}
	if held := heap() - before; held > 4*limit {
		t.Errorf("%d bytes are held for %d items with limit %d", held, n, limit)
	}
	c, err := s.Cursor()
	if err != nil {
		t.Fatal(err)
	}
	if held := heap() - before; held > maxRuns*readBuffer+2*limit {
		t.Errorf("%d bytes are held for merging", held)
	}
	seen := 0
	for ; err == nil; seen++ {
		_, _, err = c.Next()
	}
	if err != io.EOF || seen != n+1 {
		t.Errorf("%d items, %v", seen-1, err)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// One item must not cost an allocation.
func TestAllocations(t *testing.T) {
	orders := make([]string, 10_000)
	for i := range orders {
		orders[i] = fmt.Sprintf("client%d/job/%d", i%7, i)
	}
	value := make([]byte, 300)
	allocs := testing.AllocsPerRun(3, func() {
		s := New("", 0)
		for _, order := range orders {
			if err := s.Add(order, value); err != nil {
				t.Fatal(err)
			}
		}
		s.sort()
	})
	if allocs > float64(len(orders))/50 {
		t.Errorf("%v allocations for %d items", allocs, len(orders))
	}
}

func FuzzSorter(f *testing.F) {
	f.Add([]byte("b\x00a\x00\x00ab\x00b"), uint16(1))
	f.Add([]byte("one\x00two\x00one\x00three"), uint16(60))
	f.Fuzz(func(t *testing.T, text []byte, limit uint16) {
		var items []item
		for i, order := range bytes.Split(text, []byte{0}) {
			items = append(items, item{string(order), bytes.Repeat([]byte{byte(i)}, i%50)})
		}
		check(t, items, int(limit)+1)
	})
}

// Whatever is in the file, reading it ends, and never takes memory for more
// than is there.
func FuzzMerge(f *testing.F) {
	f.Add([]byte("\x01\x01ab\x01\x00c\x01\x01aX"), uint8(7))
	f.Add([]byte("\xff\xff\xff\xff\x0f\x00"), uint8(0))
	f.Fuzz(func(t *testing.T, file []byte, at uint8) {
		cut := min(int64(at), int64(len(file)))
		m, err := newMerge(bytes.NewReader(file), []span{{0, cut}, {cut, int64(len(file))}})
		size := 0
		for err == nil {
			var order, value []byte
			order, value, err = m.next()
			if err == nil {
				size += len(order) + len(value) + 2
			}
		}
		if size > len(file) {
			t.Errorf("%d bytes out of %d", size, len(file))
		}
	})
}

func BenchmarkSorter(b *testing.B) {
	const n = 100_000
	orders := make([]string, n)
	r := rand.New(rand.NewPCG(9, 10))
	for i := range orders {
		orders[i] = fmt.Sprintf("client%d\x00job\x00client%d/job/%d", i%50, i%50, r.Uint64())
	}
	for _, size := range []int{100, 2000} {
		value := make([]byte, size)
		for name, limit := range map[string]int{"memory": 1 << 30, "disk": 8 << 20} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				b.SetBytes(n * int64(size+len(orders[0])))
				b.ReportAllocs()
				for b.Loop() {
					s := New(b.TempDir(), limit)
					for _, order := range orders {
						if err := s.Add(order, value); err != nil {
							b.Fatal(err)
						}
					}
					c, err := s.Cursor()
					for err == nil {
						_, _, err = c.Next()
					}
					if err != io.EOF {
						b.Fatal(err)
					}
					s.Close()
				}
			})
		}
	}
}
