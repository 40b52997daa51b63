package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/firstcall-cli/firstcall/core/record"
)

type (
	junitSuites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Time     string   `xml:"time,attr"`
		Suites   []*junitSuite
	}
	junitSuite struct {
		XMLName  xml.Name `xml:"testsuite"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Time     string   `xml:"time,attr"`
		Cases    []junitCase
	}
	junitCase struct {
		XMLName xml.Name      `xml:"testcase"`
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Time    string        `xml:"time,attr"`
		Failure *junitFailure `xml:"failure"`
		Skipped *junitSkipped `xml:"skipped"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",innerxml"`
	}
)

// junitSkipped says why a statement was not judged.
type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// noTime stands where JUnit has a duration: none is measured, so that the same
// statements give the same bytes.
const noTime = "0"

// junit writes statements as test cases, a suite for each file. A statement
// with warnings or errors is one failure, since many readers of the format
// take only one a case; hints fail nothing. One without a verdict has not passed:
// unless it fails, it is skipped.
func junit(w io.Writer, lint Lint) error {
	all := junitSuites{Name: "firstcall lint", Time: noTime}
	suites := map[string]*junitSuite{}
	for _, l := range lint.Statements {
		file := lint.fileName(l.Statement.Place.File)
		suite := suites[file]
		if suite == nil {
			name := file
			if name == "" {
				name = "standard input"
			}
			suite = &junitSuite{Name: name, Time: noTime}
			suites[file] = suite
			all.Suites = append(all.Suites, suite)
		}
		test := junitCase{
			Name: l.Statement.ID, Class: joined([]string{l.clientID(), l.Statement.Kind}, "."),
			File: file, Line: l.Statement.Place.Line, Time: noTime, Failure: junitFailureOf(l.Statement.Findings),
		}
		suite.Tests++
		all.Tests++
		if test.Failure != nil {
			suite.Failures++
			all.Failures++
		} else if l.Statement.Verdict == nil {
			suite.Skipped++
			test.Skipped = &junitSkipped{notJudged(l.Statement)}
		}
		suite.Cases = append(suite.Cases, test)
	}
	return writeXML(w, all)
}

// junitFailureOf gathers warnings and errors; it is nil when there are none.
func junitFailureOf(findings []record.Remark) *junitFailure {
	var f junitFailure
	var text strings.Builder
	n := 0
	for _, severity := range []string{failure, warning} {
		for _, finding := range findings {
			if finding.Severity != severity {
				continue
			}
			if n == 0 {
				f.Type, f.Message = finding.Rule, finding.Message
			}
			n++
			fmt.Fprintf(&text, "\n%s: %s: %s [%s]", place(finding.Place), severity, finding.Message, finding.Rule)
			if finding.Fix != "" {
				fmt.Fprintf(&text, "\n    fix: %s", finding.Fix)
			}
		}
	}
	if n == 0 {
		return nil
	}
	if n > 1 {
		f.Message += fmt.Sprintf(", and %d more", n-1)
	}
	f.Text = element(text.String() + "\n")
	return &f
}

// element escapes text between tags and keeps its lines, which encoding/xml
// would write as references.
func element(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return strings.ReplaceAll(b.String(), "&#xA;", "\n")
}

// writeXML writes a document. Characters that XML has not are replaced.
func writeXML(w io.Writer, document any) error {
	text, err := xml.MarshalIndent(document, "", "  ")
	if err != nil {
		return fmt.Errorf("write XML: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}
