package state

import (
	"path/filepath"
	"testing"
)

func TestDir(t *testing.T) {
	tests := []struct {
		system string
		env    map[string]string
		want   string
	}{
		{"linux", map[string]string{"HOME": "/home/a"}, "/home/a/.local/state/firstcall"},
		{"linux", map[string]string{"HOME": "/home/a", "XDG_STATE_HOME": "/s"}, "/s/firstcall"},
		// The XDG Base Directory Specification: relative paths are ignored.
		{"linux", map[string]string{"HOME": "/home/a", "XDG_STATE_HOME": "s"}, "/home/a/.local/state/firstcall"},
		{"darwin", map[string]string{"HOME": "/Users/a"}, "/Users/a/Library/Application Support/firstcall"},
		{"windows", map[string]string{"LocalAppData": "/data", "HOME": "/h"}, "/data/firstcall"},
		{"linux", nil, ""},
	}
	for _, tt := range tests {
		got, err := dir(tt.system, func(name string) string { return tt.env[name] })
		if filepath.ToSlash(got) != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%s %v: %q, %v, want %q", tt.system, tt.env, got, err, tt.want)
		}
	}
}
