package trust

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/problem"
	"github.com/firstcall-cli/firstcall/core/tomlfile"
	"github.com/firstcall-cli/firstcall/plugins/internal/config"
)

// lockVersion is the version of the lock's form that this package reads and
// writes.
const lockVersion = 1

// Entry is what a lock says about one exporter. It has either SHA256 or
// Command.
type Entry struct {
	Name    string `toml:"name"`
	Version string `toml:"version"` // of the exporter; may be empty
	Source  string `toml:"source"`  // path or URL it came from; may be empty

	// SHA256 are the hashes of the program by platform: "linux-amd64" to 64
	// hexadecimal digits.
	SHA256 map[string]string `toml:"sha256"`

	// Command starts a bridged script. Its first word is the absolute path of
	// an interpreter, or one of Files. Words that are one of Files, or a flag's
	// value that is (--config=FILE), stand for that file.
	Command []string `toml:"command"`
	// Files are the hashes of the files that belong to the script, by their
	// path below the plugin folder, with slashes.
	Files map[string]string `toml:"files"`
}

// Sum identifies what the entry lets run on this platform, as Program.Sum; empty
// when it lets nothing run.
func (e Entry) Sum() string {
	if len(e.Command) == 0 {
		return e.SHA256[Platform()]
	}
	h := sha256.New()
	for _, word := range e.Command {
		fmt.Fprintf(h, "%q\n", word)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		fmt.Fprintf(h, "%q %s\n", name, e.Files[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Lock is a firstcall.lock in memory.
type Lock struct {
	Path    string
	Entries []Entry // ordered by name

	bytes string // SHA-256 of what was read; empty: there was no file
}

// ReadLock reads the lock at path; one that is not there is empty. The error is
// a [*LockError], or one of the file system.
func ReadLock(path string) (*Lock, error) {
	text, err := readSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Lock{Path: path}, nil
	}
	if err != nil {
		return nil, err
	}
	return parseLock(path, text)
}

// readSmall reads a file that is no longer than tomlfile takes, or a byte more.
func readSmall(path string) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readUpTo(f, tomlfile.MaxSize+1)
}

func parseLock(file string, text []byte) (*Lock, error) {
	var form struct {
		Version int     `toml:"version"`
		Plugin  []Entry `toml:"plugin"`
	}
	doc, err := tomlfile.Decode(file, text, &form)
	if doc != nil {
		if p := versionFault(doc, form.Version); p != nil {
			return nil, &LockError{file, problem.List{*p}}
		}
		checkEntries(file, doc, form.Plugin)
		err = doc.Err()
	}
	if err != nil {
		return nil, lockError(file, err)
	}
	lock := &Lock{Path: file, Entries: form.Plugin, bytes: hexSum(text)}
	slices.SortFunc(lock.Entries, byName)
	return lock, nil
}

func lockError(file string, err error) error {
	var list problem.List
	if errors.As(err, &list) {
		return &LockError{file, list}
	}
	return err
}

func byName(a, b Entry) int { return strings.Compare(a.Name, b.Name) }

func hexSum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// versionFault refuses a file of another version, before anything else in it is
// found fault with.
func versionFault(doc *tomlfile.Doc, version int) *problem.Problem {
	var p problem.Problem
	switch {
	case doc.Faulty("version"):
		return nil // is reported
	case !doc.Defined("version"):
		p = doc.Problem("\"version\" is missing", "write version = "+strconv.Itoa(lockVersion)+" on top")
	case version > lockVersion:
		p = doc.Problem(fmt.Sprintf("version %d is later than this firstcall knows (%d)", version, lockVersion), "update firstcall", "version")
	case version < lockVersion:
		p = doc.Problem(fmt.Sprintf("there is no version %d", version), "write version = "+strconv.Itoa(lockVersion), "version")
	default:
		return nil
	}
	return &p
}

func checkEntries(file string, doc *tomlfile.Doc, entries []Entry) {
	seen := map[string]bool{}
	for i, e := range entries {
		at := func(step ...any) []any { return append([]any{"plugin", i}, step...) }
		switch {
		case !doc.Defined(at("name")...):
			doc.Report("\"name\" is missing", "say which exporter this is", at()...)
		case !config.ValidName(e.Name, '-'):
			doc.Report(fmt.Sprintf("%q is no name for an exporter", e.Name), (&NameError{}).Hint(), at("name")...)
		case seen[e.Name]:
			doc.Report(fmt.Sprintf("exporter %s stands here twice", e.Name), "keep one", at("name")...)
		}
		seen[e.Name] = true
		for key, text := range map[string]string{"version": e.Version, "source": e.Source} {
			if strings.ContainsFunc(text, unicode.IsControl) {
				doc.Report(fmt.Sprintf("%q has a control character", key), "", at(key)...)
			}
		}
		checkHashes(doc, e, at)
		checkCommand(file, doc, e, at)
	}
}

func checkHashes(doc *tomlfile.Doc, e Entry, at func(...any) []any) {
	for _, platform := range slices.Sorted(maps.Keys(e.SHA256)) {
		if !ValidPlatform(platform) {
			doc.Report(fmt.Sprintf("%q is no platform", platform), "write it as linux-amd64 or darwin-arm64", at("sha256", platform)...)
		}
		if !ValidSum(e.SHA256[platform]) {
			doc.Report("not a SHA-256", hintSum, at("sha256", platform)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		if !validFile(name) {
			doc.Report(fmt.Sprintf("%q is no path below the plugin folder", name), "write it with slashes, without .. and without a leading slash", at("files", name)...)
		}
		if !ValidSum(e.Files[name]) {
			doc.Report("not a SHA-256", hintSum, at("files", name)...)
		}
	}
}

const hintSum = "a SHA-256 has 64 hexadecimal digits in lower case"

func checkCommand(file string, doc *tomlfile.Doc, e Entry, at func(...any) []any) {
	switch program, script := doc.Defined(at("sha256")...), doc.Defined(at("command")...); {
	case program && script:
		doc.Report("both \"sha256\" and \"command\"", "a program has the one, a bridged script the other", at("command")...)
		return
	case !program && !script:
		doc.Report("neither \"sha256\" nor \"command\"", "add the hashes with firstcall plugin lock", at()...)
		return
	case program:
		if len(e.SHA256) == 0 {
			doc.Report("there is no hash", "add one with firstcall plugin lock", at("sha256")...)
		}
		if doc.Defined(at("files")...) {
			doc.Report("\"files\" without \"command\"", "only a bridged script has files", at("files")...)
		}
		return
	}
	if len(e.Command) == 0 {
		doc.Report("the command is empty", "write [\"/usr/bin/node\", \"export.mjs\"]", at("command")...)
		return
	}
	for i, word := range e.Command {
		if strings.ContainsRune(word, 0) {
			doc.Report("a NUL in a command", "", at("command", i)...)
		}
	}
	if i, why := commandFault(filepath.Dir(file), e.Command, e.Files); why != "" {
		doc.Report("this word of the command "+why, "put the file into the plugin folder, and run firstcall plugin lock again", at("command", i)...)
	}
}

// absolute takes the absolute paths of every system for one, since a project's
// lock is read on several.
func absolute(name string) bool {
	drive := len(name) > 2 && name[1] == ':' && (name[2] == '\\' || name[2] == '/')
	return filepath.IsAbs(name) || path.IsAbs(name) || drive
}

// ValidSum reports whether s is a SHA-256 as locks have it: 64 hexadecimal
// digits in lower case.
func ValidSum(s string) bool {
	strange := func(c rune) bool { return !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') }
	return len(s) == 2*sha256.Size && !strings.ContainsFunc(s, strange)
}

// ValidPlatform reports whether s looks like a platform: linux-amd64.
func ValidPlatform(s string) bool {
	system, machine, ok := strings.Cut(s, "-")
	strange := func(c rune) bool { return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') }
	return ok && system != "" && machine != "" && !strings.ContainsFunc(system+machine, strange)
}

// validFile reports whether name is a clean path below a folder, on every
// system.
func validFile(name string) bool {
	return name != "." && fs.ValidPath(name) && filepath.IsLocal(name) && !strings.ContainsFunc(name, func(c rune) bool {
		return c == '\\' || c == ':' || unicode.IsControl(c)
	})
}

// Find returns the entry of an exporter, and whether there is one.
func (l *Lock) Find(name string) (Entry, bool) {
	for _, e := range l.Entries {
		if e.Name == name {
			return e, true
		}
	}
	return Entry{}, false
}

func (l *Lock) names() []string {
	var names []string
	for _, e := range l.Entries {
		names = append(names, e.Name)
	}
	return names
}

// Add puts an entry in, in the place of one of the same name.
func (l *Lock) Add(e Entry) {
	l.Remove(e.Name)
	l.Entries = append(l.Entries, e)
	slices.SortFunc(l.Entries, byName)
}

// Put is Add that keeps what the lock says about other platforms, when it is
// the same version of the exporter. It returns the platforms that it forgot,
// ordered, since their programs are of another version.
func (l *Lock) Put(e Entry) (forgot []string) {
	old, _ := l.Find(e.Name)
	e.SHA256 = maps.Clone(e.SHA256)
	for _, platform := range slices.Sorted(maps.Keys(old.SHA256)) {
		_, given := e.SHA256[platform]
		switch {
		case given:
		case len(e.Command) == 0 && old.Version == e.Version:
			e.SHA256[platform] = old.SHA256[platform]
		default:
			forgot = append(forgot, platform)
		}
	}
	l.Add(e)
	return forgot
}

// Remove takes an entry out, and reports whether it was there.
func (l *Lock) Remove(name string) bool {
	before := len(l.Entries)
	l.Entries = slices.DeleteFunc(l.Entries, func(e Entry) bool { return e.Name == name })
	return len(l.Entries) < before
}

// Text is the lock as a file: the same entries make the same bytes.
func (l *Lock) Text() []byte {
	var b strings.Builder
	b.WriteString("# The programs that firstcall may run as exporters. \"firstcall plugin lock\" writes this file.\n")
	fmt.Fprintf(&b, "version = %d\n", lockVersion)
	for _, e := range l.Entries {
		fmt.Fprintf(&b, "\n[[plugin]]\nname = %s\nversion = %s\nsource = %s\n", quote(e.Name), quote(e.Version), quote(e.Source))
		if len(e.Command) > 0 {
			words := make([]string, len(e.Command))
			for i, word := range e.Command {
				words[i] = quote(word)
			}
			fmt.Fprintf(&b, "command = [%s]\n", strings.Join(words, ", "))
			writeTable(&b, "files", e.Files)
			continue
		}
		writeTable(&b, "sha256", e.SHA256)
	}
	return []byte(b.String())
}

func writeTable(b *strings.Builder, name string, values map[string]string) {
	fmt.Fprintf(b, "\n[plugin.%s]\n", name)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		shown := key
		if !ValidPlatform(key) {
			shown = quote(key)
		}
		fmt.Fprintf(b, "%s = %s\n", shown, quote(values[key]))
	}
}

// quote writes a TOML string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c) // what is not UTF-8 becomes U+FFFD
		}
	}
	b.WriteByte('"')
	return b.String()
}

// BusyError says that somebody else has changed a file in the meantime.
type BusyError struct{ Path string }

// Error says which.
func (e *BusyError) Error() string { return e.Path + " was changed by someone else just now" }

// Hint says what to do.
func (e *BusyError) Hint() string { return "run the command again" }

// Write puts the lock in place in one step, and makes sure that it is on disk.
// It fails with a [*BusyError] when the file is no longer what was read, and
// makes the folder where there is none.
func (l *Lock) Write() error {
	now := ""
	text, err := readSmall(l.Path)
	switch {
	case err == nil:
		now = hexSum(text)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if now != l.bytes {
		return &BusyError{l.Path}
	}
	text = l.Text()
	// What is written is read back first: a lock that cannot be read would
	// lock the user out.
	if _, err := parseLock(l.Path, text); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(l.Path), 0o700); err != nil {
		return err
	}
	if err := replaceFile(l.Path, text, 0o644); err != nil {
		return err
	}
	l.bytes = hexSum(text)
	return nil
}
