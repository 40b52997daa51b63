// Package state knows where firstcall keeps what it must remember between runs
// and what is no setting of the user's: losing it costs a question, not data.
package state

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// Dir returns firstcall's state folder for this user, which need not exist:
// $XDG_STATE_HOME/firstcall when that is set to an absolute path, else
// ~/.local/state/firstcall, ~/Library/Application Support/firstcall (macOS) or
// %LocalAppData%\firstcall (Windows).
func Dir() (string, error) {
	return dir(runtime.GOOS, os.Getenv)
}

func dir(system string, getenv func(string) string) (string, error) {
	if xdg := getenv("XDG_STATE_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, "firstcall"), nil
	}
	home, parts := getenv("HOME"), []string{".local", "state"}
	switch system {
	case "windows":
		home, parts = getenv("LocalAppData"), nil
	case "darwin", "ios":
		parts = []string{"Library", "Application Support"}
	}
	if home == "" {
		return "", errors.New("no home folder is known")
	}
	return filepath.Join(append(append([]string{home}, parts...), "firstcall")...), nil
}
