package jobs

import (
	"strings"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// section says what a part of a job description is about.
type section uint8

const (
	opening       section = iota // before any heading that tells: what the job is
	duties                       // what the holder does
	requirements                 // what the holder is or knows
	conditions                   // where, when and with what the work is done
	benefits                     // what the holder gets
	applying                     // how and when to apply, and what happens then
	legal                        // notices that are the same everywhere
	questionnaire                // questions to applicants
	company                      // about the organization
	labels                       // lines of the form "Department: Finance"
)

// headings are the words by which headings tell their sections, the more telling
// first: "to apply" decides over "requirements".
var headings = []struct {
	is    section
	words []string
}{
	{questionnaire, []string{"questionnaire", "supplemental question", "screening question", "application questions"}},
	{legal, []string{"equal opportunity", "equal employment", "eeo", "disclaimer", "accommodation", "affirmative action", "drug-free", "drug free", "e-verify",
		"non-discrimination", "nondiscrimination", "important notice", "diversity statement", "diversity and inclusion statement", "privacy", "legal", "fair chance", "acknowledg", "signature", "ada statement"}},
	{applying, []string{"apply", "application", "applicant", "selection process", "selection procedure", "examination", "exam ", "hiring process", "recruitment process", "interview", "deadline",
		"filing", "next steps", "process note", "selective certification", "appointment", "eligible list", "qualifications review", "how we hire", "hiring"}},
	{duties, []string{"what you'll bring to the role of"}},
	{requirements, []string{"qualification", "requirement", "skills", "knowledge", "abilities", "ability", "experience", "education", "who you are", "about you", "you bring", "you'll bring",
		"you will bring", "you have", "looking for", "ideal candidate", "must have", "must-have", "nice to have", "nice-to-have", "person specification", "license", "certification", "competencies", "credentials",
		"preferred", "desirable", "desired", "essential criteria", "eligibility", "attributes", "bonus points", "we'd love", "you might", "your profile", "background"}},
	{duties, []string{"duties", "duty", "responsib", "function", "task", "accountab", "you'll do", "you will do", "you'll be doing", "you will be doing", "expectation", "job description", "scope",
		"objective", "day-to-day", "day to day", "the job", "the role", "role", "in this role", "activities", "examples of", "nature of work", "position description", "summary", "purpose", "description",
		"overview", "definition", "position", "what does", "your work", "workload", "goals", "how you'll", "how you will", "performance", "success", "mission", "deliverables", "commitment", "customer service", "standards", "work you", "job profile"}},
	{conditions, []string{"condition", "physical", "environment", "hours", "schedule", "equipment", "location", "travel", "demands", "flsa", "effort", "tools used", "where you"}},
	{benefits, []string{"benefit", "salary", "compensation", "pay", "perks", "we offer", "what you'll get", "retirement", "reward", "remuneration", "wage", "what's in it", "insurance", "why join", "why work"}},
	{company, []string{"about us", "about the company", "about the organi", "who we are", "our company", "our team", "about the team", "our values", "about the department", "about", "company", "what is it like", "working at", "our story", "equality"}},
	{labels, []string{"job details", "details", "position information", "at a glance"}},
}

// sectionOf tells what a heading announces; ok is false when it tells nothing.
func sectionOf(heading string) (is section, ok bool) {
	plain := " " + strings.ToLower(strings.ReplaceAll(strings.Join(strings.Fields(heading), " "), "’", "'")) + " "
	for _, h := range headings {
		for _, w := range h.words {
			if beginsWord(plain, w) {
				return h.is, true
			}
		}
	}
	return opening, false
}

// beginsWord says whether a text, which begins with a space, has a word that begins so.
func beginsWord(text, start string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], start)
		if at < 0 {
			return false
		}
		if at += from; at > 0 && !isLetter(text[at-1]) {
			return true
		}
		from = at + 1
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// mostHeadingWords is how many words a line without a mark has at most to be a
// heading.
const mostHeadingWords = 8

// headingLine says whether a block that nothing marks stands as a heading: a short
// line that ends with a colon, or without a mark and whose words are capitalized.
func headingLine(text string) bool {
	text = strings.Trim(text, "*_ ")
	if text == "" || len(text) > 70 {
		return false
	}
	words := strings.Fields(text)
	if len(words) > mostHeadingWords {
		return false
	}
	if before, ok := strings.CutSuffix(text, ":"); ok {
		return !strings.ContainsAny(before, ".:")
	}
	if strings.ContainsAny(text[len(text)-1:], ".,;!") || strings.ContainsAny(text, ":\t") {
		return false
	}
	capitals := 0
	for _, w := range words {
		if w[0] >= 'A' && w[0] <= 'Z' {
			capitals++
		} else if len(w) > 4 && isLetter(w[0]) {
			return len(words) <= 4 && capitals > 0 && strings.HasSuffix(text, "?")
		}
	}
	return capitals > 0
}

// divide gives each block its section. Headings, marked or not, open one.
func divide(text string, blocks []block) []section {
	out := make([]section, len(blocks))
	now := opening
	for i := range blocks {
		b := &blocks[i]
		words := b.In(text)
		if b.kind != prose.Item && (b.kind == prose.Heading || headingLine(words)) {
			is, ok := sectionOf(words)
			if ok {
				now = is
			} else if b.kind == prose.Heading && now != opening && b.level <= 2 {
				now = duties // a heading of the job's own: "To be the point of escalation"
			}
			if ok || b.kind == prose.Heading {
				b.kind = prose.Heading
				out[i] = now
				continue
			}
		}
		out[i] = now
	}
	return out
}
