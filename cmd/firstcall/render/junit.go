package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
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
		Error   *junitFailure `xml:"error"`
		Failure *junitFailure `xml:"failure"`
		Skipped *junitSkipped `xml:"skipped"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",innerxml"`
	}
)

// junitSkipped says why a text was not judged.
type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// noTime stands where JUnit has a duration: none is measured, so that the same
// texts give the same bytes.
const noTime = "0"

// junit writes texts as test cases. One with warnings or errors is one failure,
// since many readers of the format take only one a case; hints fail nothing. One that
// could not be looked at is an error, and one that is not judged has not passed: unless
// it fails, it is skipped.
func junit(w io.Writer, r report) error {
	all := junitSuites{Name: "firstcall " + r.command, Time: noTime}
	suites := map[string]*junitSuite{}
	for _, t := range r.texts {
		suite := suites[t.suite]
		if suite == nil {
			suite = &junitSuite{Name: t.suite, Time: noTime}
			suites[t.suite] = suite
			all.Suites = append(all.Suites, suite)
		}
		test := junitCase{
			Name: t.id, Class: joined([]string{t.client, t.kind}, "."),
			File: r.root.fileName(t.place.File), Line: t.place.Line, Time: noTime,
		}
		switch failed := t.failure(); {
		case failed != nil && t.notice != nil && t.notice.severity == failure:
			test.Error = failed
			suite.Errors++
			all.Errors++
		case failed != nil:
			test.Failure = failed
			suite.Failures++
			all.Failures++
		case t.notice != nil:
			test.Skipped = &junitSkipped{t.notice.message}
			suite.Skipped++
		}
		suite.Tests++
		all.Tests++
		suite.Cases = append(suite.Cases, test)
	}
	return writeXML(w, all)
}

// failure gathers warnings and errors; it is nil when there are none.
func (t text) failure() *junitFailure {
	if t.passes {
		return nil
	}
	var f junitFailure
	var said strings.Builder
	n := 0
	found := t.told()
	for _, severity := range []string{failure, warning} {
		for _, finding := range found {
			if finding.Severity != severity {
				continue
			}
			if n == 0 {
				f.Type, f.Message = finding.Rule, finding.Message
			}
			n++
			fmt.Fprintf(&said, "\n%s: %s: %s [%s]", place(finding.Place), severity, finding.Message, finding.Rule)
			if finding.Fix != "" {
				fmt.Fprintf(&said, "\n    fix: %s", finding.Fix)
			}
		}
	}
	if n == 0 {
		return nil
	}
	if t.notice != nil && t.notice.severity != hint { // the verdict first
		f.Type, f.Message = t.notice.rule, t.notice.message
	}
	if n > 1 {
		f.Message += fmt.Sprintf(", and %d more", n-1)
	}
	f.Text = element(said.String() + "\n")
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
