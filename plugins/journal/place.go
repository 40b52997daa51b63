package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Names in the folder of a journal.
const (
	aboutName    = "about.json"
	snapshotName = "snapshot"
	logName      = "log"
	fenceName    = "fence"
	lockName     = "lock"

	fencesName = "fences" // beside the folders of exporters
)

// plain reports whether every file system keeps a letter apart from all others.
// Names are checked by hand here and below: patterns would be compiled at the
// start of every command.
func plain(c rune) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// isExporter reports whether a name is one that exporters can have.
func isExporter(name string) bool {
	return len(name) > 0 && len(name) <= 100 && plain(rune(name[0])) &&
		!strings.ContainsFunc(name, func(c rune) bool { return !plain(c) && c != '-' })
}

// isReserved reports whether no exporter can have the folder: ours, and those
// that Windows keeps for devices.
func isReserved(name string) bool {
	switch name {
	case fencesName, "con", "prn", "aux", "nul":
		return true
	}
	device := strings.TrimRight(name, "0123456789")
	return (device == "com" || device == "lpt") && len(name) == 4
}

// folderOf is where the journal of an exporter and target is.
func folderOf(dir, exporter string, t Target) (string, error) {
	if !isExporter(exporter) {
		return "", fmt.Errorf("journal: %q is no name of an exporter", exporter)
	}
	if t.ID == "" {
		return "", fmt.Errorf("journal: exporter %s did not say what its target is", exporter)
	}
	if err := checkTexts("-", t.ID, t.Label); err != nil {
		return "", err
	}
	if isReserved(exporter) {
		exporter += "_"
	}
	return filepath.Join(dir, exporter, targetName(t.ID)), nil
}

// targetName is a folder's name for a target: what people can read of its id,
// in letters that every file system keeps apart, and a digest of all of it.
func targetName(id string) string {
	var readable strings.Builder
	for _, c := range strings.ToLower(id) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			readable.WriteRune(c)
		case !strings.HasSuffix(readable.String(), "-"):
			readable.WriteByte('-')
		}
		if readable.Len() >= 40 {
			break
		}
	}
	sum := sha256.Sum256([]byte(id))
	return strings.TrimPrefix(strings.Trim(readable.String(), "-")+"-"+hex.EncodeToString(sum[:10]), "-")
}

// about is the file for people.
type about struct {
	Exporter string `json:"exporter"`
	Target   string `json:"target"`
	Label    string `json:"label"`
}

// readAbout returns a zero about where there is no file.
func readAbout(folder string) (about, error) {
	var a about
	path := filepath.Join(folder, aboutName)
	text, err := readSmall(path)
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal(text, &a); err != nil || a.Exporter == "" || a.Target == "" {
		return a, &DamagedError{File: path, What: wasChanged}
	}
	return a, nil
}

// writeAbout writes the file unless it says the same already.
func writeAbout(d *disk, folder string, a about) error {
	before, err := readAbout(folder)
	var damaged *DamagedError
	if err != nil && !errors.As(err, &damaged) || before == a {
		return err
	}
	path := filepath.Join(folder, aboutName)
	if before.Target != "" && (before.Target != a.Target || before.Exporter != a.Exporter) {
		return &DamagedError{File: path, What: fmt.Sprintf("is about exporter %s and target %q", before.Exporter, before.Target)}
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(a); err != nil {
		return err
	}
	return d.replace(path, func(w io.Writer) error {
		_, err := w.Write(text.Bytes())
		return err
	})
}

// readSmall reads a file that can't be large.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 1<<20))
}
