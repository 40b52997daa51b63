package pdf

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// withoutRunning takes away what stands at the top or bottom of most pages:
// headers, footers and page numbers. What it takes away comes second.
func withoutRunning(pages [][]fragment) (text, running [][]fragment) {
	const fewest = 3
	text, running = make([][]fragment, len(pages)), make([][]fragment, len(pages))
	if len(pages) < fewest {
		return pages, running
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
	for i, fragments := range pages {
		at := map[float64]bool{}
		for _, f := range edges(fragments) {
			if n := seen[f.running()]; n >= fewest && n*5 >= len(pages)*2 {
				at[f.y] = true
			}
		}
		for _, f := range fragments {
			if at[f.y] && seen[f.running()] >= fewest {
				running[i] = append(running[i], f)
			} else {
				text[i] = append(text[i], f)
			}
		}
	}
	return text, running
}

// middle is halfway between the highest and the lowest line of a page.
func middle(parts ...[]fragment) float64 {
	top, bottom := math.Inf(-1), math.Inf(1)
	for _, fragments := range parts {
		for _, f := range fragments {
			top, bottom = max(top, f.y), min(bottom, f.y)
		}
	}
	return (top + bottom) / 2
}

// maxRunning is how many running lines a file may have.
const maxRunning = 256

// running adds running lines of a page. What stands beside each other in them is
// one line.
func (t *Text) running(fragments []fragment, page int, middle float64) {
	for i := 0; i < len(fragments); {
		first := fragments[i]
		text := first.text
		for i++; i < len(fragments) && math.Abs(fragments[i].y-first.y) < sameLine*first.size; i++ {
			text += " " + fragments[i].text
		}
		r := Running{text, page, first.y < middle}
		if len(t.Running) < maxRunning && !slices.ContainsFunc(t.Running, func(o Running) bool {
			return o.Bottom == r.Bottom && unnumbered(o.Text) == unnumbered(r.Text)
		}) {
			t.Running = append(t.Running, r)
		}
	}
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
	return fmt.Sprintf("%d %s", int(math.Round(f.y/4)), unnumbered(f.text))
}

// unnumbered gives a text with the same for every number.
func unnumbered(text string) string {
	number := false
	return strings.Map(func(r rune) rune {
		again := number
		if number = unicode.IsDigit(r); !number {
			return r
		}
		if again {
			return -1
		}
		return '#'
	}, text)
}

// bullets are marks of list items.
const bullets = "•‣⁃▪▫◦●○■□◆◇➢➤→✓✔✗–—·-*\uF0B7\uF0A7"

// number tells the number of a list item.
var enumerator = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\d{1,2}[.)]|\(?[a-z]\)|\(\d{1,2}\)|[ivx]{1,4}[.)])(?: |$)`)
})

// bulletOnly says whether a text is the mark of a list item and nothing else.
func bulletOnly(s string) bool {
	return len([]rune(s)) == 1 && strings.Contains(bullets, s) || s == "o" || enumerator().FindString(s) == s
}

// unmarked gives a text without the mark of a list item, if there is one.
func unmarked(s string) (rest string, is bool) {
	first, rest, found := strings.Cut(s, " ")
	if !found || !bulletOnly(first) || first == "o" && startsLower(rest) {
		return s, false
	}
	return strings.TrimSpace(rest), true
}
