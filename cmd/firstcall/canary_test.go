package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// What respondents wrote and who they are is read and must not be told: not on
// the screen, not in a record, not in a file that firstcall writes, whatever is
// wrong with the survey. These tests fill surveys with canaries, texts that
// stand nowhere else, and look for them wherever firstcall writes.
//
// Headings, groups, waves and clients are told: that is what they are for.

// marks are what canaries are known by, in lower case. Each canary begins with
// one, so that one that was cut short is found, too.
var marks = []string{"qzx", "198.51.100.", "-7.77319", "997731"}

// respondent is one row by column. Everything but the answers and the group is
// a canary.
type respondent map[string]string

// canaryColumns are in the order of the file, the answers at the end.
var canaryColumns = []string{"id", "name", "mail", "ip", "longitude", "agent", "phone", "when", "wave", "team", "listen", "forget", "follow", "comment"}

// canaryPeople answer threeQuestions; i tells them apart.
func canaryPeople(n int) []respondent {
	teams := []string{"Kitchen", "Bar"}
	var all []respondent
	for i := range n {
		all = append(all, respondent{
			"id": fmt.Sprintf("Qzxid%d", i), "name": fmt.Sprintf("Qzxname%d Qzxlast%d", i, i), "mail": fmt.Sprintf("qzxmail%d@qzx.example", i),
			"ip": fmt.Sprintf("198.51.100.%d", i), "longitude": fmt.Sprintf("-7.77319%d", i), "agent": fmt.Sprintf("Qzxagent/%d (Qzxphone)", i),
			"phone": fmt.Sprintf("997731%04d", i), "when": fmt.Sprintf("2026-03-01 09:%02d:00", i%60), "wave": "2026-q1", "team": teams[i%2],
			"listen": fmt.Sprint(1 + i%5), "forget": fmt.Sprint(1 + i*3%5), "follow": fmt.Sprint(1 + i/2%5), "comment": fmt.Sprintf("Qzxtext%d, and \"Qzxquoted\"\nQzxline", i),
		})
	}
	return all
}

// cells is the survey as rows, with headings; columns that nobody has are
// blank.
func cells(people []respondent, columns ...string) [][]string {
	rows := [][]string{columns}
	for _, p := range people {
		var row []string
		for _, c := range columns {
			row = append(row, p[c])
		}
		rows = append(rows, row)
	}
	return rows
}

func delimited(rows [][]string, comma rune) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	_ = w.WriteAll(rows) // a buffer takes everything
	return b.String()
}

// jsonText is the survey as objects, a line each or in a list.
func jsonText(t *testing.T, people []respondent, list bool) string {
	t.Helper()
	var lines []string
	for _, p := range people {
		line, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	if list {
		return "[" + strings.Join(lines, ",\n") + "]"
	}
	return strings.Join(lines, "\n")
}

// workbook is the survey as an Excel workbook; last is put in behind the rows.
func workbook(t *testing.T, rows [][]string, last string) string {
	t.Helper()
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	var sheet strings.Builder
	sheet.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for _, row := range rows {
		sheet.WriteString("<row>")
		for _, c := range row {
			fmt.Fprintf(&sheet, `<c t="inlineStr"><is><t>%s</t></is></c>`, html.EscapeString(c))
		}
		sheet.WriteString("</row>")
	}
	sheet.WriteString(last + `</sheetData></worksheet>`)
	relations := func(kind, target string) string {
		return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + office + "/" + kind + `" Target="` + target + `"/></Relationships>`
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"_rels/.rels", relations("officeDocument", "xl/workbook.xml")},
		{"docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"><creator>Qzxauthor</creator></cp:coreProperties>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + office + `"><sheets><sheet name="Answers" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml")},
		{"xl/worksheets/sheet1.xml", sheet.String()},
	} {
		f, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(f, part[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// cage is where firstcall runs and everything it writes is looked through.
type cage struct {
	*testing.T
	dir   string // what the user has: surveys, which hold canaries
	temp  string // TMPDIR
	homes string // settings and state
	runs  int
}

func newCage(t *testing.T) *cage {
	c := &cage{T: t, dir: t.TempDir(), temp: t.TempDir(), homes: t.TempDir()}
	t.Setenv("TMPDIR", c.temp)
	t.Setenv("HOME", c.homes)
	t.Setenv("XDG_STATE_HOME", filepath.Join(c.homes, "state"))
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(c.homes, "config"))
	c.file("three.toml", threeQuestions)
	return c
}

// file puts a file where the user has files.
func (c *cage) file(name, text string) (path string) {
	c.Helper()
	path = filepath.Join(c.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
	return path
}

// run runs firstcall and looks for canaries in all it writes. status is what it
// must end with; -1 is any but 0.
func (c *cage) run(status int, args ...string) (out string) {
	c.Helper()
	out, errs, got := c.firstcall(args...)
	c.ended(status, got, errs, args)
	return out
}

// firstcall runs firstcall and looks for canaries; it may end as it likes.
func (c *cage) firstcall(args ...string) (out, errs string, status int) {
	c.Helper()
	if !slices.Contains(args, "--config") {
		args = append(args[:len(args):len(args)], "--config", "none")
	}
	var o, e bytes.Buffer
	status = run(args, streams{in: strings.NewReader(""), out: &o, err: &e, width: 80})
	c.search(o.String(), e.String(), args)
	return o.String(), e.String(), status
}

func (c *cage) ended(status, got int, errs string, args []string) {
	c.Helper()
	if got != status && !(status == -1 && got != 0) {
		c.Errorf("firstcall %s: status %d, want %d\n%s", strings.Join(args, " "), got, status, errs)
	}
}

// search looks at what was printed, at what lies where firstcall may leave
// something, and at the files that the arguments had it write.
func (c *cage) search(out, errs string, args []string) {
	c.Helper()
	c.runs++
	line := strings.ReplaceAll("firstcall "+strings.Join(args, " "), c.dir+string(filepath.Separator), "")
	c.look(line, "standard output", []byte(out))
	c.look(line, "standard error", []byte(errs))
	for _, dir := range []string{c.temp, c.homes, filepath.Join(c.dir, "written")} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			c.look(line, path, append(text, path...))
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			c.Error(err)
		}
	}
	if left, _ := os.ReadDir(c.temp); len(left) > 0 {
		c.Errorf("%s leaves %v in TMPDIR", line, left)
	}
}

// look tells of a canary in a text.
func (c *cage) look(line, where string, text []byte) {
	c.Helper()
	if found := canaryIn(text); found != "" {
		c.Errorf("%s\ntells in %s: …%s…", line, where, found)
	}
}

// canaryIn finds a canary in a text, in UTF-16 as well, and what stands around
// it; "" when there is none.
func canaryIn(text []byte) string {
	text = bytes.ToLower(bytes.ReplaceAll(text, []byte{0}, nil))
	for _, m := range marks {
		if at := bytes.Index(text, []byte(m)); at >= 0 {
			return string(text[max(0, at-80):min(len(text), at+60)])
		}
	}
	return ""
}

// TestCanariesAreFound has canaries where they are told, as headings and names
// of groups, so that the other tests prove something.
func TestCanariesAreFound(t *testing.T) {
	people := canaryPeople(24)
	for i, p := range people {
		p["team"] = fmt.Sprintf("Qzxteam%d", i%2)
	}
	c := newCage(t)
	path := c.file("survey.csv", delimited(cells(people, append([]string{"Qzxheading"}, canaryColumns...)...), ','))
	for _, format := range []string{"table", "ndjson", "json", "csv", "tsv"} {
		out, errs, status := firstcall(t, "score", path, "-i", filepath.Join(c.dir, "three.toml"), "--by", "team", "--format", format)
		if status != 0 || canaryIn([]byte(out)) == "" || canaryIn([]byte(errs)) == "" {
			t.Errorf("%s: status %d, and no canaries in %.300s\n%s", format, status, out, errs)
		}
	}
	if canaryIn([]byte("Q\x00z\x00x\x00t\x00e\x00x\x00t\x00")) == "" {
		t.Error("no canary is seen in UTF-16")
	}
}

// export hands records to an exporter, which is a process of its own.
func (c *cage) export(args ...string) {
	c.Helper()
	args = append([]string{"export", "--to", "markdown", "--config", "none"}, args...)
	cmd := exec.Command("firstcall", args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil || out.Len() == 0 {
		c.Errorf("%v: %v\n%s", args, err, &errs)
	}
	c.search(out.String(), errs.String(), args)
}

// written is the path of a file that firstcall shall write, and that holds no
// canary.
func (c *cage) written(name string) string {
	c.Helper()
	dir := filepath.Join(c.dir, "written")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		c.Fatal(err)
	}
	_ = os.Remove(filepath.Join(dir, name)) // of the survey before
	return filepath.Join(dir, name)
}

// everyWay scores a survey in every way there is, and hands it on.
func (c *cage) everyWay(people int, path string, flags ...string) {
	c.Helper()
	in := slices.Concat([]string{path, "-i", filepath.Join(c.dir, "three.toml"), "--client", "acme"}, flags)
	score := slices.Concat([]string{"score"}, in, []string{"--by", "team"})
	with := func(more ...string) []string { return slices.Concat(score, more) }
	rec := c.run(0, with("--plan")...)
	if want := fmt.Sprintf(`"n":%d,`, people); !strings.Contains(rec, want) {
		c.Errorf("%s: the record lacks %s: %.600s", filepath.Base(path), want, rec)
	}
	for _, format := range []string{"table", "json", "csv", "tsv"} {
		c.run(0, with("--format", format)...)
		c.run(0, with("--explain-columns", "--format", format)...)
	}
	c.run(0, with("--exclude", "careless", "--long-run", "2")...)
	c.run(0, with("--ledger", c.written("ledger"))...)
	sums := c.written("sums")
	c.run(0, with("--partial", sums)...)
	c.run(0, "merge", sums, "-i", filepath.Join(c.dir, "three.toml"))
	records := c.written("records.ndjson")
	if err := os.WriteFile(records, []byte(rec), 0o600); err != nil {
		c.Fatal(err)
	}
	c.export(records)
}

// withBadCells puts into answers what is none: people's own words, numbers and
// ids. Fewer than the smallest group give the same.
func withBadCells(people []respondent) []respondent {
	people[1]["listen"] = "Qzxopinion, at length"
	people[2]["listen"], people[3]["forget"] = "Qzxshared words", "Qzxshared words"
	people[4]["follow"] = "9977310000000000000000"
	people[5]["follow"] = "Qzx5" // like the code of an answer
	people[6]["forget"] = "4 Qzxbecause"
	people[7]["listen"] = strings.Repeat("Qzxlong ", 500)
	people[8]["listen"] = "=Qzxformula()"
	people[9]["listen"], people[9]["forget"], people[9]["follow"] = "Qzxall", "Qzxall", "Qzxall"
	return people
}

// TestCanaries scores one survey in every form that files come in.
func TestCanaries(t *testing.T) {
	c := newCage(t)
	people := withBadCells(canaryPeople(36))
	rows := cells(people, canaryColumns...)
	for name, text := range map[string]string{
		"survey.csv": delimited(rows, ','), "semicolons.csv": delimited(rows, ';'), "survey.tsv": delimited(rows, '\t'),
		"survey.xlsx": workbook(t, rows, ""), "survey.ndjson": jsonText(t, people, false), "survey.json": jsonText(t, people, true),
	} {
		path := c.file(name, text)
		c.everyWay(35, path)
		in := []string{"score", path, "-i", filepath.Join(c.dir, "three.toml"), "--by", "team"}
		c.run(3, append(in, "--strict")...)
		c.run(0, append(in, "--match", "--respondent-column", "id")...)
		c.run(0, append(in, "--match", "--respondent-column", "mail", "--time-column", "when", "--format", "table")...)
	}
	t.Logf("%d runs", c.runs)
}

// toolColumns are the columns that a survey tool adds, and which canary stands
// in each; one that begins with = stands for itself.
type toolColumns [][2]string

// rows lays the survey out as the tool does. Its first headings are the names
// of columns.
func (tool toolColumns) rows(people []respondent) [][]string {
	var headings []string
	for _, c := range tool {
		headings = append(headings, c[0])
	}
	rows := [][]string{headings}
	for _, p := range people {
		var row []string
		for _, c := range tool {
			text, fixed := strings.CutPrefix(c[1], "=")
			if !fixed {
				text = p[c[1]]
			}
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	return rows
}

var (
	qualtricsColumns = toolColumns{
		{"StartDate", "when"}, {"EndDate", "when"}, {"Status", "=IP Address"}, {"IPAddress", "ip"}, {"Progress", "=100"}, {"Finished", "=True"},
		{"RecordedDate", "when"}, {"ResponseId", "id"}, {"RecipientLastName", "name"}, {"RecipientFirstName", "name"}, {"RecipientEmail", "mail"},
		{"ExternalReference", "phone"}, {"LocationLatitude", "longitude"}, {"LocationLongitude", "longitude"}, {"DistributionChannel", "=email"},
		{"UserLanguage", "=EN"}, {"QMeta_Browser", "agent"}, {"team", "team"}, {"Q1_1", "listen"}, {"Q1_2", "forget"}, {"Q1_3", "follow"}, {"Q1_3_TEXT", "comment"}, {"Q2", "comment"},
	}
	limeSurveyColumns = toolColumns{
		{"id", "phone"}, {"submitdate", "when"}, {"lastpage", "=3"}, {"startlanguage", "=en"}, {"seed", "phone"}, {"token", "id"}, {"startdate", "when"},
		{"datestamp", "when"}, {"ipaddr", "ip"}, {"refurl", "agent"}, {"firstname", "name"}, {"lastname", "name"}, {"email", "mail"}, {"team", "team"},
		{"CARE[listen]. We listen.", "listen"}, {"CARE[forget]. We forget to call back.", "forget"}, {"CARE[follow]. We follow up.", "follow"}, {"CARE[other]", "comment"}, {"COMMENT", "comment"},
	}
	surveyMonkeyColumns = toolColumns{
		{"Respondent ID", "phone"}, {"Collector ID", "id"}, {"Start Date", "when"}, {"End Date", "when"}, {"IP Address", "ip"}, {"Email Address", "mail"},
		{"First Name", "name"}, {"Last Name", "name"}, {"Custom Data 1", "agent"}, {"Which team are you in?", "team"},
		{"How often?", "listen"}, {"", "forget"}, {"", "follow"}, {"", "comment"}, {"Anything else?", "comment"},
	}
)

// underneath puts a row of headings below the first.
func underneath(rows [][]string, row ...string) [][]string {
	return slices.Insert(rows, 1, row)
}

// TestCanariesOfTools scores what survey tools export.
func TestCanariesOfTools(t *testing.T) {
	c := newCage(t)
	people := withBadCells(canaryPeople(36))
	people[10]["team"] = "-oth-" // LimeSurvey's code for one's own words
	qualtrics := qualtricsColumns.rows(people)
	texts, ids := slices.Clone(qualtrics[0]), slices.Clone(qualtrics[0])
	for i, h := range ids {
		ids[i] = `{"ImportId":"` + h + `"}`
	}
	copy(texts[len(texts)-5:], []string{"How often? - We listen.", "How often? - We forget to call back.", "How often? - We follow up.", "How often? - We follow up. - Text", "Anything else?"})
	three := underneath(underneath(slices.Clone(qualtrics), ids...), texts...)
	monkey := slices.Repeat([]string{""}, len(surveyMonkeyColumns))
	copy(monkey[9:], []string{"Response", "We listen.", "We forget to call back.", "We follow up.", "Other (please specify)", "Open-Ended Response"})
	for _, f := range []struct{ name, text, format string }{
		{"qualtrics.csv", delimited(three, ','), "Qualtrics"},
		{"qualtrics.tsv", delimited(three, '\t'), "Qualtrics"},
		{"qualtrics.xlsx", workbook(t, three, ""), "Qualtrics"},
		{"limesurvey.csv", delimited(limeSurveyColumns.rows(people), ';'), "LimeSurvey"},
		{"surveymonkey.csv", delimited(underneath(surveyMonkeyColumns.rows(people), monkey...), ','), "SurveyMonkey"},
		{"surveymonkey.xlsx", workbook(t, underneath(surveyMonkeyColumns.rows(people), monkey...), ""), "SurveyMonkey"},
	} {
		path := c.file(f.name, f.text)
		_, errs, _ := firstcall(t, "score", path, "-i", filepath.Join(c.dir, "three.toml"))
		if !strings.Contains(errs, "read as "+f.format) {
			t.Errorf("%s is read as something else: %s", f.name, errs)
		}
		c.everyWay(35, path)
		c.run(3, "score", path, "-i", filepath.Join(c.dir, "three.toml"), "--by", "team", "--strict")
		c.run(-1, "score", path, "-i", filepath.Join(c.dir, "three.toml"), "--dialect", "plain", "--strict")
	}
	t.Logf("%d runs", c.runs)
}

// TestCanariesInMalformedFiles has files that can't be read, or not wholly.
func TestCanariesInMalformedFiles(t *testing.T) {
	c := newCage(t)
	people := canaryPeople(12)
	good := delimited(cells(people, "id", "team", "listen", "forget", "follow", "comment"), ',')
	header, _, _ := strings.Cut(good, "\n")
	list := jsonText(t, people, true)
	rows := cells(people, canaryColumns...)
	for name, text := range map[string]string{
		"short.csv":           good + "Qzxid,Bar,4\n",
		"long.csv":            good + "Qzxid,Bar,4,4,4,Qzxone,Qzxtwo,Qzxthree\n",
		"open_quote.csv":      good + "Qzxid,Bar,4,4,4,\"Qzxopen\nQzxid,Bar,4,4,4,Qzx\n",
		"inner_quote.csv":     good + "Qzxid,Bar,4,4,4,\"Qzxclosed\"Qzxafter\n",
		"late_quote.csv":      good + "Qzxid,Bar,4,4,4,Qzx \"said\" Qzx\n",
		"zero_byte.csv":       good + "Qzxid,Bar,4,4,4,Qzx\x00zero\n",
		"zero_in_item.csv":    good + "Qzxid,Bar,Qzx\x00zero,4,4,Qzx\n",
		"not_utf8.csv":        good + "Qzxid,Bar,4,4,4,Qzx\xff\xfe\x80\xc3(\n",
		"not_utf8_item.csv":   good + "Qzxid,Bar,Qzx\xff\xfe,Qzx\xc3\x28,4,Qzx\n",
		"control.csv":         good + "Qzxid,Bar,Qzx\x1b[31m,4,4,Qzx\x1b]0;Qzx\a\n",
		"other_delimiter.csv": strings.ReplaceAll(good, ",", ";") + "Qzxid,Bar,4,4,4,Qzx\n",
		"mixed_delimiter.csv": header + "\nQzxid;Bar;4;4;4;Qzx\nQzxid;Bar;4;4;4;Qzx\n",
		"utf16_odd.csv":       "\xff\xfe" + strings.ReplaceAll(good, "", "\x00")[1:] + "Q",
		"list_cut.json":       list[:len(list)-20],
		"list_tail.json":      list + ` Qzxtail`,
		"escape.json":         `[{"id":"Qzx\q","listen":4}]`,
		"control.json":        "[{\"id\":\"Qzx\x01\",\"listen\":4}]",
		"number.json":         `[{"id":"Qzxid","listen":4,"forget":997731x}]`,
		"texts.json":          `["Qzxtext",{"id":"Qzxid","listen":4}]`,
		"twice.json":          `[{"id":"Qzxid","id":"Qzxother","listen":4}]`,
		"nested.json":         `[{"id":{"a":"Qzxid"},"listen":["Qzx",4],"forget":{"x":"Qzx"},"follow":[["Qzx"]]}]`,
		"words.ndjson":        jsonText(t, people, false) + "\nQzx is no JSON\n",
		"surrogate.ndjson":    jsonText(t, people, false) + "\n" + `{"id":"Qzx\ud800","listen":"Qzx\udc00"}` + "\n",
		"cut.xlsx":            workbook(t, rows, "")[:900],
		"xml.xlsx":            workbook(t, rows, `<row><c t="inlineStr"><is><t>Qzx</is></c></row>`),
		"entity.xlsx":         workbook(t, rows, `<row><c t="inlineStr"><is><t>&Qzxentity;</t></is></c></row>`),
		"place.xlsx":          workbook(t, rows, `<row r="Qzxrow"><c r="Qzxcell" t="inlineStr"><is><t>Qzx</t></is></c></row>`),
		"shared.xlsx":         workbook(t, rows, `<row><c t="s"><v>Qzx</v></c></row>`),
		"type.xlsx":           workbook(t, rows, `<row><c t="Qzxtype"><v>Qzx</v></c></row>`),
		"number.xlsx":         workbook(t, rows, `<row><c><v>Qzx997731</v></c><c t="e"><v>#Qzx!</v></c><c t="b"><v>Qzx</v></c></row>`),
	} {
		c.anyhow(c.file(name, text))
	}
	t.Logf("%d runs", c.runs)
}

// anyhow scores a file that may be unreadable, and only looks for canaries.
func (c *cage) anyhow(path string, flags ...string) {
	c.Helper()
	for _, more := range [][]string{nil, {"--strict", "--by", "team"}, {"--explain-columns"}, {"--match", "--respondent-column", "id"}, {"--encoding", "utf-8"}, {"--encoding", "windows-1252", "--format", "table"}} {
		args := slices.Concat([]string{"score", path, "-i", filepath.Join(c.dir, "three.toml")}, flags, more)
		out, errs, _ := c.firstcall(args...)
		if out == "" && errs == "" {
			c.Errorf("%v says nothing", args)
		}
	}
	c.run(-1, "merge", path, "-i", filepath.Join(c.dir, "three.toml"))
}

// TestCanariesWithoutHeadings has files whose first row is a respondent's, or
// looks like headings. Headings are told, and these are none.
func TestCanariesWithoutHeadings(t *testing.T) {
	c := newCage(t)
	people := canaryPeople(12)
	plain := cells(people, canaryColumns...)
	monkey := surveyMonkeyColumns.rows(people)
	monkey[1][0] = "" // the first respondent has no id
	qualtrics := qualtricsColumns.rows(people)
	qualtrics[1][6] = "Qzxday" // where there is a date
	blank := cells(people, "id", "team", "listen", "forget", "follow", "comment")
	blank[0][5] = ""
	for name, text := range map[string]string{
		"no_headings.csv":  delimited(plain[1:], ','),
		"no_headings.tsv":  delimited(plain[1:], '\t'),
		"no_headings.xlsx": workbook(t, plain[1:], ""),
		"one_row.csv":      delimited(plain[1:2], ','),
		"blank.csv":        delimited(blank, ','),
		"monkey.csv":       delimited(monkey, ','),
		"qualtrics.csv":    delimited(qualtrics, ','),
	} {
		c.anyhow(c.file(name, text))
	}
	told := c.file("map.toml", "[columns]\nlisten = \"Listening\"\nforget = 3\n")
	c.anyhow(filepath.Join(c.dir, "no_headings.csv"), "--map", told)
	t.Logf("%d runs", c.runs)
}

// TestCanariesInTheWrongPlace hands the survey over as something else, or has
// people grouped by what they wrote.
func TestCanariesInTheWrongPlace(t *testing.T) {
	c := newCage(t)
	people := canaryPeople(24)
	three := filepath.Join(c.dir, "three.toml")
	table := c.file("survey.csv", delimited(cells(people, canaryColumns...), ','))
	objects := c.file("survey.ndjson", jsonText(t, people, false))
	book := c.file("survey.xlsx", workbook(t, cells(people, canaryColumns...), ""))
	headless := c.file("headless.csv", delimited(cells(people, canaryColumns...)[1:], ','))
	for _, file := range []string{table, objects, book, headless} {
		for _, args := range [][]string{
			{"score", table, "-i", file}, {"score", table, "-i", three, "--map", file}, {"score", table, "-i", three, "--headcounts", file},
			{"score", table, "-i", three, "--previous", file}, {"score", table, "-i", three, "--ledger", file}, {"score", table, "-i", three, "--config", file},
			{"merge", file, "-i", three}, {"export", "--to", "markdown", file}, {"instrument", "check", file}, {"instrument", "show", file}, {"instrument", "form", file}, {"verify", file},
		} {
			if args[0] == "score" || file != table {
				c.run(-1, args...)
			}
		}
	}
	for _, by := range []string{"name", "comment", "team*mail", "ip", "longitude"} {
		c.run(3, "score", table, "-i", three, "--by", by)
		c.run(0, "score", table, "-i", three, "--by", by, "--explain-columns")
	}
	c.run(0, "score", table, "-i", three, "--match", "--respondent-column", "id", "--time-column", "comment")
	again := c.file("again.csv", delimited(cells(append(people, people...), canaryColumns...), ','))
	c.run(-1, "score", again, "-i", three, "--match", "--respondent-column", "id", "--time-column", "comment")
	t.Logf("%d runs", c.runs)
}

// TestCanariesOfOnePerson has somebody answer again and again with the same
// words: many rows are not many people when people are told apart.
func TestCanariesOfOnePerson(t *testing.T) {
	c := newCage(t)
	three := filepath.Join(c.dir, "three.toml")
	people := canaryPeople(24)
	for i := range 8 {
		again := canaryPeople(1)[0]
		again["when"], again["listen"] = fmt.Sprintf("2026-03-02 10:%02d:00", i), "Qzxagain and again"
		people = append(people, again)
	}
	path := c.file("again.csv", delimited(cells(people, canaryColumns...), ','))
	c.run(0, "score", path, "-i", three, "--match", "--respondent-column", "id", "--time-column", "when", "--by", "team")
	c.run(3, "score", path, "-i", three, "--match", "--respondent-column", "id")
	for i := range people[24:] {
		people[24+i]["wave"] = fmt.Sprintf("2026-q%d", i+2)
	}
	path = c.file("waves.csv", delimited(cells(people, canaryColumns...), ','))
	c.run(0, "score", path, "-i", three, "--match", "--respondent-column", "id", "--by", "team")

	// A form saves a file for each person, and the files may be called by name.
	var files []string
	for i, p := range people[:12] {
		files = append(files, c.file(fmt.Sprintf("Qzxperson%d.csv", i), delimited(cells([]respondent{p}, canaryColumns...), ',')))
	}
	rec, _, status := firstcall(t, slices.Concat([]string{"score", "-i", three, "--client", "acme"}, files)...)
	if status != 0 || rec == "" {
		t.Fatal(status, rec)
	}
	c.look("score", "the record", []byte(rec))
}

// spillReader makes a survey as it is read, larger than what is sorted in
// memory, and at its end looks into what has gone to disk. The name of that
// file is gone as soon as it is open: only its descriptor leads there.
type spillReader struct {
	*cage
	items, rows int // of the survey, and rows still to come
	buf         bytes.Buffer
	seen        int64 // bytes on disk
}

func (r *spillReader) Read(p []byte) (int, error) {
	for r.buf.Len() == 0 {
		if r.rows == 0 {
			r.inspect()
			return 0, io.EOF
		}
		r.rows--
		fmt.Fprintf(&r.buf, "Qzxperson%d,Qzxcomment%d,q1%s\n", r.rows, r.rows, strings.Repeat(fmt.Sprintf(",%d", 1+r.rows%5), r.items))
	}
	return r.buf.Read(p)
}

// inspect looks through the open files in TMPDIR.
func (r *spillReader) inspect() {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		r.Error(err)
	}
	for _, fd := range open {
		path := filepath.Join("/proc/self/fd", fd.Name())
		if target, err := os.Readlink(path); err != nil || !strings.HasPrefix(target, r.temp) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			r.Error(err)
		}
		r.seen += int64(len(text))
		// Short marks stand in so many digests by chance.
		if bytes.Contains(text, []byte("Qzxperson")) || bytes.Contains(text, []byte("Qzxcomment")) {
			r.Error("canaries are in the file on disk")
		}
	}
}

// TestCanariesOnDisk matches so many people that their rows go to disk.
func TestCanariesOnDisk(t *testing.T) {
	if testing.Short() || runtime.GOOS != "linux" {
		t.Skip("needs a large survey, and Linux to look into files without a name")
	}
	c := newCage(t)
	const dimensions, each = 8, 5
	toml, header := "id = \"long\"\nscale = {min = 1, max = 5}\n[[attribute]]\nid = \"person\"\nkind = \"respondent\"\n", "person,comment,wave"
	for d := range dimensions {
		toml += fmt.Sprintf("[[dimension]]\nid = \"d%d\"\n", d)
		for i := range each {
			toml += fmt.Sprintf("[[dimension.item]]\nid = \"d%d-%d\"\n", d, i)
			header += fmt.Sprintf(",d%d-%d", d, i)
		}
	}
	r := &spillReader{cage: c, items: dimensions * each, rows: 370_000}
	r.buf.WriteString(header + "\n")
	args := []string{"score", "-", "-i", c.file("long.toml", toml), "--match", "--config", "none"}
	var out, errs bytes.Buffer
	status := run(args, streams{in: r, out: &out, err: &errs, width: 80})
	c.ended(0, status, errs.String(), args)
	c.search(out.String(), errs.String(), args)
	if r.seen == 0 {
		t.Error("nothing has gone to disk")
	}
	t.Logf("%d MiB on disk", r.seen>>20)
}
