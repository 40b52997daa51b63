package vale

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/prose"
)

// verb is a place in a message that is filled in.
var verb = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`%%|%s|%\[\d+\]s`) })

// fill fills a message's places in, one after another or by number. Places
// without a value stay.
func fill(message string, values ...string) string {
	next := 0
	return verb().ReplaceAllStringFunc(message, func(v string) string {
		if v == "%%" {
			return "%"
		}
		i := next
		if v == "%s" {
			next++
		} else {
			i, _ = strconv.Atoi(strings.Trim(v, "%[]s"))
			i--
		}
		if i < 0 || i >= len(values) {
			return v
		}
		return strings.Join(strings.Fields(values[i]), " ")
	})
}

// say words a diagnostic as the rule's message has it, without its full stop.
func (c *check) say(values ...string) string { return stopless(fill(c.def.message, values...)) }

func stopless(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "..") {
		return s[:len(s)-1]
	}
	return s
}

// fix gives what a rule's action makes of the words it has found, nil when it is
// the writer who has to choose. None is safe: what a style replaces may stand
// anywhere.
func (c *check) fix(quote string) *lint.Fix {
	params := c.def.action.params
	var replacement string
	switch c.def.action.name {
	case "replace":
		if len(params) != 1 {
			return nil
		}
		replacement = params[0]
	case "remove":
	case "edit":
		edited, ok := c.edit(quote, params)
		if !ok {
			return nil
		}
		replacement = edited
	default:
		return nil
	}
	if replacement == quote {
		return nil
	}
	return &lint.Fix{Replacement: replacement}
}

// edit is Vale's action of that name.
func (c *check) edit(quote string, params []string) (string, bool) {
	at := func(i int) string {
		if i < len(params) {
			return params[i]
		}
		return ""
	}
	if len(params) < 2 {
		return "", false
	}
	edited := quote
	switch params[0] {
	case "regex":
		if c.edits == nil {
			return "", false
		}
		edited = c.edits.ReplaceAllString(quote, at(2))
	case "trim", "remove":
		edited = strings.Trim(quote, at(1))
	case "trim_left":
		edited = strings.TrimLeft(quote, at(1))
	case "trim_right":
		edited = strings.TrimRight(quote, at(1))
	case "truncate":
		edited, _, _ = strings.Cut(quote, at(1))
	case "replace":
		edited = strings.ReplaceAll(quote, at(1), at(2))
	case "split":
		parts := strings.Split(quote, at(1))
		i, err := strconv.Atoi(at(2))
		if err != nil || i < 0 || i >= len(parts) {
			return "", false
		}
		edited = parts[i]
	default:
		return "", false
	}
	return edited, true
}

// narrow gives a match in a span of the piece without the space around it, which
// styles match to be sure of their words: to replace it would join words.
func narrow(span prose.Span, text string, start, end int) (place prose.Span, quote string) {
	quote = text[start:end]
	if trimmed := strings.TrimLeftFunc(quote, unicode.IsSpace); trimmed != "" {
		start = end - len(trimmed)
		quote = strings.TrimRightFunc(trimmed, unicode.IsSpace)
	}
	start += span.Start
	return prose.Span{Start: start, End: start + len(quote)}, quote
}

// options gives the suggestions of a swap: they are divided by bars, and a bar
// of the text has a backslash.
func options(value string) []string {
	const bar = "\x00"
	var list []string
	for option := range strings.SplitSeq(strings.ReplaceAll(value, `\|`, bar), "|") {
		if option != "" {
			list = append(list, strings.ReplaceAll(option, bar, "|"))
		}
	}
	return list
}

// either lists suggestions in quotes.
func either(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = "'" + s + "'"
	}
	switch n := len(quoted); n {
	case 0, 1:
		return strings.Join(list, "")
	case 2:
		return quoted[0] + " or " + quoted[1]
	default:
		return strings.Join(quoted[:n-1], ", ") + ", or " + quoted[n-1]
	}
}

// unquoted takes the quotes around the first place of a message that has two
// quoted ones: the values bring their own.
func unquoted(message string) string {
	for _, place := range []string{"'%s'", `"%s"`} {
		if strings.Count(message, place) == 2 {
			return strings.Replace(message, place, "%s", 1)
		}
	}
	return message
}

// upperFirst gives s with a capital.
func upperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
