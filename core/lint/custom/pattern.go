package custom

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/firstcall-cli/firstcall/core/lint"
	"github.com/firstcall-cli/firstcall/core/lint/internal/runs"
	"github.com/firstcall-cli/firstcall/core/prose"
)

const (
	// maxPattern is the longest pattern, in bytes.
	maxPattern = 2000
	// maxSize is the largest pattern with its repetitions written out, in
	// characters: matching takes that many steps for each one of the text.
	maxSize = 4000
)

// pattern compiles a pattern, or reports what is wrong with it and gives nil.
func (r reader) pattern(source string, p path) *regexp.Regexp {
	if len(source) > maxPattern {
		r.report(p, fmt.Sprintf("pattern is longer than %d bytes", maxPattern), "make several rules of it; for lists of words use phrases")
		return nil
	}
	// Flags of the pattern's own come later and win.
	tree, err := syntax.Parse("(?i)"+source, syntax.Perl)
	if err != nil {
		what, hint := patternFault(source, err)
		r.report(p, what, hint)
		return nil
	}
	if runs.Size(tree) > maxSize {
		r.report(p, "pattern repeats too much", fmt.Sprintf("written out without repetitions it may have %d characters at most", maxSize))
		return nil
	}
	re := regexp.MustCompile("(?i)" + source)
	if re.MatchString("") {
		r.report(p, "pattern matches the empty text", "then it matches everywhere; use + instead of *")
		return nil
	}
	return re
}

// patternFault words why a pattern does not compile.
func patternFault(source string, err error) (what, hint string) {
	var fault *syntax.Error
	if !errors.As(err, &fault) {
		return "pattern is not a regular expression", err.Error()
	}
	what = fmt.Sprintf("pattern is not a regular expression: %s %q", fault.Code, fault.Expr)
	backreference := regexp.MustCompile(`(^|[^\\])(\\\\)*\\[1-9k]`).MatchString(source)
	switch {
	case strings.Contains(source, "(?=") || strings.Contains(source, "(?!") || strings.Contains(source, "(?<=") || strings.Contains(source, "(?<!"):
		return what, "lookahead and lookbehind, such as (?=...) and (?<!...), are not there: match what stands around as well"
	case backreference && fault.Code == syntax.ErrInvalidEscape:
		return what, `references such as \1 are not there: write the text a second time`
	case strings.Contains(source, "(?>") || strings.Contains(source, "++") || strings.Contains(source, "*+"):
		return what, "atomic groups and possessive quantifiers are not there, and not needed: matching never goes back"
	case fault.Code == syntax.ErrInvalidRepeatSize:
		return what, "something may be repeated 1000 times at most"
	case fault.Code == syntax.ErrMissingParen || fault.Code == syntax.ErrUnexpectedParen:
		return what, `write \( for a bracket of the text`
	}
	return what, "the syntax is that of Go: https://pkg.go.dev/regexp/syntax"
}

// reference finds the references to groups in a replacement.
var reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$(\$|\w+|\{\w*\})`) })

// checkReferences reports references to groups that a pattern doesn't have.
func (r reader) checkReferences(re *regexp.Regexp, replacement string, p path) {
	for _, found := range reference().FindAllString(replacement, -1) {
		name := strings.Trim(found, "${}")
		number, err := strconv.Atoi(name)
		switch {
		case found == "$$", err == nil && number <= re.NumSubexp(), name != "" && slices.Contains(re.SubexpNames(), name):
		default:
			r.report(p, fmt.Sprintf("replacement has %s, which is no group of the pattern", found), "write ${1} for the first pair of brackets, and $$ for a dollar sign")
		}
	}
}

// patternRule makes a rule of a pattern.
func (r reader) patternRule(rule *lint.Rule, raw rawRule, w words, p path) {
	r.checkMessage(w, p, "{found}", "{replacement}")
	re := r.pattern(*raw.Pattern, p.at("pattern"))
	if re == nil {
		return
	}
	if raw.Replacement != nil {
		r.checkReferences(re, *raw.Replacement, p.at("replacement"))
	}
	replacement, safe := raw.Replacement, raw.Safe
	rule.Check = func(p *lint.Pass) {
		eachRun(p.Text, func(run prose.Span) {
			source := run.In(p.Text.Source)
			for _, at := range re.FindAllStringSubmatchIndex(source, -1) {
				if at[0] == at[1] {
					continue
				}
				quote := source[at[0]:at[1]]
				d := lint.Diagnostic{Span: prose.Span{Start: run.Start + at[0], End: run.Start + at[1]}}
				if replacement == nil {
					d.Message = w.found(quote, nil)
				} else {
					instead := string(re.ExpandString(nil, *replacement, source, at))
					if instead == quote {
						continue
					}
					d.Message = w.found(quote, &instead)
					d.Fix = &lint.Fix{Replacement: instead, Safe: safe}
				}
				p.Diagnose(d)
			}
		})
	}
}

// eachRun calls f for each part of the text that is matched at once.
func eachRun(t *prose.Text, f func(prose.Span)) {
	for _, p := range t.Paragraphs {
		runs.Of(t, p, f)
	}
}
