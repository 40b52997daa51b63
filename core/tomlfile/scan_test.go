package tomlfile

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// checkTree compares what the scanner found with what the parser read: the same
// keys, lists of the same length, scalars that read as the same value, and at
// the place of every key the text of that key.
func checkTree(t *testing.T, text string, n *node, v any, at, key string) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if got, want := slices.Sorted(maps.Keys(n.keys)), slices.Sorted(maps.Keys(v)); !slices.Equal(got, want) {
			t.Fatalf("%s: scanner found keys %q, parser %q in\n%s", at, got, want, text)
		}
		if len(n.order) != len(v) {
			t.Fatalf("%s: %d keys in order, want %d", at, len(n.order), len(v))
		}
		for name, inner := range v {
			checkKeyText(t, text, n.keys[name], name)
			checkTree(t, text, n.keys[name], inner, at+"."+name, name)
		}
	case []map[string]any, []any:
		entries := reflect.ValueOf(v)
		if len(n.elems) != entries.Len() {
			t.Fatalf("%s: scanner found %d entries, parser %d in\n%s", at, len(n.elems), entries.Len(), text)
		}
		for i, e := range n.elems {
			if n.kind == tableList {
				checkKeyText(t, text, e, key)
			}
			checkTree(t, text, e, entries.Index(i).Interface(), fmt.Sprintf("%s[%d]", at, i), key)
		}
	default:
		var again struct{ X any }
		if _, err := toml.Decode("X = "+n.raw, &again); err != nil || fmt.Sprint(again.X) != fmt.Sprint(v) {
			t.Fatalf("%s: scanner took the value for %q, which is not %v (%v) in\n%s", at, n.raw, v, err, text)
		}
	}
}

var quotedKey = regexp.MustCompile(`^(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*')`)

// checkKeyText finds the text at the node's place without the scanner's help
// and compares it with the key.
func checkKeyText(t *testing.T, text string, n *node, name string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	if n.line < 1 || n.line > len(lines) || n.column < 1 || n.column > len([]rune(lines[n.line-1])) {
		t.Fatalf("key %q at %d:%d is outside of\n%s", name, n.line, n.column, text)
	}
	rest := string([]rune(lines[n.line-1])[n.column-1:])
	if literal := quotedKey.FindString(rest); literal != "" {
		var key struct{ K string }
		if _, err := toml.Decode("K = "+literal, &key); err != nil || key.K != name {
			t.Fatalf("at %d:%d stands %s, not the key %q (%v) in\n%s", n.line, n.column, literal, name, err, text)
		}
		return
	}
	if !strings.HasPrefix(rest, name) || len(rest) > len(name) && bareKey(rest[len(name)]) {
		t.Fatalf("at %d:%d stands %q, not the key %q in\n%s", n.line, n.column, rest, name, text)
	}
}

// checkKeys looks every key that the parser lists up in the scanner's tree.
func checkKeys(t *testing.T, text string, root *node, keys []toml.Key) {
	t.Helper()
	for _, key := range keys {
		if !reachable(root, key) {
			t.Fatalf("scanner did not find %s in\n%s", key, text)
		}
	}
}

func reachable(n *node, key toml.Key) bool {
	if len(key) == 0 {
		return true
	}
	if c := n.keys[key[0]]; c != nil && reachable(c, key[1:]) {
		return true
	}
	return slices.ContainsFunc(n.elems, func(e *node) bool { return reachable(e, key) })
}

// generator writes random TOML with few names, so that dotted keys, headers and
// lists of tables meet each other.
type generator struct{ *rand.Rand }

func (g generator) pick(choices ...string) string { return choices[g.IntN(len(choices))] }

func (g generator) name() string {
	return g.pick("a", "b", "c", "d-1", "_", "7", `"a b"`, `"q\"]é=#"`, `'x.y'`, `"\u00e4"`, `"a"`, `'b'`)
}

func (g generator) key() string {
	parts := []string{g.name()}
	for g.IntN(4) == 0 {
		parts = append(parts, g.name())
	}
	return strings.Join(parts, g.pick(".", " . ", ".\t"))
}

func (g generator) value(depth int) string {
	n := 18
	if depth > 3 {
		n = 14
	}
	switch g.IntN(n) {
	case 0:
		return g.pick("1", "-17", "+0", "1_000", "0xff", "0o7", "0b1", "3.5", "-1e9", "inf", "-nan")
	case 1:
		return g.pick("true", "false")
	case 2:
		return g.pick("1979-05-27", "07:32:00", "1979-05-27 07:32:00", "1979-05-27T07:32:00.5Z")
	case 3, 4:
		return g.pick(`"plain"`, `"with \" and \\"`, `"# not = a [comment]"`, `""`, `"ä€😀"`, `"\\"`)
	case 5, 6:
		return g.pick(`'raw \'`, `'"'`, `''`, `'[x] # {'`)
	case 7, 8, 9:
		return `"""` + g.pick("", "\n", "a\nb = 1\n[t]\n", `x ""y`, `\"""\"`, "a \\\n   b", `'''`, `\\`, "é\r\n") +
			g.pick("", `"`, `""`) + `"""`
	case 10, 11:
		return `'''` + g.pick("", "\n", "a\n[[t]]\n", `x ''y`, `\`, `"""`, "é\r\n") + g.pick("", `'`, `''`) + `'''`
	case 12, 13:
		return "5"
	case 14, 15:
		return g.list("[", "]", depth, g.value)
	default:
		return g.list("{", "}", depth, func(depth int) string {
			return g.key() + g.pick("=", " = ") + g.value(depth)
		})
	}
}

func (g generator) list(opening, closing string, depth int, entry func(int) string) string {
	var b strings.Builder
	b.WriteString(opening)
	for i := g.IntN(4); i > 0; i-- {
		b.WriteString(g.space() + entry(depth+1) + g.space())
		if i > 1 || g.IntN(3) == 0 {
			b.WriteString(",")
		}
	}
	return b.String() + g.space() + closing
}

func (g generator) space() string {
	return g.pick("", "", " ", "\t ", "\n", "\r\n\n ", " # ] } \" é\n")
}

func (g generator) block() string {
	indent, end := g.pick("", "", "  ", "\t"), g.pick("\n", "\r\n", " \n", " # x = 1 é\n", "\n\n# [c]\n")
	switch g.IntN(7) {
	case 0, 1:
		return indent + "[" + g.pick("", " ") + g.key() + g.pick("", " ") + "]" + end
	case 2:
		return indent + "[[" + g.pick("", " ") + g.key() + g.pick("", " ") + "]]" + end
	default:
		return indent + g.key() + g.pick("=", " = ", "\t=  ") + g.value(0) + end
	}
}

func TestScannerFindsEveryKeyOfRandomDocuments(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	blocks, keys := 0, 0
	for range 1000 {
		text := ""
		for range 2 + g.IntN(14) {
			longer := text + g.block()
			if _, err := toml.Decode(longer, &map[string]any{}); err == nil && len(scan(longer).faults) == 0 {
				text = longer
				blocks++
			}
		}
		text = strings.TrimRight(text, g.pick("", "\r\n"))
		values := map[string]any{}
		meta, err := toml.Decode(text, &values)
		if err != nil {
			continue // cut in the middle of a line ending
		}
		s := scan(text)
		if s.stuck {
			t.Fatalf("scanner stopped at byte %d of %q", s.off, text)
		}
		checkTree(t, text, s.root, values, "", "")
		checkKeys(t, text, s.root, meta.Keys())
		keys += len(meta.Keys())
	}
	if blocks < 5000 || keys < 5000 {
		t.Errorf("only %d blocks and %d keys were generated", blocks, keys)
	}
}

func FuzzScan(f *testing.F) {
	g := generator{rand.New(rand.NewPCG(3, 4))}
	for range 100 {
		f.Add(g.block() + g.block() + g.block())
	}
	f.Add("a.b.c = 1\n[a.d]\n[[x.y]]\nz=[{q=1},{q=2}]\n[x.y.w]\n")
	f.Add("s = \"\"\"\n\"\"a\\\"\"\"\"\"\"\n'k' = '''''x'''''\n")
	f.Fuzz(func(t *testing.T, text string) {
		if _, fault := readable([]byte(text)); fault != nil {
			return
		}
		text = strings.TrimPrefix(text, "\uFEFF")
		s := scan(text)
		if len(s.faults) > 0 {
			return
		}
		values := map[string]any{}
		meta, err := toml.Decode(text, &values)
		if err != nil {
			return
		}
		if s.stuck {
			t.Fatalf("scanner stopped at byte %d of %q", s.off, text)
		}
		checkTree(t, text, s.root, values, "", "")
		checkKeys(t, text, s.root, meta.Keys())
	})
}
