package ledger

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	keyName = "ledger.key" // the user's own key, in the user's folder
	keySize = 32           // bytes of a key that is made here
	minKey  = 16           // bytes, or characters of a text, that a key must have
	maxKey  = 4 << 10      // bytes of a key file

	// A key of fewer bytes than a made one may be guessed by trying, and a
	// ledger tells who guessed right. So each try is made to cost: OWASP's
	// number for this function, about a tenth of a second.
	stretchRounds = 600_000
	stretchSalt   = "firstcall-ledger key"
)

// ErrNoKey says that a Key that OpenKey did not return was used.
var ErrNoKey = errors.New("no key for the ledger was given")

// Key makes the digests of ledgers. It can be used but not read: it holds a
// function and not the secret, so that nothing that prints values, be it
// through reflection, can print it. The zero Key opens nothing.
type Key struct {
	mac func(purpose string, parts ...[]byte) string
}

func newKey(secret []byte) Key {
	secret = bytes.Clone(secret)
	return Key{mac: func(purpose string, parts ...[]byte) string {
		h := hmac.New(sha256.New, secret)
		for _, part := range append([][]byte{[]byte(purpose)}, parts...) {
			// With its length before it no part can pass for the end of
			// another, and no purpose's digest for another's.
			_ = binary.Write(h, binary.BigEndian, uint64(len(part)))
			h.Write(part)
		}
		return hex.EncodeToString(h.Sum(nil))
	}}
}

// String gives "[key]".
func (Key) String() string { return "[key]" }

// GoString gives "[key]".
func (Key) GoString() string { return "[key]" }

// Format writes "[key]", whatever the verb.
func (Key) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[key]") }

// KeyError says why there is no key. It names a file or a variable only if
// there is one: a name that nothing answers to may be the key itself, put in
// the wrong place.
type KeyError struct {
	Where string // "key file x.key", "environment variable"; may be empty
	What  string // lower case, no full stop: "is shorter than 16 bytes"
	Err   error  // what lies behind it, with nothing of Where in it; may be nil

	// Unfit says that there is a file or a variable and no key can be made of
	// what it holds.
	Unfit bool
}

func (e *KeyError) Error() string {
	text := strings.TrimSpace(e.Where + " " + e.What)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives what lies behind the error.
func (e *KeyError) Unwrap() error { return e.Err }

// KeyModeError refuses a key file that others than its owner may read or write.
type KeyModeError struct {
	File string
	Mode fs.FileMode // its permissions
}

func (e *KeyModeError) Error() string {
	return fmt.Sprintf("key file %s may be used by others than its owner (mode %04o)", e.File, e.Mode)
}

// OpenKey returns the key that ref names: "env:NAME", the value of an
// environment variable; "file:PATH", a file that nobody but its owner may read
// (this is not looked at on Windows); or, where ref is empty, the user's own
// key in userDir, which is made when it is first asked for.
//
// A key is hex or base64 of at least 16 bytes, or any other text of one line
// and at least 16 characters; white space around it does not count.
//
// Errors are *KeyError, *KeyModeError or the file system's. None shows the key,
// not even where it was given in place of the reference.
func OpenKey(ref string, userDir string) (Key, error) {
	kind, name, _ := strings.Cut(ref, ":")
	switch {
	case ref == "":
		return openOwnKey(userDir)
	case kind == "env" && name != "":
		value, ok := os.LookupEnv(name)
		if !ok {
			return Key{}, &KeyError{Where: "environment variable", What: "that is to hold the key is not set"}
		}
		return parseKey("environment variable "+name, []byte(value))
	case kind == "file" && name != "":
		return readKey(name)
	}
	return Key{}, &KeyError{What: "the reference to a key is neither env:NAME nor file:PATH"}
}

func readKey(path string) (Key, error) {
	f, err := os.Open(path)
	if err != nil {
		where := "key file"
		if errors.Is(err, fs.ErrPermission) { // then there is one
			where += " " + path
		}
		if pathErr := (*fs.PathError)(nil); errors.As(err, &pathErr) {
			err = pathErr.Err
		}
		return Key{}, &KeyError{Where: where, What: "can't be opened", Err: err}
	}
	defer f.Close()
	// The open file is asked and not the path: what is looked at is what is read.
	info, err := f.Stat()
	if err != nil {
		return Key{}, fmt.Errorf("read key: %w", err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return Key{}, &KeyModeError{File: path, Mode: mode}
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	if err != nil {
		return Key{}, fmt.Errorf("read key: %w", err)
	}
	if len(text) > maxKey {
		return Key{}, &KeyError{Where: "key file " + path, What: "is too long for a key", Unfit: true}
	}
	return parseKey("key file "+path, text)
}

// parseKey makes a key of what stands in a file or a variable.
func parseKey(where string, text []byte) (Key, error) {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff")))
	secret := decodeKey(string(text))
	if secret == nil {
		if !utf8.Valid(text) || bytes.ContainsFunc(text, unicode.IsControl) {
			return Key{}, &KeyError{Where: where, What: "is not a key: neither hex nor base64 nor one line of text", Unfit: true}
		}
		if utf8.RuneCount(text) < minKey {
			return Key{}, &KeyError{Where: where, What: fmt.Sprintf("is too short for a key: less than %d bytes or characters", minKey), Unfit: true}
		}
		return stretch(text)
	}
	if len(secret) < keySize {
		return stretch(secret)
	}
	return newKey(secret), nil
}

// decodeKey gives the bytes that text is hex or base64 of, or nil.
func decodeKey(text string) []byte {
	if secret, err := hex.DecodeString(text); err == nil && len(secret) >= minKey {
		return secret
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if secret, err := encoding.DecodeString(text); err == nil && len(secret) >= minKey {
			return secret
		}
	}
	return nil
}

// stretch makes a full key of a secret that may be weak: a short one, a text.
func stretch(secret []byte) (Key, error) {
	long, err := pbkdf2.Key(sha256.New, string(secret), []byte(stretchSalt), stretchRounds, keySize)
	if err != nil {
		return Key{}, fmt.Errorf("make key: %w", err)
	}
	return newKey(long), nil
}

// openOwnKey reads the user's own key, and makes it where there is none.
func openOwnKey(dir string) (Key, error) {
	if dir == "" {
		return Key{}, &KeyError{What: "no folder for the user's own key is known"}
	}
	path := filepath.Join(dir, keyName)
	// Lstat: a link to nothing is a mistake to tell, not a place for a new key.
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(dir, path, os.Link); err != nil {
			return Key{}, fmt.Errorf("make key: %w", err)
		}
	}
	return readKey(path)
}

// makeKey puts a new key in place unless there is one by then. link makes hard
// links where there are any.
func makeKey(dir, path string, link func(from, to string) error) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".ledger-key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	writeKey := func(w io.Writer) error {
		_, err := io.WriteString(w, newSecret(keySize)+"\n")
		return err
	}
	if err := writeAndClose(f, writeKey); err != nil {
		return err
	}
	// A link is made only where nothing stands, and only to a file that is
	// whole: of two processes that make a key at once, one does, and both read it.
	err = link(f.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		// Systems differ in how they say that a disk, of FAT say, has no links.
		err = makeKeyInPlace(path, writeKey)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

// makeKeyInPlace makes a key file where nothing stands. A process that reads it
// in the moment before it is whole is told that it holds no key.
func makeKeyInPlace(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := writeAndClose(f, write); err != nil {
		_ = os.Remove(path)
		return err
	}
	return nil
}
