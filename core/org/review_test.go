package org

import (
	"testing"
	"time"

	"github.com/firstcall-cli/firstcall/core/tomlfile"
)

func TestParseInterval(t *testing.T) {
	for text, want := range map[string]Interval{
		"12 months": 12, "1 month": 1, " 18  Months ": 18, "2 years": 24, "1 year": 12, "50 years": 600, "2 quarters": 6,
		"monthly": 1, "Quarterly": 3, "half-yearly": 6, "semiannually": 6, "annually": 12, "yearly": 12, "every 2 years": 24,
		"": 0, "12": 0, "0 months": 0, "51 years": 0, "-1 months": 0, "1.5 years": 0, "2 weeks": 0, "soon": 0, "every": 0, "two years": 0,
		"1 years old": 0, "99999999999 years": 0, "12months": 0,
	} {
		got, err := ParseInterval(text)
		if got != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
		if again, _ := ParseInterval(want.String()); want > 0 && again != want {
			t.Errorf("%d is written %q", want, want)
		}
	}
}

func TestIntervalAfter(t *testing.T) {
	for _, test := range []struct {
		from   string
		months Interval
		want   string
	}{
		{"2024-06-30", 12, "2025-06-30"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2023-08-31", 18, "2025-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-12-15", 1, "2025-01-15"},
		{"2024-10-31", 1, "2024-11-30"},
	} {
		from, _ := time.Parse(time.DateOnly, test.from)
		if got := test.months.After(from).Format(time.DateOnly); got != test.want {
			t.Errorf("%d months after %s: %s, want %s", test.months, test.from, got, test.want)
		}
	}
}

func reviews(t *testing.T, text string) (Reviews, error) {
	t.Helper()
	var file struct {
		Review []ReviewTable `toml:"review"`
	}
	doc, err := tomlfile.Decode("f", []byte(text), &file)
	if doc == nil {
		t.Fatal(err)
	}
	r := ReadReviews(doc, file.Review, "review")
	return r, doc.Err()
}

func TestReviewsFor(t *testing.T) {
	r, err := reviews(t, `
[[review]]
folder = "support/**"
title = "*clerk*"
every = "1 month"

[[review]]
folder = "Support"
every = "2 months"

[[review]]
department = "billing-team"
every = "3 months"

[[review]]
folder = "**/archive/*.docx"
every = "4 months"
severe = "6 years"

[[review]]
folder = "a?/[x-z]*/**/end"
every = "5 months"

[[review]]
title = "AR/AP Clerk"
every = "7 years"
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		path, department, title string
		want                    Interval
	}{
		{"support/a.md", "", "Senior  Clerk II", 1},
		{"support/a/b/c.md", "", "clerk", 1},
		{"./support/a.md", "", "Engineer", 2},
		{`SUPPORT\deep\a.md`, "", "", 2},
		{"jobs/support/a.md", "", "Engineer", 12},
		{"supporters/a.md", "", "Engineer", 12},
		{"", "Billing Team", "", 3},
		{"", "Billing", "", 12},
		{"", "", "", 12},
		{"archive/a.docx", "", "", 4},
		{"x/y/archive/a.docx", "", "", 4},
		{"x/archive/y/a.docx", "", "", 12},
		{"x/archive/a.doc", "", "", 12},
		{"ab/yes/end", "", "", 5},
		{"ab/yes/1/2/end/more.md", "", "", 5},
		{"ab/no/1/2/end", "", "", 12},
		{"abc/yes/end", "", "", 12},
		{"x.md", "", "ar/ap clerk", 84},
		{"x.md", "", "clerk", 12},
	} {
		if got := r.For(test.path, test.department, test.title).Every; got != test.want {
			t.Errorf("%q %q %q: every %s, want %s", test.path, test.department, test.title, got, test.want)
		}
	}
	if got := r.For("archive/a.docx", "", ""); got.Severe != 72 {
		t.Errorf("severe after %s, want 6 years", got.Severe)
	}
	if got := r.For("", "", "AR/AP Clerk"); got.Severe != 84 {
		t.Errorf("severe after %s, want as long as every", got.Severe)
	}
	if got := r.For("x.md", "", ""); got.Every != 12 || got.Severe != 60 || got.Owner != "" {
		t.Errorf("without a review: %+v", got)
	}
	if got := r.ForPaths([]string{"jobs/support/a.md", "support/a.md"}, "", "Engineer").Every; got != 2 {
		t.Errorf("by one of two paths: every %s", got)
	}
}

func TestReviewsIn(t *testing.T) {
	c, err := ReadClient("f", []byte("id = \"a\"\n[[department]]\nid = \"sp\"\nname = \"Customer Support\"\nformer_names = [\"Help Desk\"]\n"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := reviews(t, "[[review]]\ndepartment = \"customer support\"\nevery = \"3 months\"")
	if err != nil {
		t.Fatal(err)
	}
	for department, want := range map[string]Interval{"SP": 3, "Customer-Support": 3, "help desk": 3, "sales": 12, "": 12} {
		if got := r.In(c).For("", department, "").Every; got != want {
			t.Errorf("%q: every %s, want %s", department, got, want)
		}
	}
	if r.For("", "sp", "").Every != 12 || r.In(nil).For("", "customer support", "").Every != 3 {
		t.Error("without a client an id is no name, and names are")
	}
}

func TestReadReviewsFaults(t *testing.T) {
	for text, want := range map[string]string{
		"[[review]]\nevery = \"soon\"":                                                                 `f:2:1: every: "soon" is no number of months or years`,
		"[[review]]\nevery = 12":                                                                       `f:2:1: "every" must be text, not a whole number`,
		"[[review]]\nevery = \"100 years\"":                                                            `f:2:1: every: "100 years" is not from 1 month to 50 years`,
		"[[review]]\nevery = \"3 years\"\nsevere = \"2 years\"":                                        "f:3:1: severe is 2 years, which is less than every, 3 years",
		"[[review]]\nfolder = \"a\"":                                                                   "f:1:3: review says nothing of the papers it is for",
		"[[review]]\nfolder = 'a\\b'\nevery = \"1 year\"":                                              "f:2:1: folder holds a backslash",
		"[[review]]\nfolder = \"../b\"\nevery = \"1 year\"":                                            `f:2:1: folder "../b" leads out of the folder that it begins in`,
		"[[review]]\nfolder = \"b/[x/c\"\nevery = \"1 year\"":                                          "f:2:1: folder has a bracket that is not closed or holds nothing",
		"[[review]]\ntitle = \"[]\"\nevery = \"1 year\"":                                               "f:2:1: title has a bracket that is not closed or holds nothing",
		"[[review]]\nfolder = \"a\"\nevery = \"1 year\"\n[[review]]\nfolder = \"./A/\"\nowner = \"O\"": "f:4:3: review 2 is for the same papers as review 1, and never asked",
		"[[review]]\nfolder = \"**\"\nevery = \"1 year\"\n[[review]]\nfolder = \"a\"\nowner = \"O\"":   "f:4:3: review 2 is never asked, since review 1 holds for all papers",
		"[[review]]\nevry = \"1 year\"":                                                                `f:2:1: unknown key "evry"`,
	} {
		if _, err := reviews(t, text); err == nil || err.Error() != want {
			t.Errorf("%s\ngot  %v\nwant %s", text, err, want)
		}
	}
}
