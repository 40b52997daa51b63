package instrument_test

import (
	"testing"

	"github.com/firstcall-cli/firstcall/core/instrument"
)

// faulty is a file and everything that must be said about it: place, fault and
// hint.
type faulty struct{ name, src, want string }

func checkFaults(t *testing.T, cases []faulty) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := instrument.Read("f.toml", []byte(c.src))
			if got := describe(err); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestFaultsOfNamesAndTexts(t *testing.T) {
	checkFaults(t, []faulty{
		{"nothing at all", ``,
			`f.toml: instrument has no id
  hint: add an id of letters, digits, hyphens and underscores
f.toml: instrument has no dimension
  hint: add [[dimension]] with an id, and [[dimension.item]] below it`},
		{"not TOML", `id = "x"
title = Eight qualities
`,
			`f.toml:2:9: expected value but found "Eight" instead
  hint: put text in quotes; true and false are written in lower case without them`},
		{"unknown keys and wrong types stand beside faults of meaning", `id = "X!"
titel = "x"
version = 2
labels = ["a"]
[scale]
min = "1"
max = 5
[polcy]
min_grop = 2
[[dimension]]
id = "d"
title = true
[[dimension.item]]
idd = "a"
[[dimension.item]]
text = "b"
`,
			`f.toml:1:1: id "X!" cannot be used in keys and file names
  hint: use letters, digits, hyphens and underscores: "x"
f.toml:2:1: unknown key "titel"
  hint: did you mean "title"?
f.toml:3:1: "version" must be text, not a whole number
  hint: write version = "2"
f.toml:4:1: unknown key "labels"
  hint: "labels" belongs in [scale]; known here: id, version, title, about, source, direction, scale, policy, dimension, outcome, attribute
f.toml:6:1: "min" must be a whole number, not text
  hint: write min = 1, without quotes
f.toml:8:2: unknown key "polcy"
  hint: did you mean "policy"?
f.toml:12:1: "title" must be text, not true
  hint: write title = "true"
f.toml:14:1: unknown key "idd"
  hint: did you mean "id"?
f.toml:15:13: item has no id
  hint: add the name of its column as id`},
		{"a misspelt scale is one fault, not one an item", `id = "x"
[scle]
min = 1
max = 5
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
[[dimension.item]]
id = "b"
`,
			`f.toml:2:2: unknown key "scle"
  hint: did you mean "scale"?`},
		{"a scale of the wrong type too", `id = "x"
scale = "1-5"
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
[[dimension.item]]
id = "b"
`,
			`f.toml:2:1: "scale" must be a table, not text`},
		{"ids", `id = "Eight Qualities"
scale = {min = 1, max = 5}
[[dimension]]
id = "d_1"
[[dimension.item]]
id = ""
[[dimension.item]]
id = " a"
[[dimension.item]]
id = "b\u200b"
[[dimension.item]]
id = "c\n"
[[dimension.item]]
text = "no id"
[[dimension]]
id = "é"
item = [{id = "d"}]
[[dimension]]
item = [{id = "e"}]
[[dimension]]
id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
item = [{id = "f"}]
[[attribute]]
kind = "group"
`,
			`f.toml:1:1: id "Eight Qualities" cannot be used in keys and file names
  hint: use letters, digits, hyphens and underscores: "eight-qualities"
f.toml:6:1: id is empty
  hint: write the name of its column
f.toml:8:1: id " a" has blanks around it
  hint: write "a"
f.toml:10:1: id "b\u200b" holds a character that cannot be seen
  hint: type it anew
f.toml:12:1: id "c\n" has blanks around it
  hint: write "c"
f.toml:13:13: item has no id
  hint: add the name of its column as id
f.toml:16:1: id "é" cannot be used in keys and file names
  hint: use letters, digits, hyphens and underscores
f.toml:18:3: dimension has no id
  hint: add an id of letters, digits, hyphens and underscores
f.toml:21:1: id is longer than 64 characters
f.toml:23:3: attribute has no id
  hint: add the name of its column as id`},
		{"names that stand twice", `id = "x"
[scale]
min = 1
max = 5
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
text = "Same text"
[[dimension.item]]
id = "A"
text = "x y"
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
text = "same  Text"
[[dimension.item]]
id = "X  Y"
[[outcome]]
id = "b"
text = "b"
[[outcome]]
id = "b"
[[attribute]]
id = "b"
text = "Same text"
kind = "group"
[[attribute]]
id = "g"
kind = "group"
[[attribute]]
id = "g"
kind = "group"
`,
			`f.toml:11:1: id "A" differs from "a" only in upper and lower case or blanks
  hint: it first stands on line 8; give each its own
f.toml:14:1: dimension id "d" stands twice
  hint: it first stands on line 6; give each its own
f.toml:16:1: id "a" stands twice
  hint: it first stands on line 8; give each its own
f.toml:17:1: item "a" has the same text as item "a"
  hint: it first stands on line 9; columns are found by their text, so each needs its own
f.toml:19:1: id "X  Y" is also the text of item "A"
  hint: columns are found by id or text, so an id must not be the text of another
f.toml:24:1: id "b" stands twice
  hint: it first stands on line 21; give each its own
f.toml:26:1: id "b" stands twice
  hint: it first stands on line 21; give each its own
f.toml:27:1: attribute "b" has the same text as item "a"
  hint: it first stands on line 9; columns are found by their text, so each needs its own
f.toml:33:1: id "g" stands twice
  hint: it first stands on line 30; give each its own`},
		{"texts", `id = "x"
title = ""
version = " "
about = "a\u0007"
scale = {min = 1, max = 3, labels = ["no", "", "NO"]}
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
text = """
Two
lines"""
[[dimension.item]]
id = "b"
text = "  "
`,
			`f.toml:2:1: title is empty
  hint: write it, or take it out
f.toml:3:1: version is empty
  hint: write it, or take it out
f.toml:4:1: about holds a control character
  hint: delete it
f.toml:5:44: entry 2 of labels is empty
  hint: write it, or take it out
f.toml:5:48: "NO" stands twice in labels
  hint: upper and lower case count as the same; keep one
f.toml:10:1: text holds a line break or another control character
  hint: write it on one line
f.toml:15:1: text is empty
  hint: write it, or take it out`},
		{"nothing in it", `id = "x"
[[dimension]]
id = "d"
[[dimension]]
id = "e"
item = []
`,
			`f.toml:2:3: dimension "d" has no items
  hint: add [[dimension.item]] with an id and a text below it
f.toml:6:1: dimension "e" has no items
  hint: add [[dimension.item]] with an id and a text below it`},
	})
}
