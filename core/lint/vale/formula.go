package vale

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/firstcall-cli/firstcall/core/lint"
)

// result is what a condition calls the value of its formula.
const result = "__result__"

const (
	maxFormula = 2000 // bytes
	maxNested  = 50   // brackets
)

// value computes an expression. Comparisons give 1 or 0.
type value func(variables map[string]float64) float64

// formula is an expression that is being read.
type formula struct {
	rest   string
	nested int
	what   string // is wrong, the first thing
}

// parseFormula reads arithmetic with comparisons, && and ||. what is wrong with
// it, or a name that it may not have, empty when it is right.
func parseFormula(text string) (v value, what string) {
	if len(text) > maxFormula {
		return nil, fmt.Sprintf("it is longer than %d bytes", maxFormula)
	}
	f := formula{rest: strings.TrimSpace(text)}
	v = f.level(0)
	if f.what == "" && f.rest != "" {
		f.fail(fmt.Sprintf("%q is left over", f.rest))
	}
	return v, f.what
}

func (f *formula) fail(what string) value {
	if f.what == "" {
		f.what = what
	}
	f.rest = ""
	return func(map[string]float64) float64 { return math.NaN() }
}

// operators are by how tight they bind, the loosest first. Longer ones come
// before those they begin with.
var operators = [...][]string{{"||"}, {"&&"}, {"<=", ">=", "==", "!=", "<", ">"}, {"+", "-"}, {"*", "/"}}

// level reads what binds at least as tight as the operators of a level.
func (f *formula) level(n int) value {
	if n == len(operators) {
		return f.factor()
	}
	left := f.level(n + 1)
	for {
		operator := ""
		for _, o := range operators[n] {
			if strings.HasPrefix(f.rest, o) {
				operator = o
				break
			}
		}
		if operator == "" {
			return left
		}
		f.skip(len(operator))
		left = combine(operator, left, f.level(n+1))
	}
}

func combine(operator string, left, right value) value {
	compute := func(a, b float64) float64 { return truth(a != 0 || b != 0) }
	switch operator {
	case "&&":
		compute = func(a, b float64) float64 { return truth(a != 0 && b != 0) }
	case "<=":
		compute = func(a, b float64) float64 { return truth(a <= b) }
	case ">=":
		compute = func(a, b float64) float64 { return truth(a >= b) }
	case "==":
		compute = func(a, b float64) float64 { return truth(a == b) }
	case "!=":
		compute = func(a, b float64) float64 { return truth(a != b) }
	case "<":
		compute = func(a, b float64) float64 { return truth(a < b) }
	case ">":
		compute = func(a, b float64) float64 { return truth(a > b) }
	case "+":
		compute = func(a, b float64) float64 { return a + b }
	case "-":
		compute = func(a, b float64) float64 { return a - b }
	case "*":
		compute = func(a, b float64) float64 { return a * b }
	case "/":
		compute = func(a, b float64) float64 { return a / b }
	}
	return func(v map[string]float64) float64 { return compute(left(v), right(v)) }
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// skip goes on by n bytes and the space after them.
func (f *formula) skip(n int) { f.rest = strings.TrimLeft(f.rest[n:], " \t\r\n") }

// factor reads a number, a name, a call, a sign, or what stands in brackets.
func (f *formula) factor() value {
	if f.nested++; f.nested > maxNested {
		return f.fail("there are too many brackets inside each other")
	}
	defer func() { f.nested-- }()
	end := strings.IndexFunc(f.rest, func(r rune) bool {
		return r != '.' && r != '_' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
	})
	if end < 0 {
		end = len(f.rest)
	}
	switch word := f.rest[:end]; {
	case f.rest == "":
		return f.fail("it ends too early")
	case f.rest[0] == '(':
		return f.brackets()
	case f.rest[0] == '-':
		f.skip(1)
		inner := f.factor()
		return func(v map[string]float64) float64 { return -inner(v) }
	case word == "":
		return f.fail(fmt.Sprintf("%q is not understood", f.rest))
	case strings.HasPrefix(word, "math."):
		f.skip(end)
		return f.call(word)
	case word[0] >= '0' && word[0] <= '9' || word[0] == '.':
		number, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return f.fail(fmt.Sprintf("%q is no number", word))
		}
		f.skip(end)
		return func(map[string]float64) float64 { return number }
	default:
		if _, known := variables(lint.Totals{})[word]; !known && word != result {
			return f.fail(word + " is not counted")
		}
		f.skip(end)
		return func(v map[string]float64) float64 { return v[word] }
	}
}

// brackets reads an expression in brackets.
func (f *formula) brackets() value {
	f.skip(1)
	inner := f.level(0)
	if !strings.HasPrefix(f.rest, ")") {
		return f.fail("a bracket is not closed")
	}
	f.skip(1)
	return inner
}

// call reads the argument of a function of one number.
func (f *formula) call(name string) value {
	function, ok := map[string]func(float64) float64{
		"math.sqrt": math.Sqrt, "math.abs": math.Abs, "math.log": math.Log, "math.log2": math.Log2, "math.log10": math.Log10,
		"math.exp": math.Exp, "math.floor": math.Floor, "math.ceil": math.Ceil, "math.cbrt": math.Cbrt, "math.trunc": math.Trunc,
	}[name]
	switch {
	case !ok:
		return f.fail(name + " is not known")
	case !strings.HasPrefix(f.rest, "("):
		return f.fail(name + " has no brackets")
	}
	inner := f.brackets()
	return func(v map[string]float64) float64 { return function(inner(v)) }
}
