package pdf

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode"
)

// withoutRunning takes away what stands at the top or bottom of most pages:
// headers, footers and page numbers.
func withoutRunning(pages [][]fragment) [][]fragment {
	const fewest = 3
	if len(pages) < fewest {
		return pages
	}
	seen := map[string]int{}
	for _, fragments := range pages {
		here := map[string]bool{}
		for _, f := range edges(fragments) {
			if key := f.running(); !here[key] {
				here[key] = true
				seen[key]++
			}
		}
	}
	out := make([][]fragment, len(pages))
	for i, fragments := range pages {
		at := map[float64]bool{}
		for _, f := range edges(fragments) {
			if n := seen[f.running()]; n >= fewest && n*5 >= len(pages)*2 {
				at[f.y] = true
			}
		}
		for _, f := range fragments {
			if !at[f.y] || seen[f.running()] < fewest {
				out[i] = append(out[i], f)
			}
		}
	}
	return out
}

// edges gives the fragments in the highest and lowest lines of a page.
func edges(fragments []fragment) []fragment {
	top, bottom := math.Inf(-1), math.Inf(1)
	for _, f := range fragments {
		top, bottom = max(top, f.y), min(bottom, f.y)
	}
	var all []fragment
	for _, f := range fragments {
		if near := 2.5 * f.size; f.y > top-near || f.y < bottom+near {
			all = append(all, f)
		}
	}
	return all
}

// running is the same for all pages that have a line but for its numbers.
func (f fragment) running() string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '#'
		}
		return r
	}, f.text)
	for strings.Contains(text, "##") {
		text = strings.ReplaceAll(text, "##", "#")
	}
	return fmt.Sprintf("%d %s", int(math.Round(f.y/4)), text)
}

// bullets are marks of list items.
const bullets = "•‣⁃▪▫◦●○■□◆◇➢➤→✓✔✗–—·-*\uF0B7\uF0A7"

// number tells the number of a list item.
var enumerator = regexp.MustCompile(`^(?:\d{1,2}[.)]|\(?[a-z]\)|\(\d{1,2}\)|[ivx]{1,4}[.)])(?: |$)`)

// bulletOnly says whether a text is the mark of a list item and nothing else.
func bulletOnly(s string) bool {
	return len([]rune(s)) == 1 && strings.Contains(bullets, s) || s == "o" || enumerator.FindString(s) == s
}

// unmarked gives a text without the mark of a list item, if there is one.
func unmarked(s string) (rest string, is bool) {
	first, rest, found := strings.Cut(s, " ")
	if !found || !bulletOnly(first) || first == "o" && startsLower(rest) {
		return s, false
	}
	return strings.TrimSpace(rest), true
}
