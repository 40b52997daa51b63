package jobs

import (
	"slices"
	"testing"

	"github.com/firstcall-cli/firstcall/core/document"
	"github.com/firstcall-cli/firstcall/core/prose"
)

func TestLayout(t *testing.T) {
	const p, h, i = "p ", "h ", "i "
	for _, c := range []struct {
		what, name, text string
		want             []string
	}{
		{"lines stand alone", "a.txt", "Answers the phone.\nSorts the mail.\n", []string{p + "Answers the phone.", p + "Sorts the mail."}},
		{"a long line goes on in lower case", "a.txt", "Answers the phone and greets all of the visitors who\ncome to the desk.\n",
			[]string{p + "Answers the phone and greets all of the visitors who\ncome to the desk."}},
		{"a sentence that ended does not go on", "a.txt", "Answers.\nsorts the mail\n", []string{p + "Answers.", p + "sorts the mail"}},
		{"a colon ends a block", "a.txt", "The holder of this position is to do all of the following:\nanswers the phone\n",
			[]string{p + "The holder of this position is to do all of the following:", p + "answers the phone"}},
		{"a full line that ends with a small word goes on in upper case", "a.txt", "The holder of this position reports to the Director of the\nPublic Works Department.\n",
			[]string{p + "The holder of this position reports to the Director of the\nPublic Works Department."}},
		{"an empty line ends a block", "a.txt", "The holder answers the phone and greets all visitors of\n\nthe desk.\n",
			[]string{p + "The holder answers the phone and greets all visitors of", p + "the desk."}},
		{"bullets", "a.txt", "• Answers calls\n- Sorts mail\n* Files\no Counts\n– Writes\n", []string{i + "Answers calls", i + "Sorts mail", i + "Files", i + "Counts", i + "Writes"}},
		{"a bullet goes on", "a.txt", "- Answers calls from\n  residents\n", []string{i + "Answers calls from\n  residents"}},
		{"a bullet alone is nothing", "a.txt", "•\nAnswers calls\n", []string{p + "Answers calls"}},
		{"numbers", "a.txt", "1. Answers calls\n12) Sorts mail\na. Files\n", []string{i + "Answers calls", i + "Sorts mail", i + "Files"}},
		{"a year and an amount are no numbers of a list", "a.txt", "2019. That was it\n3.5 hours\n", []string{p + "2019. That was it", p + "3.5 hours"}},
		{"an initial is no number of a list", "a.txt", "J. Doe\n", []string{p + "J. Doe"}},
		{"shouted", "a.txt", "JOB DUTIES\nAnswers calls\n", []string{h + "JOB DUTIES", p + "Answers calls"}},
		{"shouted with other letters", "a.txt", "ÉTÉ ÜBER\n", []string{h + "ÉTÉ ÜBER"}},
		{"too few letters to shout", "a.txt", "IT\n", []string{p + "IT"}},
		{"marked headings of plain text", "a.txt", "=== Duties ===\n### Skills\n", []string{h + "Duties", h + "Skills"}},
		{"lines that only divide", "a.txt", "Answers\n-----\n***\nSorts\n", []string{p + "Answers", p + "Sorts"}},
		{"markdown", "a.md", "# Clerk\n\nAnswers calls.\nSorts mail.\n\n- Files\n\n```\ncode\n```\n",
			[]string{h + "Clerk", p + "Answers calls.", p + "Sorts mail.", i + "Files"}},
		{"a wrapped paragraph of Markdown", "a.md", "The holder answers calls from residents and\nGreets them.\n",
			[]string{p + "The holder answers calls from residents and\nGreets them."}},
		{"labels within a paragraph of Markdown", "a.md", "Reports to: Head of Customer Support and Care\nDepartment: Support and all that belongs to it\n",
			[]string{p + "Reports to: Head of Customer Support and Care", p + "Department: Support and all that belongs to it"}},
		{"marks alone in a paragraph of Markdown", "a.md", "Answers calls.\n\n~~\\~.\n\n•\n\nSorts mail.\n", []string{p + "Answers calls.", p + "Sorts mail."}},
		{"bullets that Markdown does not know", "a.md", "We ask you:\n• to listen\n• to answer\n", []string{p + "We ask you:", i + "to listen", i + "to answer"}},
	} {
		doc, err := document.Read(c.name, []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range layout(doc) {
			got = append(got, map[prose.Block]string{prose.Prose: p, prose.Heading: h, prose.Item: i}[b.kind]+b.In(doc.Text))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.what, got, c.want)
		}
	}
}

func TestSections(t *testing.T) {
	for heading, want := range map[string]section{
		"Essential Duties and Responsibilities": duties, "What you'll do": duties, "What you’ll do": duties, "Minimum Qualifications": requirements,
		"KNOWLEDGE, SKILLS AND ABILITIES": requirements, "How to Apply": applying, "Application Requirements": applying, "Equal Opportunity Employer": legal,
		"Working Conditions": conditions, "Salary and Benefits": benefits, "About Us": company, "About You": requirements, "Supplemental Questionnaire": questionnaire,
		"Job Details": labels, "What you'll bring to the role of clerk": duties,
	} {
		if is, ok := sectionOf(heading); !ok || is != want {
			t.Errorf("%q is of section %d, %v; want %d", heading, is, ok, want)
		}
	}
	for _, heading := range []string{"", "Chief Cook", "Spay clinic"} { // "pay" begins no word here
		if is, ok := sectionOf(heading); ok {
			t.Errorf("%q tells section %d", heading, is)
		}
	}
}

func TestHeadingLine(t *testing.T) {
	for line, want := range map[string]bool{
		"Duties:": true, "Essential Duties": true, "**Skills**": true, "What do you bring?": true, "What do you bring here?": false, "What will You do?": true, "Answers the phone": false, "Answers calls.": false,
		"": false, "Salary: high": false, "One Two Three Four Five Six Seven Eight Nine": false, "the end": false, "Education and Training": true, "Note: this is: it:": false,
	} {
		if got := headingLine(line); got != want {
			t.Errorf("headingLine(%q) is %v", line, got)
		}
	}
}

func TestDivide(t *testing.T) {
	text := "Clerk\nA clerk keeps the books.\nDUTIES\nAnswers calls.\nREQUIREMENTS\nA clear hand.\nHow to Apply\nSend a letter.\n"
	f := factsIn(t, "a.txt", text)
	want := map[string]section{"keeps": opening, "Answers": duties, "hand": requirements, "letter": applying}
	for word, is := range want {
		if got := f.sectionAt(indexOf(t, text, word)); got != is {
			t.Errorf("%q stands in section %d, want %d", word, got, is)
		}
	}
	if got := f.sectionAt(len(text)); got != opening {
		t.Errorf("after the end is section %d", got)
	}
	// An ad's own heading of a high level ends a section of something else.
	f = factsIn(t, "a.md", "# Clerk\n\n## Requirements\n\nA hand.\n\n## To be the voice of the house\n\nAnswers calls.\n")
	if got := f.sectionAt(indexOf(t, f.Text, "Answers")); got != duties {
		t.Errorf("below a heading of the job's own is section %d", got)
	}
}
