package form

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

//go:embed page/page.html.tmpl
var pageTemplate string

//go:embed page/page.css
var pageStyle string

//go:embed page/page.js
var pageScript string

// pageData is what the template sees.
type pageData struct {
	*sheet
	Policy      string // content security policy
	Style       template.CSS
	Script      template.JS
	ColumnsJSON string // ids of the columns, in order
}

// HTML writes the questionnaire as one file for a browser. The file needs no
// server and reaches no network: its content security policy allows nothing
// but its own style and script, named by their hashes. Answers stay in the
// page until the respondent saves them as a CSV file of a header and one row,
// whose columns are the constants of opt, the group attributes and the items,
// named by their ids; an answer to an item is the number on its scale, and
// what was left out is an empty cell.
//
// An option that does not fit the instrument is a problem.Problem; nothing is
// written then.
func HTML(w io.Writer, in *instrument.Instrument, opt Options) error {
	s, err := newSheet(in, opt)
	if err != nil {
		return err
	}
	columns, err := json.Marshal(s.Columns)
	if err != nil {
		return fmt.Errorf("list the columns of the form: %w", err)
	}
	data := pageData{
		sheet:       s,
		Policy:      contentPolicy(pageStyle, pageScript),
		Style:       template.CSS(pageStyle),
		Script:      template.JS(pageScript),
		ColumnsJSON: string(columns),
	}
	// Parsed here and not at start-up, which other commands would pay for.
	page, err := template.New("page").Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("read the page's template: %w", err)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, data); err != nil {
		return fmt.Errorf("render the form: %w", err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write the form: %w", err)
	}
	return nil
}

// contentPolicy forbids everything but this one style and this one script. The
// hashes cover the text between the tags to the byte.
func contentPolicy(style, script string) string {
	return "default-src 'none'; style-src " + hashSource(style) + "; script-src " + hashSource(script) +
		"; form-action 'none'; base-uri 'none'"
}

func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
