package journal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestFolderNames(t *testing.T) {
	portable := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{20}$|^[0-9a-f]{20}$`)
	seen := map[string]string{}
	for _, id := range []string{
		"147", "Portal 147", "portal 147", "PORTAL-147", "https://crm.example.com/acme?x=1", "../../etc/passwd", "..", ".", "/", `\`, "CON", "con", "nul.txt",
		"ä", "Ä", "日本", "a b", "a-b", "a\x00b", strings.Repeat("long", 100), strings.Repeat("long", 101), "-", "--", " ", "a\nb", "~", "$HOME", "147 ", " 147", "\u212a", "k",
	} {
		name := targetName(id)
		if !portable.MatchString(name) || len(name) > 64 || strings.ToLower(name) != name {
			t.Errorf("%q gives %q", id, name)
		}
		if other, ok := seen[name]; ok {
			t.Errorf("%q and %q share %q", id, other, name)
		}
		seen[name] = id
	}
	if name := targetName("Portal 147"); !strings.HasPrefix(name, "portal-147-") {
		t.Errorf("%q can't be read", name)
	}
}

func TestExporterNames(t *testing.T) {
	dir := t.TempDir()
	for exporter, want := range map[string]string{"hubspot": "hubspot", "a-1": "a-1", "fences": "fences_", "con": "con_", "com1": "com1_", "console": "console"} {
		folder, err := folderOf(dir, exporter, portal)
		if got, _ := filepath.Rel(dir, folder); err != nil || filepath.Dir(got) != want {
			t.Errorf("%s: %s, %v", exporter, got, err)
		}
	}
	for _, exporter := range []string{"", ".", "..", "a/b", `a\b`, "A", "fences_", "-a", strings.Repeat("a", 101), "a\n"} {
		if folder, err := folderOf(dir, exporter, portal); err == nil {
			t.Errorf("%q gives %s", exporter, folder)
		}
	}
	for _, target := range []Target{{}, {ID: "\xff"}, {ID: "1", Label: "\xff"}} {
		if folder, err := folderOf(dir, "hubspot", target); err == nil {
			t.Errorf("%+v gives %s", target, folder)
		}
	}
}

// A label may change; the file for people follows.
func TestLabel(t *testing.T) {
	dir := t.TempDir()
	mustClose(t, mustOpen(t, dir), true)
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	j, err := open(context.Background(), quick(), 0, dir, "hubspot", Target{portal.ID, "Acme <Ltd>"}, fence)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close(true)
	text, err := os.ReadFile(filepath.Join(journalFolder(t, dir), aboutName))
	if want := "{\n  \"exporter\": \"hubspot\",\n  \"target\": \"147\",\n  \"label\": \"Acme <Ltd>\"\n}\n"; err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

func TestList(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "journal")
	if list, err := List(ctx, dir); err != nil || list != nil {
		t.Errorf("of nothing: %+v, %v", list, err)
	}
	fence, err := NewFence(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer fence.Close()
	use := func(exporter, target string) *Journal {
		j, err := open(ctx, quick(), 0, dir, exporter, Target{target, "Label " + target}, fence)
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	b := use("b", "2")
	mustSettle(t, b, Settlement{Key: "x", Revision: "r", Status: "created"}, Settlement{Key: "y", Revision: "r", Status: "rejected"})
	mustIntend(t, b, Intent{"z", "r"}, Intent{"x", "s"})
	if err := b.Close(false); err != nil {
		t.Fatal(err)
	}
	b = use("b", "2") // merged, and more in the log
	mustSettle(t, b, Settlement{Key: "z", Revision: "r", Status: "created"}, Settlement{Key: "w", Revision: "r", Status: "unchanged"})
	a := use("b", "1")
	mustSettle(t, a, Settlement{Key: "x", Revision: "r", Status: "created"})
	if err := a.Close(true); err != nil {
		t.Fatal(err)
	}
	c := use("a", "damaged")
	if err := c.Close(true); err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(c.folder, logName)
	if err := os.WriteFile(bad, []byte(sum(`{}`)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "b", "empty"), filepath.Join(dir, "c")} {
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{filepath.Join(dir, "b", "file"), filepath.Join(dir, "file")} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := List(ctx, dir)
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v, %v", list, err)
	}
	var damaged *DamagedError
	if !errors.As(list[0].Err, &damaged) || damaged.File != bad || list[0].Exporter != "a" || list[0].Target != (Target{"damaged", "Label damaged"}) {
		t.Errorf("%+v", list[0])
	}
	wantA := Summary{"b", Target{"1", "Label 1"}, a.folder, 1, 0, a.run.id, 1, true, true, nil}
	wantB := Summary{"b", Target{"2", "Label 2"}, b.folder, 3, 1, b.run.id, 2, false, true, nil}
	if !reflect.DeepEqual(list[1:], []Summary{wantA, wantB}) {
		t.Errorf("%+v\nwant\n%+v", list[1:], []Summary{wantA, wantB})
	}
	if err := errors.Join(b.Close(false), fence.Close()); err != nil {
		t.Fatal(err)
	}
	if list, err = List(ctx, dir); err != nil || len(list) != 3 || list[2].Busy {
		t.Errorf("after the end: %+v, %v", list, err)
	}
	canceled, stop := context.WithCancel(ctx)
	stop()
	if _, err := List(canceled, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// A list that is made while runs begin, merge and end tells of no damage.
func TestListWhileAtWork(t *testing.T) {
	dir := t.TempDir()
	mustClose(t, mustOpen(t, dir), true)
	over := make(chan bool)
	go func() {
		defer close(over)
		for i := range 150 {
			j := mustOpen(t, dir)
			mustSettle(t, j, Settlement{Key: strings.Repeat("k", 1+i%7), Revision: "r", Status: "created"})
			mustClose(t, j, true)
		}
	}()
	for lists := 0; ; lists++ {
		list, err := List(context.Background(), dir)
		if err != nil || len(list) != 1 || list[0].Err != nil {
			t.Errorf("%+v, %v", list, err)
		}
		select {
		case <-over:
			if lists == 0 {
				t.Error("nothing was listed")
			}
			return
		default:
		}
	}
}
