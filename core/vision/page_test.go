package vision

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestVerdictPage holds docs/verdict.md to the weights. With -update it is written
// anew.
func TestVerdictPage(t *testing.T) {
	const file = "../../docs/verdict.md"
	want := verdictPage()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/verdict.md is not what the weights say; run with -update")
	}
}

func verdictPage() string {
	var b strings.Builder
	b.WriteString(`# How the verdict on a statement is made

<!-- Made from core/vision by go test ./core/vision -run VerdictPage -update -->

Every figure is a sum that can be done by hand. A part of the verdict begins where
the statements of the public corpus stand on average. Each feature of the text then
moves it: not at all up to *from*, by all its *points* at *to* and beyond, and in
between in proportion (or in proportion to the logarithm of one more, where *log*
stands: the second finding of a kind says less than the first). What counts is how
far the statement is from where the corpus stands on average, in the last column as
a share of the way. Parts stay within 0 and 100.

The points are fitted to the ratings of two readers, with the direction held; see
[accuracy](lint-accuracy.md). Where the ratings show too few cases a weight has a
least size by our judgment.

The overall figure is `)
	for p := range parts {
		if p > 0 {
			b.WriteString(" + ")
		}
		fmt.Fprintf(&b, "%.2f × %s", weightOf[p], p)
	}
	b.WriteString(".\n")
	for p := range parts {
		m := &models[p]
		fmt.Fprintf(&b, "\n## %s\n\nBegins at %.1f.\n\n| feature | from | to | log | points | the corpus |\n| --- | --- | --- | --- | --- | --- |\n", strings.ToUpper(p.String()[:1])+p.String()[1:], m.Usual)
		for _, w := range m.Weights {
			log := ""
			if w.Log {
				log = "log"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %+.1f | %.2f |\n", features[w.Feature].Name, number2(w.From), number2(w.To), log, w.Points, w.Usual)
		}
	}
	fmt.Fprintf(&b, `
What is known of the organization (`+"`--org`, `--culture`"+`) moves *true* further: all values
carried %+d, none %+d; each conflict with another statement %+d, of two at most; a
name that is no longer right %+d; each claim that employees rate as weak %+d, of two
at most; claims that they rate as strong %+d.

## The features

| feature | what it is |
| --- | --- |
`, pointsValues, -pointsValues, pointsConflict, pointsOldName, pointsCulture, pointsLived)
	for _, f := range features {
		fmt.Fprintf(&b, "| %s | %s |\n", f.Name, f.Doc)
	}
	b.WriteString("\nThe lists stand in `core/language/english/lists`, each with what belongs there and\nwhere it is from.\n")
	return b.String()
}

func number2(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
