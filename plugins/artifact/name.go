// Package artifact owns the files that exporters make: which names they may
// have, how their pieces are collected, and how they get to where the user
// wants them without harm to what is there.
package artifact

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Limits of names, in bytes of UTF-8. A part leaves room for the name of a
// temporary file on systems that allow 255.
const (
	maxName = 255
	maxPart = 200
)

// CheckName reports what keeps name from being the name of an artifact: it must
// be relative and mean the same file on every system. exporter.proto states the
// rule for vendors. The error does not repeat the name.
func CheckName(name string) error {
	switch {
	case name == "":
		return errors.New("it is empty")
	case len(name) > maxName:
		return fmt.Errorf("it is longer than %d bytes", maxName)
	case !utf8.ValidString(name):
		return errors.New("it is not UTF-8")
	}
	for _, c := range name {
		switch {
		case unicode.IsControl(c), c == '\u2028', c == '\u2029', unicode.Is(unicode.Bidi_Control, c):
			return errors.New("it has a control character")
		case strings.ContainsRune(`\<>:"|?*`, c):
			return fmt.Errorf("it has the character %q", c)
		}
	}
	for part := range strings.SplitSeq(name, "/") {
		if err := checkPart(part); err != nil {
			return err
		}
	}
	return nil
}

func checkPart(part string) error {
	switch {
	case part == "":
		return errors.New("it begins or ends with a slash, or has two in a row")
	case strings.HasPrefix(part, "."):
		return errors.New("a part of it begins with a dot")
	case strings.HasSuffix(part, "."), strings.HasSuffix(part, " "), strings.HasPrefix(part, " "):
		return errors.New("a part of it ends with a dot, or begins or ends with a space")
	case len(part) > maxPart:
		return fmt.Errorf("a part of it is longer than %d bytes", maxPart)
	case isDevice(part):
		return errors.New("a part of it is the name of a device on Windows")
	}
	return nil
}

// isDevice reports whether Windows takes part for a device: these names, with
// any extension, in any case, and with spaces before the extension.
func isDevice(part string) bool {
	base, _, _ := strings.Cut(part, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	rest, found := strings.CutPrefix(base, "COM")
	if !found {
		rest, found = strings.CutPrefix(base, "LPT")
	}
	return found && utf8.RuneCountInString(rest) == 1 && strings.ContainsAny(rest, "0123456789¹²³")
}

// fold maps names to one that some file system takes for the same: macOS and
// Windows ignore case, macOS how a letter is composed.
func fold(name string) string {
	return cases.Fold().String(norm.NFC.String(name))
}
