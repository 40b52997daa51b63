package trust

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var sumA, sumB = strings.Repeat("a", 64), strings.Repeat("b", 64)

func sample() *Lock {
	l := &Lock{}
	l.Add(Entry{Name: "notes", Command: []string{"/usr/bin/node", "lib/export.mjs", `--title="x"\`}, Files: map[string]string{"lib/export.mjs": sumB, "lib/ä.mjs": sumA}})
	l.Add(Entry{Name: "keys", Version: "1.2.0", Source: "https://example.org/keys", SHA256: map[string]string{"linux-arm64": sumB, "linux-amd64": sumA}})
	return l
}

const sampleText = `# The programs that firstcall may run as exporters. "firstcall plugin lock" writes this file.
version = 1

[[plugin]]
name = "keys"
version = "1.2.0"
source = "https://example.org/keys"

[plugin.sha256]
linux-amd64 = "` + "SUMA" + `"
linux-arm64 = "` + "SUMB" + `"

[[plugin]]
name = "notes"
version = ""
source = ""
command = ["/usr/bin/node", "lib/export.mjs", "--title=\"x\"\\"]

[plugin.files]
"lib/export.mjs" = "` + "SUMB" + `"
"lib/ä.mjs" = "` + "SUMA" + `"
`

func TestLockText(t *testing.T) {
	want := strings.NewReplacer("SUMA", sumA, "SUMB", sumB).Replace(sampleText)
	got := string(sample().Text())
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	back, err := parseLock("firstcall.lock", []byte(got))
	if err != nil || !reflect.DeepEqual(back.Entries, sample().Entries) {
		t.Errorf("read back %+v, %v", back, err)
	}
}

func TestBadLocks(t *testing.T) {
	head := "version = 1\n[[plugin]]\nname = \"keys\"\n"
	sum := "\"" + sumA + "\""
	tests := []struct{ name, text, want string }{
		{"later version", "version = 2\nnews = 3\n", "l:1:1: version 2 is later than this firstcall knows (1)"},
		{"no version", "[[plugin]]\nname = \"keys\"\n", `l: "version" is missing`},
		{"early version", "version = 0\n", "l:1:1: there is no version 0"},
		{"version of text", "version = \"1\"\n", `l:1:1: "version" must be a whole number, not text`},
		{"unknown key", head + "hash = 1\nsha256.linux-amd64 = " + sum, `l:4:1: unknown key "hash"`},
		{"no TOML", "version = 1\n<<<<<<< HEAD\n", "l:2:1: "},
		{"no name", "version = 1\n[[plugin]]\nsha256.linux-amd64 = " + sum, `l:2:3: "name" is missing`},
		{"bad name", "version = 1\n[[plugin]]\nname = \"../x\"\nsha256.linux-amd64 = " + sum, `l:3:1: "../x" is no name for an exporter`},
		{"twice", head + "sha256.linux-amd64 = " + sum + "\n[[plugin]]\nname = \"keys\"\nsha256.linux-amd64 = " + sum, "l:6:1: exporter keys stands here twice"},
		{"platform", head + "sha256.linux = " + sum, `l:4:8: "linux" is no platform`},
		{"short hash", head + "sha256.linux-amd64 = \"abc\"", "l:4:8: not a SHA-256"},
		{"upper case hash", head + "sha256.linux-amd64 = \"" + strings.ToUpper(sumA) + "\"", "l:4:8: not a SHA-256"},
		{"nothing to run", head, `l:2:3: neither "sha256" nor "command"`},
		{"no hash", head + "[plugin.sha256]", `l:4:9: there is no hash`},
		{"both", head + "command = [\"/bin/x\"]\nsha256.linux-amd64 = " + sum, `l:4:1: both "sha256" and "command"`},
		{"files of a program", head + "sha256.linux-amd64 = " + sum + "\nfiles.x = " + sum, `l:5:1: "files" without "command"`},
		{"empty command", head + "command = []", "l:4:1: the command is empty"},
		{"bare interpreter", head + "command = [\"node\"]", "l:4:12: this word of the command is neither an absolute path nor"},
		{"interpreter beside the lock", head + "command = [\"/p/bin/x\"]", "/p/l:4:12: this word of the command lies beside the lock"},
		{"script without a hash", head + "command = [\"/bin/sh\", \"tool.sh\"]", "l:4:23: this word of the command is not one of the files"},
		{"path without a hash", head + "command = [\"/bin/sh\", \"-x\", \"./tool.sh\"]", "l:4:29: this word of the command is not one of the files"},
		{"flag without a hash", head + "command = [\"/bin/sh\", \"--rc=../tool.sh\"]", "l:4:23: this word of the command is not one of the files"},

		{"outside", head + "command = [\"/bin/x\"]\nfiles.\"../x\" = " + sum, `l:5:7: "../x" is no path below`},
		{"outside by root", head + "command = [\"/bin/x\"]\nfiles.\"/x\" = " + sum, `l:5:7: "/x" is no path below`},
		{"drive", head + "command = [\"/bin/x\"]\nfiles.\"c:x\" = " + sum, `l:5:7: "c:x" is no path below`},
		{"backslash", head + "command = [\"/bin/x\"]\nfiles.'..\\x' = " + sum, `is no path below`},
		{"control", head + "source = \"a\\u001b[2J\"\nsha256.linux-amd64 = " + sum, `l:4:1: "source" has a control character`},
		{"NUL", head + "command = [\"/bin/x\", \"a\\u0000b\"]", "l:4:22: a NUL in a command"},
	}
	for _, tt := range tests {
		file := "l"
		if strings.HasPrefix(tt.want, "/p/") {
			file = "/p/l"
		}
		_, err := parseLock(file, []byte(tt.text))
		var bad *LockError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
			continue
		}
		if bad.Problems[0].Line == 0 && tt.name != "no version" {
			t.Errorf("%s: no position", tt.name)
		}
	}
	_, err := parseLock("l", []byte("version = 2\n"))
	if hint := err.(*LockError).Hint(); hint != "update firstcall" {
		t.Errorf("hint %q", hint)
	}
}

func TestWriteRefusesWhatItWouldNotRead(t *testing.T) {
	l := &Lock{Path: filepath.Join(t.TempDir(), LockName)}
	l.Add(Entry{Name: "keys"})
	var bad *LockError
	if err := l.Write(); !errors.As(err, &bad) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(l.Path); err == nil {
		t.Error("written all the same")
	}
}

func TestWriteNoticesOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", LockName)
	a, b := sample(), sample()
	a.Path, b.Path = path, path
	if err := a.Write(); err != nil {
		t.Fatal(err)
	}
	var busy *BusyError
	if err := b.Write(); !errors.As(err, &busy) {
		t.Errorf("got %v", err)
	}
	a.Remove("keys")
	if err := a.Write(); err != nil {
		t.Errorf("its own: %v", err)
	}
	got, err := ReadLock(path)
	if err != nil || len(got.Entries) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestWriteKeepsALinkAndPermissions(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real"), filepath.Join(dir, LockName)
	if err := os.WriteFile(real, []byte("version = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Skip("cannot make symbolic links")
	}
	l, err := ReadLock(link)
	if err != nil {
		t.Fatal(err)
	}
	l.Add(sample().Entries[0])
	if err := l.Write(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if info, err := os.Stat(real); err != nil || info.Mode().Perm() != 0o600 || !strings.Contains(read(t, real), "keys") {
		t.Errorf("%v, %v", info, err)
	}
}

// What the reader accepts, the writer writes so that it means the same.
func FuzzLock(f *testing.F) {
	f.Add([]byte(strings.NewReplacer("SUMA", sumA, "SUMB", sumB).Replace(sampleText)))
	f.Add([]byte("version = 2\n"))
	f.Add([]byte("version = 1\n[[plugin]]\nname = 'a'\n[plugin.sha256]\n'linux-amd64' = '" + sumA + "'\n"))
	f.Add([]byte("version = 1\n[[plugin]]\nname = 'a'\ncommand = ['b']\n[plugin.files]\nb = '" + sumA + "'\n'\\' = 1\n"))
	f.Add([]byte("version = 1\nplugin = []\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		lock, err := parseLock("l", text)
		if err != nil {
			var bad *LockError
			if !errors.As(err, &bad) || len(bad.Problems) == 0 {
				t.Fatalf("not a LockError: %v", err)
			}
			_, _ = parseTrusted("t", text)
			return
		}
		for _, e := range lock.Entries {
			for name := range e.Files {
				if !filepath.IsLocal(filepath.FromSlash(name)) {
					t.Fatalf("%q leads out of the folder", name)
				}
			}
		}
		again, err := parseLock("l", lock.Text())
		if err != nil {
			t.Fatalf("cannot read what was written: %v\n%s", err, lock.Text())
		}
		if string(again.Text()) != string(lock.Text()) {
			t.Fatalf("written twice, differs:\n%s\n%s", lock.Text(), again.Text())
		}
		for i, e := range again.Entries {
			if e.Sum() != lock.Entries[i].Sum() || e.Name != lock.Entries[i].Name {
				t.Fatalf("%+v became %+v", lock.Entries[i], e)
			}
		}
	})
}
