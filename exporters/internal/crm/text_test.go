package crm

import (
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	text := Text{
		{Heading: "In <brief>", Words: "1. R&D @admin & co."},
		{},
		{Heading: "List", Words: "Before.", Items: []string{"a*b*", "- c"}},
		{Items: []string{"only"}},
		{Heading: "Alone"},
	}
	if got, want := text.Plain(), "In <brief>\n1. R&D @admin & co.\n\nList\nBefore.\n- a*b*\n- - c\n\n- only\n\nAlone"; got != want {
		t.Errorf("plain: %q\nwant   %q", got, want)
	}
	if got, want := text.HTML(), "<p><strong>In &lt;brief&gt;</strong></p><p>1. R&amp;D @admin &amp; co.</p><p><strong>List</strong></p><p>Before.</p><ul><li>a*b*</li><li>- c</li></ul><ul><li>only</li></ul><p><strong>Alone</strong></p>"; got != want {
		t.Errorf("html: %s\nwant  %s", got, want)
	}
	if got, want := text.Markdown(), "**In \\<brief\\>**\n\n1\\. R&D &#64;admin & co.\n\n**List**\n\nBefore.\n\n- a\\*b\\*\n- \\- c\n\n- only\n\n**Alone**"; got != want {
		t.Errorf("markdown: %q\nwant      %q", got, want)
	}
	if got := (Text{}).Plain() + (Text{{}}).HTML() + Text(nil).Markdown(); got != "" {
		t.Errorf("nothing is %q", got)
	}
}

func TestEscapeMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"":                     "",
		"plain – words, “so”.": "plain – words, “so”.",
		"- item":               "\\- item",
		"  + item":             "  \\+ item",
		"a - b + c = d":        "a - b + c = d",
		"---":                  "\\---",
		"a\n===":               "a\n\\===",
		"12) item":             "12\\) item",
		"2026-09-30 (3.5)":     "2026-09-30 (3.5)",
		"in 12. Then":          "in 12. Then",
		"# h":                  "\\# h",
		"[a](b) ![c](d)":       "\\[a\\](b) !\\[c\\](d)",
		"`a` ~b~ _c_ |d|":      "\\`a\\` \\~b\\~ \\_c\\_ \\|d\\|",
		"&lt; &#64; R&D AT&T":  "\\&lt; \\&\\#64; R&D AT&T",
		"mail a@b.c":           "mail a&#64;b.c",
		"\\":                   "\\\\",
	} {
		if got := escapeMarkdown(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestHTMLHasNoMarkupOfOthers(t *testing.T) {
	nasty := `<script>alert("1")</script><!-- </p>`
	got := Text{{Heading: nasty, Words: nasty, Items: []string{nasty}}}.HTML()
	if strings.Contains(got, "<script") || strings.Contains(got, "<!--") || strings.Count(got, "</p>") != 2 {
		t.Error(got)
	}
}
