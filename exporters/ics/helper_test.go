package ics

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/nodetest"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// sample has records of every kind but organization.
const sample = "../../core/record/flat/testdata/records.ndjson"

// found is what a reader finds in a calendar.
type found struct {
	Name    string
	Version string
	Method  *string
	Entries []foundEntry
}

type foundEntry struct {
	Kind, UID         string
	Sequence          int
	Stamp, Start, End string
	Zone, Local       string
	Summary           string
	Description       string
	Category          string
	Trigger, Related  string
}

// property is a line of a calendar.
type property struct{ name, params, value string }

// icalJS reads calendars with ical.js, the reader that Thunderbird has.
func icalJS(t *testing.T, texts ...[]byte) []found {
	t.Helper()
	dir := nodetest.Modules(t, "ics")
	script, err := filepath.Abs("testdata/read.mjs")
	if err != nil {
		t.Fatal(err)
	}
	var in []string
	for _, text := range texts {
		in = append(in, string(text))
	}
	stdin, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", script)
	node.Dir, node.Stdin = dir, bytes.NewReader(stdin)
	node.Env = append(os.Environ(), "TZ=Pacific/Chatham") // that of the machine must not matter
	var stderr bytes.Buffer
	node.Stderr = &stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var all []found
	if err := json.Unmarshal(out, &all); err != nil || len(all) != len(texts) {
		t.Fatalf("%v: %s", err, out)
	}
	return all
}

// unfold gives the lines of a calendar, by RFC 5545, 3.1: a line end followed by a blank
// is none. It also holds the file to the length of lines, and to whole characters in each.
func unfold(t testing.TB, text []byte) []property {
	t.Helper()
	if !bytes.HasSuffix(text, []byte("\r\n")) {
		t.Fatal("the last line has no end")
	}
	var all []property
	for raw := range bytes.SplitSeq(bytes.TrimSuffix(text, []byte("\r\n")), []byte("\r\n")) {
		if len(raw) > 75 || !utf8.Valid(raw) || bytes.ContainsAny(raw, "\r\n") {
			t.Fatalf("a line of %d bytes: %q", len(raw), raw)
		}
		if raw[0] == ' ' {
			all[len(all)-1].value += string(raw[1:])
			continue
		}
		head, value, _ := strings.Cut(string(raw), ":")
		name, params, _ := strings.Cut(head, ";")
		all = append(all, property{name, params, value})
	}
	return all
}

// unescape reads a text by RFC 5545, 3.3.11.
func unescape(t testing.TB, value string) string {
	t.Helper()
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		c := value[i]
		if c == ',' || c == ';' {
			t.Fatalf("%q stands unescaped in %q", c, value)
		}
		if c != '\\' {
			b.WriteByte(c)
			continue
		}
		if i++; i == len(value) {
			t.Fatalf("%q ends with a backslash", value)
		}
		switch value[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ',', ';':
			b.WriteByte(value[i])
		default:
			t.Fatalf("%q escapes %q", value, value[i])
		}
	}
	return b.String()
}

// sent is a record as the host sends it.
func sent(t testing.TB, rec *record.Record, err error) sdk.Record {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	r, err := sdk.NewRecord(rec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func envelope(asOf string) record.Record {
	return record.Record{Client: record.Client{ID: "acme", Name: "Acme Ltd"}, AsOf: asOf, Sources: []string{}, Tool: record.Tool{Name: "firstcall", Version: "0"}}
}

// job is the record of a job description that is to be reviewed on a day.
func job(t testing.TB, asOf, id, title, next string, change ...func(*record.Job)) sdk.Record {
	t.Helper()
	j := record.Job{ID: id, Title: title, TitleFrom: "heading", DocKind: "description", Verdict: "current", Sure: "high", Review: record.Review{Months: 12, From: "default", Next: next}}
	for _, c := range change {
		c(&j)
	}
	rec, err := record.NewJob(envelope(asOf), j)
	return sent(t, rec, err)
}

// calendars are the files made of records, none of which is refused.
func calendars(t testing.TB, settings string, records ...sdk.Record) map[string][]byte {
	t.Helper()
	files, outcomes := exporttest.Render(t, Exporter{}, settings, records)
	for i, o := range outcomes {
		if o.Status != sdk.Created {
			t.Errorf("%s: %+v", records[i].Key, o.Diagnostic)
		}
	}
	return files
}

// only is the one file of some.
func only(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	for _, body := range files {
		return body
	}
	return nil
}
