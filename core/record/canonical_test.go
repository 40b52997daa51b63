package record

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// Piece by piece gives what the whole at once gives.
func TestCanonicalInPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 30 {
		text := randomJSON(r, 0)
		want := jsontext.Value(text)
		if err := want.Canonicalize(); err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := writeCanonical(&got, jsontext.Value(text)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Fatalf("%d bytes come out as\n%.300s\nwant\n%.300s", len(text), got.Bytes(), want)
		}
	}
}

// randomJSON is an object or list of some hundred kilobytes.
func randomJSON(r *rand.Rand, depth int) string {
	if depth > 3 || depth > 0 && r.IntN(4) == 0 {
		return []string{"1.50", "-0", "1e3", `"é\u00e9\n"`, "null", "true", `"` + strings.Repeat("x", r.IntN(400)) + `"`}[r.IntN(7)]
	}
	var parts []string
	object := r.IntN(2) == 0
	for i := range 8 + r.IntN(14) {
		part := randomJSON(r, depth+1)
		if object {
			part = fmt.Sprintf(" %q : %s", fmt.Sprintf("%c%d", []rune("zäa\U0001F600\uFFEE")[r.IntN(5)], i), part)
		}
		parts = append(parts, part)
	}
	if object {
		return "{" + strings.Join(parts, " , ") + "}"
	}
	return "[ " + strings.Join(parts, ",\n") + "]"
}
