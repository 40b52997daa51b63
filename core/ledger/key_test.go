package ledger

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
)

func same(a, b Key) bool { return a.mac("test") == b.mac("test") }

func keyFile(t *testing.T, text string, mode fs.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "some.key")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestKeyForms(t *testing.T) {
	long := []byte("\xfb\xff0123456789abcdef0123456789abcd") // 32 bytes, with + and / in base64
	short := long[:17]
	text, err := stretch([]byte("a good long passphrase, née Ü"))
	if err != nil {
		t.Fatal(err)
	}
	stretched, err := stretch(short)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		value string
		want  Key
	}{
		"hex":            {hex.EncodeToString(long), newKey(long)},
		"upper hex":      {"\ufeff " + strings.ToUpper(hex.EncodeToString(long)) + "\r\n", newKey(long)},
		"base64":         {base64.StdEncoding.EncodeToString(long) + "\n", newKey(long)},
		"raw base64":     {base64.RawStdEncoding.EncodeToString(long), newKey(long)},
		"base64 for URL": {base64.RawURLEncoding.EncodeToString(long), newKey(long)},
		"short hex":      {hex.EncodeToString(short), stretched},
		"short base64":   {base64.StdEncoding.EncodeToString(short), stretched},
		"text":           {" a good long passphrase, née Ü\n", text},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv("LEDGER_TEST_KEY", tt.value)
			fromEnv, err := OpenKey("env:LEDGER_TEST_KEY", "")
			if err != nil || !same(fromEnv, tt.want) {
				t.Errorf("variable: %v", err)
			}
			fromFile, err := OpenKey("file:"+keyFile(t, tt.value, 0o600), "")
			if err != nil || !same(fromFile, tt.want) {
				t.Errorf("file: %v", err)
			}
		})
	}
}

func TestKeyRefused(t *testing.T) {
	for name, value := range map[string]string{
		"empty": "", "blank": " \n", "short": "fifteen chars !", "short hex": "00112233445566", "two lines": "a long first line\nand a second one",
		"binary": "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x00\x01\x02\x03\x04\x05\x06\x07", "not UTF-8": "a long first line\xff", "too long": strings.Repeat("x", 5000),
	} {
		_, err := OpenKey("file:"+keyFile(t, value, 0o600), "")
		var e *KeyError
		if !errors.As(err, &e) || !e.Unfit || value != "" && strings.TrimSpace(value) != "" && strings.Contains(err.Error(), strings.TrimSpace(value)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A key in the wrong place is not told on.
	secret := "deadbeefdeadbeefdeadbeefdeadbeef"
	t.Setenv("LEDGER_TEST_KEY", secret[:14])
	for _, ref := range []string{secret, "env:" + secret, "file:" + secret, "key:" + secret, secret + ":", "env:", "file:", "env:LEDGER_TEST_KEY", "file:" + strings.Repeat(secret, 200)} {
		_, err := OpenKey(ref, t.TempDir())
		var e *KeyError
		if !errors.As(err, &e) || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret[:14]) {
			t.Errorf("%.60s: %v", ref, err)
		}
	}
	for _, ref := range []string{"key", "env:LEDGER_TEST_NONE", "file:" + filepath.Join(t.TempDir(), "none")} {
		_, err := OpenKey(ref, "")
		var e *KeyError
		if !errors.As(err, &e) || e.Unfit {
			t.Errorf("%s: is no key, but not because of what is in it: %v", ref, err)
		}
	}
	if _, err := OpenKey("file:"+t.TempDir(), ""); err == nil {
		t.Error("a folder is a key")
	}
	var e *KeyError
	if _, err := OpenKey("", ""); !errors.As(err, &e) {
		t.Error(err)
	}
}

func TestKeyModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("has no such modes")
	}
	text := strings.Repeat("0f", 32)
	for mode := range fs.FileMode(0o1000) {
		if mode&0o400 == 0 {
			continue // can't be read at all but by root
		}
		_, err := OpenKey("file:"+keyFile(t, text, mode), "")
		var e *KeyModeError
		if refused := errors.As(err, &e) && e.Mode == mode; refused != (mode&0o077 != 0) || !refused && err != nil {
			t.Errorf("%04o: %v", mode, err)
		}
	}
	dir := t.TempDir()
	if err := os.Rename(keyFile(t, text, 0o644), filepath.Join(dir, keyName)); err != nil {
		t.Fatal(err)
	}
	var e *KeyModeError
	if _, err := OpenKey("", dir); !errors.As(err, &e) {
		t.Errorf("own key: %v", err)
	}
}

func TestOwnKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "firstcall")
	key, err := OpenKey("", dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenKey("", dir)
	if err != nil || !same(key, again) {
		t.Errorf("a second key: %v", err)
	}
	path := filepath.Join(dir, keyName)
	named, err := OpenKey("file:"+path, "")
	if err != nil || !same(key, named) {
		t.Errorf("by its name: %v", err)
	}
	other, err := OpenKey("", t.TempDir())
	if err != nil || same(key, other) {
		t.Errorf("another user's is the same: %v", err)
	}
	if runtime.GOOS != "windows" {
		for name, want := range map[string]fs.FileMode{path: 0o600, dir: 0o700 | fs.ModeDir} {
			if info, err := os.Stat(name); err != nil || info.Mode() != want {
				t.Errorf("%s: %v, %v", name, info.Mode(), err)
			}
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	// What is damaged is not made anew: no ledger could be opened again.
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var e *KeyError
	if _, err := OpenKey("", dir); !errors.As(err, &e) {
		t.Errorf("an empty key file: %v", err)
	}
}

// Some disks have no links.
func TestOwnKeyWithoutLinks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	path := filepath.Join(dir, keyName)
	noLinks := func(from, to string) error {
		return &os.LinkError{Op: "link", Old: from, New: to, Err: fs.ErrPermission}
	}
	if err := makeKey(dir, path, noLinks); err != nil {
		t.Fatal(err)
	}
	key, err := readKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := makeKey(dir, path, noLinks); err != nil {
		t.Error(err)
	}
	if again, err := readKey(path); err != nil || !same(key, again) {
		t.Errorf("the key was made anew: %v", err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	full := errors.New("disk is full")
	other := filepath.Join(dir, "other")
	if err := makeKeyInPlace(other, func(io.Writer) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
	if _, err := os.Lstat(other); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a key is left: %v", err)
	}
}

func TestOwnKeyAtOnce(t *testing.T) {
	for range 5 {
		dir := filepath.Join(t.TempDir(), "state")
		keys := make([]string, 40)
		var wait sync.WaitGroup
		for i := range keys {
			wait.Go(func() {
				if i < 4 {
					out, err := start("key", dir).Output()
					if err != nil {
						t.Error(err)
					}
					keys[i] = string(out)
					return
				}
				key, err := OpenKey("", dir)
				if err != nil {
					t.Error(err)
					return
				}
				keys[i] = key.mac("test")
			})
		}
		wait.Wait()
		for _, key := range keys {
			if key != keys[0] || len(key) != 64 {
				t.Fatalf("different keys: %q", keys)
			}
		}
	}
}

// However a key is printed, and whatever holds it, the secret does not show.
func TestKeyNeverPrinted(t *testing.T) {
	secret := []byte("\xa7\xa8\xa9\xaasecretsecretsecretsecretsecr")
	key := newKey(secret)
	type open struct{ Key Key }
	type hidden struct{ key Key }
	type embedded struct{ Key }
	l := &Ledger{key: key, contents: newContents("id", key)}
	values := []any{key, &key, open{key}, &open{key}, hidden{key}, &hidden{key}, embedded{key}, []Key{key}, map[string]Key{"a": key}, []hidden{{key}}, [1]any{key}, l, *l}
	var logged bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&logged, nil))
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d", "%o", "%c", "%U", "%b", "%t", "%10.3s"} {
			noSecret(t, secret, fmt.Sprintf(verb, v))
		}
		noSecret(t, secret, fmt.Sprint(v)+fmt.Errorf("%v: %w", v, ErrNoKey).Error())
		logger.Info("x", "key", v)
		a, _ := stdjson.Marshal(v)
		b, _ := json.Marshal(v)
		noSecret(t, secret, string(a)+string(b))
	}
	noSecret(t, secret, logged.String())
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if got := fmt.Sprintf(verb, key); got != "[key]" {
			t.Errorf("%s: %s", verb, got)
		}
	}
	if key.String() != "[key]" || key.GoString() != "[key]" {
		t.Error(key.String(), key.GoString())
	}
}

func noSecret(t *testing.T, secret []byte, text string) {
	t.Helper()
	spellings := []string{"secretsecret", hex.EncodeToString(secret[:6]), strings.ToUpper(hex.EncodeToString(secret[:6])), base64.StdEncoding.EncodeToString(secret[:6]), "167 168", "0xa7, 0xa8", "a7 a8"}
	for _, s := range spellings {
		if strings.Contains(text, s) {
			t.Errorf("%s shows in %s", s, text)
		}
	}
}
