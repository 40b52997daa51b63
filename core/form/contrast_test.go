package form

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// colors reads the custom properties of the rule that starts at the marker.
func colors(t *testing.T, marker string) map[string]string {
	t.Helper()
	_, rule, ok := strings.Cut(pageStyle, marker)
	if !ok {
		t.Fatalf("the style has no %q", marker)
	}
	rule, _, _ = strings.Cut(rule, "}")
	all := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(rule, -1) {
		all[m[1]] = m[2]
	}
	return all
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		t.Fatalf("color %q: %v", hex, err)
	}
	linear := func(shift int) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}

func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// Black on white is 21:1 by definition; #777777 on white is the well-known
// 4.48:1 that just fails.
func TestContrastFormula(t *testing.T) {
	if got := contrast(t, "#000000", "#ffffff"); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white: got %v, want 21", got)
	}
	if got := contrast(t, "#777777", "#ffffff"); math.Abs(got-4.48) > 0.005 {
		t.Errorf("gray on white: got %v, want 4.48", got)
	}
}

// WCAG 2.2 level AA: 4.5:1 for text (1.4.3), 3:1 for the edges of fields and
// for the focus (1.4.11).
func TestContrast(t *testing.T) {
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"ink", "page", 4.5}, {"ink", "card", 4.5}, {"ink", "tint", 4.5},
		{"soft", "page", 4.5}, {"soft", "card", 4.5}, {"soft", "tint", 4.5},
		{"accent", "page", 4.5}, {"accent", "card", 4.5}, {"accent", "tint", 4.5},
		{"on-accent", "accent", 4.5}, {"alarm", "card", 4.5},
		{"edge", "card", 3}, {"edge", "page", 3}, {"accent", "line", 3},
	}
	for scheme, marker := range map[string]string{"light": ":root {", "dark": "@media (prefers-color-scheme: dark) {"} {
		c := colors(t, marker)
		for _, p := range pairs {
			if got := contrast(t, c[p.front], c[p.back]); got < p.least {
				t.Errorf("%s: %s on %s is %.2f:1, want at least %v:1", scheme, p.front, p.back, got, p.least)
			}
		}
	}
}
