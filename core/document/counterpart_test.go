package document

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// What word processors and other readers must agree on with this package.
const (
	fewestWords = .98 // of those that another reader finds, found here
	fewestOrder = .97 // of those in the same order
)

// TestCounterparts reads what LibreOffice and pandoc make of job descriptions,
// and compares it word by word with what pandoc and Poppler read in it.
func TestCounterparts(t *testing.T) {
	if os.Getenv("FIRSTCALL_COUNTERPARTS") == "" {
		t.Skip("takes three minutes and needs soffice, pandoc and pdftotext; to run it: FIRSTCALL_COUNTERPARTS=1 go test ./core/document -run Counterparts -v")
	}
	for _, tool := range []string{"soffice", "pandoc", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	dir := t.TempDir()
	makeCounterparts(t, dir)
	scores := map[string][]agreement{}
	for _, file := range listOf(t, filepath.Join(dir, "*", "*.*")) {
		maker := filepath.Base(filepath.Dir(file))
		for _, by := range otherReaders(file) {
			a := compare(t, file, by)
			key := fmt.Sprintf("%-5s of %-11s against %s", filepath.Ext(file)[1:], maker, by[0])
			if by[0] == "pdftotext" {
				key += " " + by[1]
			}
			scores[key] = append(scores[key], a)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(scores)) {
		all := scores[key]
		sum, worst := agreement{}, all[0]
		for _, a := range all {
			sum.words, sum.order = sum.words+a.words, sum.order+a.order
			if a.words+a.order < worst.words+worst.order {
				worst = a
			}
		}
		n := float64(len(all))
		t.Logf("%s: words %.4f, order %.4f of %d; worst %.3f, %.3f in %s", key, sum.words/n, sum.order/n, len(all), worst.words, worst.order, filepath.Base(worst.file))
		if sum.words/n < fewestWords || sum.order/n < fewestOrder {
			t.Errorf("%s: under %.2f of words or %.2f of order", key, fewestWords, fewestOrder)
		}
	}
	checkRich(t, dir)
}

func listOf(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return files
}

func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	var failure strings.Builder
	c.Stderr = &failure
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", c, err, failure.String())
	}
	return string(out)
}

// makeCounterparts writes documents into a directory for each program that makes
// them.
func makeCounterparts(t *testing.T, dir string) {
	t.Helper()
	office := func(files []string, args ...string) {
		command(t, "soffice", slices.Concat([]string{"-env:UserInstallation=file://" + dir + "/.profile", "--headless"},
			args, []string{"--outdir", filepath.Join(dir, "LibreOffice")}, files)...)
	}
	for _, to := range []string{"pandoc", "LibreOffice", ".profile"} {
		if err := os.Mkdir(filepath.Join(dir, to), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	texts, err := filepath.Glob("../../../shared/jobs/files/*")
	if err != nil || len(texts) == 0 {
		t.Log("the job descriptions are not there; only documents of this package are read")
	}
	var plain, flat []string
	for _, file := range append(texts, "testdata/job.html") {
		base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		if filepath.Ext(file) == ".txt" {
			plain = append(plain, file)
			continue
		}
		for _, ext := range []string{"docx", "odt", "html"} {
			command(t, "pandoc", "-s", file, "-o", filepath.Join(dir, "pandoc", base+"."+ext))
		}
		flat = append(flat, filepath.Join(dir, "pandoc", base+".odt"))
	}
	flat = append(flat, "testdata/rich.fodt")
	for _, format := range []string{"docx", "odt", "pdf", "html"} {
		office(flat, "--convert-to", format)
		if len(plain) > 0 {
			office(plain, "--infilter=Text (encoded):UTF8", "--convert-to", format)
		}
	}
}

// otherReaders are the commands that read a file, without its name.
func otherReaders(file string) [][]string {
	switch filepath.Ext(file) {
	case ".pdf":
		return [][]string{{"pdftotext", "-layout"}, {"pdftotext", "-raw"}}
	case ".docx", ".odt":
		return [][]string{{"pandoc", "-s", "--wrap=none", "--columns=9999", "-t", "plain"}}
	case ".html":
		return [][]string{{"pandoc", "--wrap=none", "--columns=9999", "-t", "plain"}}
	}
	return nil
}

// agreement is how far two readers agree on a file.
type agreement struct {
	file         string
	words, order float64
}

// compare reads a file here and with a command. Margins are left out of both,
// and so are the marks of lists.
func compare(t *testing.T, file string, by []string) agreement {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Read(file, data)
	if err != nil {
		t.Fatal(err)
	}
	args := append(slices.Clone(by[1:]), file)
	if by[0] == "pdftotext" {
		args = append(args, "-")
	}
	other := command(t, by[0], args...)
	ours := wordsOf(d.Text)
	theirs := wordsOf(listMark.ReplaceAllString(withoutMargins(other, d.Margins), " "))
	if len(theirs) == 0 {
		t.Fatalf("%s: %s finds nothing", file, by[0])
	}
	counts := map[string]int{}
	for _, w := range ours {
		counts[w]++
	}
	found := 0
	for _, w := range theirs {
		if counts[w] > 0 {
			counts[w]--
			found++
		} else if os.Getenv("FIRSTCALL_MISSING") != "" {
			t.Logf("%s: no %q", filepath.Base(file), w)
		}
	}
	n := float64(len(theirs))
	return agreement{file, float64(found) / n, float64(common(ours, theirs)) / n}
}

// listMark is what other readers show before the entries of a list, and where
// they show a note.
var listMark = regexp.MustCompile(`(?m)^[ \t]*(?:\(?[0-9]{1,2}[.)]|\(?[a-zA-Z][.)]|[ivx]+[.)]|o)[ \t]|\[\d+\]`)

// withoutMargins drops the lines that margins have.
func withoutMargins(text string, margins []Margin) string {
	known := map[string]bool{}
	for _, m := range margins {
		for line := range strings.SplitSeq(m.Text, "\n") {
			known[unnumbered(line)] = true
		}
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !known[unnumbered(listMark.ReplaceAllString(line, ""))] {
			b.WriteString(line)
		}
	}
	return b.String()
}

// unnumbered gives the words of a line but for its numbers.
func unnumbered(line string) string {
	return strings.Join(slices.DeleteFunc(wordsOf(line), func(w string) bool { return w[0] <= '9' }), " ")
}

// wordsOf gives the words and numbers of a text in lower case.
func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(s), "\u00AD", ""), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// common is the length of the longest common subsequence.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, w := range a {
		diagonal := 0
		for j, v := range b {
			above := row[j+1]
			if w == v {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

// checkRich looks for what stands around the text, in each format that has it.
func checkRich(t *testing.T, dir string) {
	for ext, want := range map[string]struct {
		pending       int
		header, notes bool
	}{"docx": {2, true, true}, "odt": {2, true, true}, "pdf": {0, true, false}, "html": {0, false, false}} {
		file := filepath.Join(dir, "LibreOffice", "rich."+ext)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Read(file, data)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[MarginKind]string{}
		for _, m := range d.Margins {
			kinds[m.Kind] = cmp.Or(kinds[m.Kind], m.Text)
		}
		if want.header != (kinds[Header] == "Town of Fernwick staff handbook" && strings.HasPrefix(kinds[Footer], "Revised 3/2019, page ")) ||
			want.notes != (kinds[Note] == "Residents include tenants and landlords.") || d.Pending != want.pending {
			t.Errorf("%s: %d changes, margins\n%s", ext, d.Pending, around(d))
		}
		if strings.Count(d.Text, "forty-two") != 1 {
			t.Errorf("%s: the text box is not there once", ext)
		}
		if want.header && (strings.Contains(d.Text, "Fernwick") || strings.Contains(d.Text, "3/2019")) {
			t.Errorf("%s: margins in the text", ext)
		}
		if want.pending > 0 && (strings.Contains(d.Text, "telegraph") || !strings.Contains(d.Text, "at nine and closes at seventeen on every working day, also")) {
			t.Errorf("%s: changes are not as they would be accepted", ext)
		}
	}
}
