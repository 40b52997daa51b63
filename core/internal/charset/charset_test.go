package charset

import (
	"strings"
	"testing"
)

func TestLooksLikeUTF8(t *testing.T) {
	for _, c := range []struct {
		text string
		cut  bool
		want bool
	}{
		{"plain", false, false}, // nothing speaks for it
		{"caf\xc3\xa9", false, true},
		{"caf\xe9", false, false},
		{"caf\xc3\xa9 and \xff", false, true}, // one of each: damaged UTF-8
		{"\xe9\xe8 caf\xc3\xa9", false, false},
		{"caf\xc3\xa9 \xc3", true, true},
		{"caf\xc3\xa9 \xe9 \xe8 x", true, false},
	} {
		if got := LooksLikeUTF8([]byte(c.text), c.cut); got != c.want {
			t.Errorf("%q: %v", c.text, got)
		}
	}
}

func TestASCIIPrefix(t *testing.T) {
	for n := range 40 {
		text := strings.Repeat("a", n)
		if got := ASCIIPrefix([]byte(text)); got != n {
			t.Errorf("%d of %d", got, n)
		}
		if got := ASCIIPrefix([]byte(text + "\xe9 and on and on")); got != n {
			t.Errorf("%d before the first beyond ASCII, want %d", got, n)
		}
	}
}
