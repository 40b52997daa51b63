package vale

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestTitle is how many characters a message may have that stands for a
// rule's title.
const longestTitle = 72

// describe fills in what the rule says of itself. A message without places says
// what the rule looks for; of others the rule's name does.
func (c *check) describe() {
	def := &c.def
	about := def.message
	switch places := len(placesOf(about)); {
	case places == 2 && def.extends == "substitution":
		about = inPlaces(about, "one word", "another")
	case places > 0:
		about = inPlaces(about)
	}
	about = stopless(fill(about))
	c.rule.Title = title(c.rule.ID)
	c.rule.Why = asSentence(about)
	if len(placesOf(def.message)) == 0 && utf8.RuneCountInString(about) <= longestTitle {
		c.rule.Title, c.rule.Why = about, "The style "+c.rule.Family()+" asks for it."
	}
	if def.description != "" {
		c.rule.Why = asSentence(fill(inPlaces(def.description)))
	}
	c.rule.Source = def.link
}

// placesOf finds the places of a message that are filled in.
func placesOf(message string) [][]int {
	var places [][]int
	for _, at := range verb().FindAllStringIndex(message, -1) {
		if message[at[0]:at[1]] != "%%" {
			places = append(places, at)
		}
	}
	return places
}

// inPlaces puts words, which take the quotes around a place with them, into the
// places of a message, and dots where there are no words.
func inPlaces(message string, words ...string) string {
	var b strings.Builder
	from := 0
	for i, at := range placesOf(message) {
		start, end := at[0], at[1]
		word := "…"
		if i < len(words) {
			word = words[i]
			start, end = quoted(message, from, start, end)
		}
		b.WriteString(message[from:start] + word)
		from = end
	}
	b.WriteString(message[from:])
	return upperFirst(b.String())
}

// quotes are the marks that stand around a word.
var quotes = map[rune]rune{'\'': '\'', '"': '"', '`': '`', '*': '*', '_': '_', '“': '”', '‘': '’'}

// quoted widens a place, which does not go below from, by the quotes around it.
func quoted(message string, from, start, end int) (int, int) {
	for {
		before, n := utf8.DecodeLastRuneInString(message[from:start])
		after, m := utf8.DecodeRuneInString(message[end:])
		if n == 0 || m == 0 || quotes[before] != after {
			return start, end
		}
		start, end = start-n, end+m
	}
}

// asSentence gives text with a full stop, unless it ends in another mark.
func asSentence(s string) string {
	s = stopless(s)
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

// title makes a phrase of a rule's name: "HeadingPunctuation" is "Heading
// punctuation".
func title(id string) string {
	_, name, _ := strings.Cut(id, "/")
	var b strings.Builder
	runes := []rune(strings.NewReplacer("-", " ", "_", " ").Replace(name))
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || runes[i-1] == ' ') {
			if runes[i-1] != ' ' {
				b.WriteByte(' ')
			}
			if i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
				r = unicode.ToLower(r)
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}
