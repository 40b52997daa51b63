package dated

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/dated.md anew")

// TestDatedPage holds docs/dated.md to the data. With -update it is written anew.
func TestDatedPage(t *testing.T) {
	const file = "../../docs/dated.md"
	want := datedPage(t)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/dated.md is not what the data say; run with -update")
	}
}

const pageHead = `# What is out of date in the world

<!-- Made from core/dated by go test ./core/dated -run DatedPage -update -->

A job description that asks for Lotus Notes or offers a typewriter was written long
ago, or copied from one that was. firstcall names such things with the month in which
they became out of date, with what is used now, and with a source. What became so
after the day of the check is not named.

## What counts

%s
And a release of a product counts when its maker no longer supports it, such as
“Windows 7” or “SQL Server 2008”: of %d product families, %d releases.

## What does not count

- What is only old. A product that its maker still sells and mends is at most a hint,
  however few people use it.
- A product that was bought by another company and kept its name.
- A release that is a minimum in words (“2016 or later”), or that has lost its support
  not long ago: a hint, too.
- Ordinary words and surnames. A name that is also one counts only near words that make
  it plain (“Waffle” beside Trello or GitHub), and not before or after words that speak
  against it (“Waffle House”).
- Addresses of web pages and e-mail.

## Strengths

A *sure* finding is reported as dated. A *soft* one is a hint: debatable, fading, still
sold, or a word that some style guides drop and others keep.

## Excuses

What is named for a reason is not reported:

- *negated*: said not to be there or not to be used (“no longer accept fax”). Words for
  people are not excused so: who does not discriminate because of a “handicap” still
  calls it one.
- *deliberate*: its age is the point (“migrates Windows XP estates”, “X, formerly
  Twitter”), or the new name stands beside the old one.
- *collection*: it is what is collected, kept or mended (“a museum's typewriters”).
- *quotation*: it stands in the name of a law or an office (“Education for All
  Handicapped Children Act”).

## Where it is from

The single entries below are ours. A source is the publisher with the title of what
was published, or with what was announced, and the year. In November 2026 the entries
were compared with public texts: %d have the address of a page of which an excerpt was
read that says what became of the thing, and of %d texts of public repositories say so.
The other %d rest on the publication that is named, which was not looked up again.
Sources marked “by judgment” are no publications, and their entries are soft.

`

// kindHeads are the headings of the table, and what counts as each kind.
var kindHeads = [...][2]string{
	Product: {"Products", "software and devices that were withdrawn or renamed, or that their makers no longer mend"},
	Service: {"Services", "services that were closed or renamed, and companies that run them"},
	Version: {"Single releases", "releases that are known by a name, such as AngularJS"},
	Tool:    {"Office machines and media", "what hardly any office has any more"},
	Term:    {"Terms", "words for people that are no longer used, and names of agencies, laws, standards and certificates that were replaced"},
}

func datedPage(t *testing.T) string {
	var tables, counts strings.Builder
	pages, checked, other := 0, 0, 0
	for kind, name := range kindFiles {
		items := readData(t, name)
		fmt.Fprintf(&counts, "- %s: %d entries, %s.\n", kindHeads[kind][0], len(items), kindHeads[kind][1])
		fmt.Fprintf(&tables, "## %s\n\n| name | what became of it | since | now | source | compared |\n| --- | --- | --- | --- | --- | --- |\n", kindHeads[kind][0])
		for _, it := range items {
			e, ok := English().Entry(it.fields[0])
			if !ok {
				t.Fatalf("no entry %s", it.fields[0])
			}
			compared := ""
			switch {
			case e.Page != "":
				compared = "[page](<" + e.Page + ">)"
				pages++
			case e.checked:
				compared = "yes"
				checked++
			default:
				other++
			}
			state := e.State.String()
			if e.Strength == Soft {
				state += ", soft"
			}
			fmt.Fprintf(&tables, "| %s | %s | %v | %s | %s | %s |\n", e.Name, state, e.Since, e.Replacement, e.Source, compared)
		}
		tables.WriteByte('\n')
	}
	families, releases := 0, English().Len()-pages-checked-other
	for _, name := range releaseFiles {
		families += len(readData(t, name))
	}
	return fmt.Sprintf(pageHead, counts.String(), families, releases, pages, checked, other) + tables.String() + releaseNotice(t)
}

// readData gives the items of a file of data.
func readData(t *testing.T, name string) []*item {
	t.Helper()
	text, err := files.ReadFile("data/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	items, err := readItems(name, string(text))
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// releaseNotice gives the notice of the data of endoflife.date, as at the head of
// their file.
func releaseNotice(t *testing.T) string {
	t.Helper()
	text, err := files.ReadFile("data/endoflife.txt")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("## Releases\n\nReleases stand in `core/dated/data/releases.txt`, which is ours, and in\n`core/dated/data/endoflife.txt`, of which its head says:\n\n")
	for line := range strings.Lines(string(text)) {
		line, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "#")
		if !ok {
			break
		}
		b.WriteString(strings.TrimRight(">"+line, " ") + "\n")
	}
	return b.String()
}
