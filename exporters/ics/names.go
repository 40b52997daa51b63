package ics

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
)

// fileNames gives each client the name of its file, without the ending. Clients that
// would share one on some file system all get part of a hash of their id.
func fileNames(ids []string) map[string]string {
	taken := map[string]int{}
	for _, id := range ids {
		taken[fileName(id)]++
	}
	names := make(map[string]string, len(ids))
	for _, id := range ids {
		name := fileName(id)
		if taken[name] > 1 {
			sum := sha256.Sum256([]byte(id))
			name += "-" + hex.EncodeToString(sum[:4])
		}
		names[id] = name
	}
	return names
}

// fileName is the id where it can be a name everywhere, and else a slug of it.
func fileName(id string) string {
	if len(id) > 60 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.Trim(id, "-") != id || id == "" {
		id = learning.Slug(id)
	}
	if isDevice(id) {
		return "client-" + id
	}
	return id
}

// isDevice reports whether Windows takes a name for a device, whatever its ending.
func isDevice(name string) bool {
	switch name {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(name) == 4 && (strings.HasPrefix(name, "com") || strings.HasPrefix(name, "lpt")) && '0' <= name[3] && name[3] <= '9'
}
