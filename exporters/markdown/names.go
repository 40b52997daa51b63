package markdown

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// noClientName is the report of records that name no client.
const noClientName = "report"

// maxName keeps a file name with its hash and ending well under the 255 bytes
// that file systems allow.
const maxName = 100

// fileNames gives each client id a file name. Ids that would share one on some
// file system all get part of a hash of the id, not a counter: a counter
// could give one client the name that another one had in an earlier run.
func fileNames(ids []string) map[string]string {
	taken := map[string]int{noClientName: 1} // a client may be called "report"
	for _, id := range ids {
		if id != "" {
			taken[strings.ToLower(safeName(id))]++
		}
	}
	names := make(map[string]string, len(ids))
	for _, id := range ids {
		name := noClientName
		if id != "" {
			name = safeName(id)
			if taken[strings.ToLower(name)] > 1 {
				sum := sha256.Sum256([]byte(id))
				name += "-" + hex.EncodeToString(sum[:4])
			}
		}
		names[id] = name + ".md"
	}
	return names
}

// safeName keeps letters, digits, underscores and inner dots of an id, turns
// every run of anything else into one hyphen, and avoids the device names of
// Windows. Combining marks are dropped, because file systems disagree on
// whether an accent written either way is the same name.
func safeName(id string) string {
	var b strings.Builder
	for _, r := range id {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '_', r == '.' && b.Len() > 0:
			b.WriteRune(r)
		case unicode.IsMark(r):
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= maxName {
			break
		}
	}
	name := strings.TrimRight(b.String(), "-.")
	if name == "" {
		return "client"
	}
	if device(name) {
		return "client-" + name
	}
	return name
}

// device reports whether Windows takes name, whatever its ending, for a
// device.
func device(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	rest, com := strings.CutPrefix(stem, "com")
	if !com {
		var lpt bool
		if rest, lpt = strings.CutPrefix(stem, "lpt"); !lpt {
			return false
		}
	}
	return len(rest) == 1 && rest[0] >= '0' && rest[0] <= '9'
}
