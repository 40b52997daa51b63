package scorm

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/core/record"
	"github.com/firstcall-cli/firstcall/exporters/internal/exporttest"
	"github.com/firstcall-cli/firstcall/exporters/internal/learning"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// listing is a manifest as a platform reads it.
type listing struct {
	Identifier string `xml:"identifier,attr"`
	Schema     string `xml:"metadata>schemaversion"`
	Title      string `xml:"organizations>organization>title"`
	Item       struct {
		Title   string `xml:"title"`
		Ref     string `xml:"identifierref,attr"`
		Mastery string `xml:"masteryscore"`
		Least   string `xml:"sequencing>objectives>primaryObjective>minNormalizedMeasure"`
	} `xml:"organizations>organization>item"`
	Resource struct {
		ID    string `xml:"identifier,attr"`
		Start string `xml:"href,attr"`
		Files []struct {
			Href string `xml:"href,attr"`
		} `xml:"file"`
	} `xml:"resources>resource"`
}

func listed(t testing.TB, files map[string][]byte) listing {
	t.Helper()
	var l listing
	if err := xml.Unmarshal(files[manifestFile], &l); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestPackage: the manifest stands at the root, names every other file and the page to
// start with, and says what it takes to pass.
func TestPackage(t *testing.T) {
	for _, c := range []struct{ settings, schema, mastery, least, name string }{
		{`{}`, "1.2", "80", "", "wrenmoor-scorm-1.2.zip"},
		{`{"version":"2004","pass":75}`, "2004 3rd Edition", "", "0.75", "wrenmoor-scorm-2004.zip"},
		{`{"department":"Food and beverage","pass":7}`, "1.2", "7", "", "wrenmoor-food-and-beverage-scorm-1.2.zip"},
	} {
		packages, _ := exporttest.Render(t, Exporter{}, c.settings, exporttest.Records(t, sample))
		body := packages[c.name]
		if body == nil {
			t.Fatalf("%s: made %q", c.settings, slices.Collect(maps.Keys(packages)))
		}
		files := unzipped(t, body)
		l := listed(t, files)
		var names []string
		for _, f := range l.Resource.Files {
			names = append(names, f.Href)
		}
		if there := slices.Sorted(maps.Keys(files)); !slices.Equal(append([]string{manifestFile}, names...), there) {
			t.Errorf("%s: %q are listed, %q are there", c.settings, names, there)
		}
		if l.Schema != c.schema || l.Item.Mastery != c.mastery || l.Item.Least != c.least || l.Item.Ref != l.Resource.ID || files[l.Resource.Start] == nil {
			t.Errorf("%s: %+v", c.settings, l)
		}
		if bytes.Contains(files[manifestFile], []byte("schemaLocation")) {
			t.Errorf("%s: a schema is named that is not there", c.settings)
		}
	}
}

// TestSameBytes: the order of the records changes nothing, and the archive holds no
// time that could.
func TestSameBytes(t *testing.T) {
	records := exporttest.Records(t, sample)
	first, _ := exporttest.Render(t, Exporter{}, `{}`, records)
	slices.Reverse(records)
	second, _ := exporttest.Render(t, Exporter{}, `{}`, records)
	const name = "wrenmoor-scorm-1.2.zip"
	if !bytes.Equal(first[name], second[name]) || len(first[name]) == 0 {
		t.Error("the order of the records shows")
	}
	z, err := zip.NewReader(bytes.NewReader(first[name]), int64(len(first[name])))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if got := f.Modified.UTC().Format("2006-01-02 15:04:05"); got != "1980-01-01 00:00:00" || f.Method != zip.Deflate {
			t.Errorf("%s is of %s, method %d", f.Name, got, f.Method)
		}
	}
}

// spa is what the sample knows about the Spa, which its assessment withholds.
var spa = regexp.MustCompile(`(?i)\bspa\b|An hour with us|robe|treatment on their bill`)

// TestWithheld: a department whose answers are withheld stands in no byte, whatever
// else names it. Without the assessment it is there: the test can fail.
func TestWithheld(t *testing.T) {
	records := exporttest.Records(t, sample)
	for _, settings := range []string{`{}`, `{"version":"2004"}`, `{"department":"Front Desk"}`} {
		for name, body := range only(t, settings, records...) {
			if found := spa.FindAll(body, -1); len(found) > 0 {
				t.Errorf("%s, %s: %q", settings, name, found)
			}
		}
	}
	rest := slices.DeleteFunc(slices.Clone(records), func(r sdk.Record) bool { return r.Kind == record.KindAssessment })
	files := only(t, `{}`, rest...)
	for _, text := range []string{"Spa", "An hour with us", "Warm the robes", "treatment on their bill"} {
		if !bytes.Contains(files[pageFile], []byte(text)) {
			t.Errorf("without the assessment, %q is missing", text)
		}
	}
	_, outcomes := exporttest.Render(t, Exporter{}, `{"department":"Spa"}`, records)
	for i, o := range outcomes {
		if o.Status != sdk.Rejected || o.Diagnostic.Code != "scorm.department" || strings.Contains(o.Diagnostic.Hint, "Spa") {
			t.Errorf("%s: %+v", records[i].Key, o)
		}
		full := strings.Contains(o.Diagnostic.Hint, "or too few people of it answered")
		if short := o.Diagnostic.Hint == "see the first record of this client"; full != (i == 0) || short != (i > 0) {
			t.Errorf("record %d: %s", i, o.Diagnostic.Hint)
		}
	}
}

// TestTooLittle: a client with nothing to learn is refused with all its records, and
// others are not.
func TestTooLittle(t *testing.T) {
	empty := organized(t, record.Client{ID: "empty"}, record.Organization{Departments: []record.OrgDepartment{{ID: "a", Name: "A"}}})
	records := append(exporttest.Records(t, sample), empty)
	packages, outcomes := exporttest.Render(t, Exporter{}, `{}`, records)
	for i, o := range outcomes {
		refused := o.Status == sdk.Rejected && o.Diagnostic.Code == "scorm.empty" && strings.Contains(o.Diagnostic.Hint, "client file")
		if refused != (i == len(records)-1) {
			t.Errorf("%s: %+v", records[i].Key, o)
		}
	}
	if len(packages) != 1 {
		t.Errorf("%d packages", len(packages))
	}
	for _, o := range []record.Organization{
		{Vision: "We answer within the hour."}, {Values: []record.Value{{Name: "Care"}}}, {Standards: []record.Standard{{Text: "We answer."}}},
		{Departments: []record.OrgDepartment{{ID: "a", Name: "A", Vision: "We are there."}}},
	} {
		only(t, `{}`, organized(t, record.Client{ID: "little"}, o))
	}
	for _, kind := range (Exporter{}).Info().Kinds {
		only(t, `{}`, slices.DeleteFunc(exporttest.Records(t, sample), func(r sdk.Record) bool { return r.Kind != kind })...)
	}
}

func TestSettings(t *testing.T) {
	for settings, fields := range map[string]string{
		`{"pass":0}`: "pass", `{"pass":101}`: "pass", `{"language":"Spanish!"}`: "language", `{"pass":-1,"language":"<b>"}`: "pass language",
		`{"language":"spanish"}`: "language", `{"language":"fil"}`: "", `{"pass":1,"language":"es-MX"}`: "", `{"pass":100,"language":"en"}`: "", `{}`: "",
	} {
		err := Exporter{}.CheckConfig(exporttest.Config(t, Exporter{}, settings))
		var wrong sdk.Diagnostics
		if errors.As(err, &wrong); (err == nil) != (fields == "") {
			t.Errorf("%s: %v", settings, err)
		}
		var got []string
		for _, d := range wrong {
			got = append(got, d.Field)
		}
		if strings.Join(got, " ") != fields {
			t.Errorf("%s: %q", settings, got)
		}
	}
}

// TestSameNames: ids that differ in case only do not make files that a disk takes for one.
func TestSameNames(t *testing.T) {
	o := record.Organization{Vision: "We answer within the hour."}
	packages, _ := exporttest.Render(t, Exporter{}, `{}`, []sdk.Record{
		organized(t, record.Client{ID: "Acme"}, o), organized(t, record.Client{ID: "acme"}, o), organized(t, record.Client{ID: "../é"}, o),
	})
	ids := map[string]bool{}
	for name, body := range packages {
		if !regexp.MustCompile(`^[a-z0-9-]+-scorm-1\.2\.zip$`).MatchString(name) {
			t.Errorf("name %q", name)
		}
		id := listed(t, unzipped(t, body)).Identifier
		if ids[id] || !regexp.MustCompile(`^[a-z][a-z0-9-]*$`).MatchString(id) {
			t.Errorf("identifier %q", id)
		}
		ids[id] = true
	}
	if len(packages) != 3 {
		t.Errorf("%d packages", len(packages))
	}
}

// TestForeignText: texts of the client are never markup or code, and arrive as they are.
func TestForeignText(t *testing.T) {
	files := only(t, `{}`, large(t))
	page := string(files[pageFile])
	if n := strings.Count(page, "<script"); n != 2 {
		t.Errorf("%d scripts", n)
	}
	if strings.Contains(page, "<img") || strings.Contains(page, "{{.}}<") {
		t.Error("markup of the client is markup of the page")
	}
	if title := listed(t, files).Title; !strings.HasPrefix(title, `Service at Böse & "Söhne" <GmbH> </script><script>window.injected=1`) || len([]rune(title)) > mostTitle {
		t.Errorf("title %q", title)
	}
	if !strings.Contains(page, "<title>Service at Böse &amp; &#34;Söhne&#34; &lt;GmbH&gt; ") {
		t.Error("the title is not the client's name")
	}
}

// element finds the first element of a page that begins so, and gives what is in it.
func element(t testing.TB, page, begin, end string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, begin)
	inner, _, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("no %s", begin)
	}
	return inner
}

// TestPolicy: the page may run its own script and nothing else, and loads nothing.
func TestPolicy(t *testing.T) {
	page := string(only(t, `{}`, exporttest.Records(t, sample)...)[pageFile])
	policy := strings.NewReplacer("&#39;", "'", "&#43;", "+", "&#34;", `"`).Replace(element(t, page, `Content-Security-Policy" content="`, `">`))
	for _, want := range []string{
		"default-src 'none';", "script-src " + sourceHash(element(t, page, "<script>", "</script>")) + ";",
		"style-src " + sourceHash(element(t, page, "<style>", "</style>")) + ";",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s lacks %s", policy, want)
		}
	}
	if found := regexp.MustCompile(`(src|href)="[^#"][^"]*"|url\(|@import|\bstyle="|\son[a-z]+="|https?://`).FindAllString(page, -1); len(found) > 0 {
		t.Errorf("%q", found)
	}
	var k key
	if err := json.Unmarshal([]byte(element(t, page, `id="key">`, "</script>")), &k); err != nil || len(k.Parts) != 6 || k.Pass != 80 || !k.Checks {
		t.Errorf("%v, %+v", err, k)
	}
}

// TestLanguage: the client's words say their language, and ours are not among them.
func TestLanguage(t *testing.T) {
	o := record.Organization{Vision: "Contestamos en una hora.", Values: []record.Value{{Name: "Cuidado", Meaning: "Escuchamos."}, {Name: "Calma", Meaning: "Esperamos."}}}
	client := record.Client{ID: "casa", Name: "Casa"}
	page := string(only(t, `{"language":"es-MX"}`, organized(t, client, o))[pageFile])
	if !strings.Contains(page, `<blockquote dir="auto" lang="es-MX"><p>Contestamos en una hora.</p>`) {
		t.Error("the vision does not say its language")
	}
	if strings.Contains(page, promiseFoils[0]) || strings.Contains(page, `class="question"`) {
		t.Error("an answer of ours stands among the client's")
	}
	page = string(only(t, `{}`, organized(t, client, o))[pageFile])
	if !strings.Contains(page, `class="question"`) || strings.Contains(page, `lang="es`) {
		t.Error("without the setting there is no question, or a language")
	}
}

// TestParagraphs: lines that are broken by hand are one paragraph; a blank line begins
// another. Values that a statement lists stay one a line.
func TestParagraphs(t *testing.T) {
	for text, want := range map[string][]string{
		"We greet you\nby name.\n\n \nWe care.\r\nAlways.\n": {"We greet you by name.", "We care. Always."}, "": nil, "\n\nOne": {"One"},
	} {
		if got := paragraphs(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q", text, got)
		}
	}
	of := statements([]learning.Statement{{Kind: "values", Text: "Care\nCalm"}, {Kind: "vision", Text: "We greet\nyou."}})
	if !slices.Equal(of[0].Text, []string{"Care", "Calm"}) || !slices.Equal(of[1].Text, []string{"We greet you."}) {
		t.Errorf("%+v", of)
	}
}

// TestOwnValue: the value of a department's standard, which is asked about, stands beside it.
func TestOwnValue(t *testing.T) {
	o := record.Organization{
		Values:      []record.Value{{Name: "Care"}},
		Departments: []record.OrgDepartment{{ID: "a", Name: "A"}},
		Standards:   []record.Standard{{Text: "We answer.", Value: "Care", Department: "a"}, {Text: "We listen.", Value: "Care"}},
	}
	page := string(only(t, `{}`, organized(t, record.Client{ID: "a"}, o))[pageFile])
	if !strings.Contains(page, "<p class=\"standard\" dir=\"auto\">We answer.</p>\n<p class=\"beside\">Value: <span dir=\"auto\">Care</span></p>") {
		t.Error("the value is missing")
	}
	if strings.Count(page, "class=\"beside\"") != 1 {
		t.Error("a standard that stands under its value says it again")
	}
}

// TestWording: a hand-off without a text says the way alone, and names of departments
// to choose say their language.
func TestWording(t *testing.T) {
	o := record.Organization{Vision: "Contestamos en una hora."}
	for _, id := range strings.Split("abcdefghijklm", "") {
		o.Departments = append(o.Departments, record.OrgDepartment{ID: id, Name: "Casa " + id})
	}
	o.HandOffs = []record.HandOff{{From: "a", To: "b"}, {From: "a", To: "c", What: "llaves"}}
	page := string(only(t, `{"language":"es"}`, organized(t, record.Client{ID: "a"}, o))[pageFile])
	for _, want := range []string{
		`<li><p>To <strong dir="auto" lang="es">Casa b</strong></p>`, `<li><p>From <strong dir="auto" lang="es">Casa a</strong></p>`,
		`llaves</strong><br>to <strong`, ` dir="auto" lang="es">Casa a</option>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing", want)
		}
	}
}
