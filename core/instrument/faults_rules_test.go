package instrument_test

import (
	"strings"
	"testing"
)

func TestFaultsOfScalesAndRules(t *testing.T) {
	checkFaults(t, []faulty{
		{"no scale", `id = "x"
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
[[dimension.item]]
id = "b"
scale = {min = 1}
[[outcome]]
id = "o"
`,
			`f.toml:4:13: item "a" has no scale
  hint: add [scale] with min and max at the top of the file, or to the dimension or the item
f.toml:8:1: scale has no max
  hint: add max, the highest answer
f.toml:9:3: item "o" has no scale
  hint: add [scale] with min and max at the top of the file, or to the dimension or the item`},
		{"scales", `id = "x"
[scale]
min = 5
max = 1
labels = ["never checked"]
[[dimension]]
id = "a"
scale = {min = 1, max = 5, labels = ["a", "b"], favorable = 6, missing_codes = [-9, 1, 5]}
item = [{id = "a1"}]
[[dimension]]
id = "b"
scale = {min = 0, max = 2000, missing_codes = [-99]}
item = [
  {id = "b1", continuous = true},
  {id = "b2"},
  {id = "b3", scale = {min = -100}},
]
[[dimension]]
id = "c"
scale = {min = 3, max = 3}
item = [{id = "c1"}]
[[dimension]]
id = "d"
scale = {min = -1000001, max = 2147483647}
item = [{id = "d1"}]
[[dimension]]
id = "e"
scale = {min = 1, max = 3, labels = ["3", "2", "1"], favorable = 0}
item = [{id = "e1", scale = {max = 4, favorable = 5}}]
`,
			`f.toml:3:1: min must be below max, but is 5 where max is 1
  hint: swap them, or correct one
f.toml:8:28: 2 labels for the 5 steps from 1 to 5
  hint: give one label for each step, or none
f.toml:8:49: favorable is 6, which is no answer from 1 to 5
  hint: name the first step that counts as favorable
f.toml:8:85: missing code 1 is an answer from 1 to 5
  hint: use a number outside of the scale, such as -99
f.toml:8:88: missing code 5 is an answer from 1 to 5
  hint: use a number outside of the scale, such as -99
f.toml:12:19: scale has 2001 steps, which is more than 1001
  hint: set continuous = true on items that are answered by a measured number
f.toml:16:15: the wider scale's missing code -99 is an answer from -100 to 2000
  hint: give this scale missing_codes of its own
f.toml:16:15: scale has 2101 steps, which is more than 1001
  hint: set continuous = true on items that are answered by a measured number
f.toml:16:15: item "b3" is answered from -100 to 2000, but others in its dimension from 0 to 2000
  hint: give all items of a dimension the same range, or make two dimensions of it
f.toml:20:10: min must be below max, but is 3 where max is 3
  hint: swap them, or correct one
f.toml:24:10: min must be within -1000000 and 1000000
f.toml:24:26: max must be within -1000000 and 1000000
f.toml:28:38: label "3" stands for the answer 1, which is another number
  hint: labels that are numbers must be the steps themselves; leave them out, or use words
f.toml:28:48: label "1" stands for the answer 3, which is another number
  hint: labels that are numbers must be the steps themselves; leave them out, or use words
f.toml:28:54: favorable is 0, which is no answer from 1 to 3
  hint: name the first step that counts as favorable
f.toml:29:39: favorable is 5, which is no answer from 1 to 4
  hint: name the first step that counts as favorable`},
		{"one range a dimension", `id = "x"
[scale]
min = 1
max = 5
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
[[dimension.item]]
id = "b"
scale = {min = 0, max = 4}
[[dimension.item]]
id = "c"
[[dimension.item]]
id = "d"
[dimension.item.scale]
max = 7
`,
			`f.toml:11:1: item "b" is answered from 0 to 4, but others in its dimension from 1 to 5
  hint: give all items of a dimension the same range, or make two dimensions of it
f.toml:16:17: item "d" is answered from 1 to 7, but others in its dimension from 1 to 5
  hint: give all items of a dimension the same range, or make two dimensions of it`},
		{"words that are not among the choices", `id = "x"
direction = "high-is-god"
[scale]
min = 0
max = 10
[policy]
missing = "whatever"
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
type = "Likert"
facet = "Service"
aspect = "real"
[[attribute]]
id = "g"
kind = "groups"
[[attribute]]
id = "h"
`,
			`f.toml:2:1: direction cannot be "high-is-god"
  hint: did you mean "high-is-good"?
f.toml:7:1: missing cannot be "whatever"
  hint: use one of: min_half, available_mean, min_80pct, complete_only, item_mean_imputed, item_median_imputed
f.toml:12:1: type cannot be "Likert"
  hint: did you mean "likert"?
f.toml:13:1: facet cannot be "Service"
  hint: did you mean "service"?
f.toml:14:1: aspect cannot be "real"
  hint: did you mean "ideal"?
f.toml:17:1: kind cannot be "groups"
  hint: did you mean "group"?
f.toml:18:3: attribute "h" has no kind
  hint: add kind = "group" if it may be reported by, else client, wave, respondent, time or headcount`},
		{"policy", `id = "x"
[scale]
min = 1
max = 5
[policy]
min_group = 2
weak_below = 101
act_within = 731
bands = [
  {at = 10, name = "a"},
  {at = 5, name = "b"},
  {at = 5, name = "A"},
  {at = 100.5},
  {name = ""},
]
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
`,
			`f.toml:6:1: min_group must be at least 3, not 2
  hint: people in smaller groups could be recognized by their answers
f.toml:7:1: weak_below must be a percentage from 0 to 100, not 101
f.toml:8:1: act_within must be 1 to 730 days, not 731
  hint: it is how long people have for an action; leave it out for 90 days
f.toml:10:4: the first band must begin at 0, not 10
  hint: scores below it would have no band
f.toml:11:4: bands must ascend, but 5 follows 10
  hint: sort the bands by at
f.toml:12:4: bands must ascend, but 5 follows 5
  hint: sort the bands by at
f.toml:12:12: two bands are called "A"
  hint: give each its own name
f.toml:13:3: band has no name
  hint: write {at = 50, name = "Mixed"}
f.toml:13:4: a band begins at a percentage from 0 to 100, not 100.5
f.toml:14:3: band has no "at"
  hint: write {at = 50, name = "Mixed"}
f.toml:14:4: name is empty
  hint: write it, or take it out`},
		{"actions", `id = "x"
scale = {min = 1, max = 5}
policy = {act_within = 0}
[[dimension]]
id = "a"
action = "  "
owner = ""
item = [{id = "a1"}]
[[dimension]]
id = "b"
action = "` + strings.Repeat("Do it. ", 58) + `"
owner = "one\ntwo"
item = [{id = "b1"}]
`,
			`f.toml:3:11: act_within must be 1 to 730 days, not 0
  hint: it is how long people have for an action; leave it out for 90 days
f.toml:6:1: action is empty
  hint: say in a sentence or two what to do when the dimension is weak, or take it out
f.toml:7:1: owner is empty
  hint: write it, or take it out
f.toml:11:1: action is 405 characters long, more than 400
  hint: say it in a sentence or two
f.toml:12:1: owner holds a line break or another control character
  hint: write it on one line`},
		{"policy below everything", `id = "x"
policy = {min_group = -1, weak_below = -0.5, bands = [{at = -1, name = "a"}]}
scale = {min = 1, max = 5}
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
`,
			`f.toml:2:11: min_group must be at least 3, not -1
  hint: people in smaller groups could be recognized by their answers
f.toml:2:27: weak_below must be a percentage from 0 to 100, not -0.5
f.toml:2:56: a band begins at a percentage from 0 to 100, not -1`},
		{"levels", `id = "x"
[scale]
min = 1
max = 5
[[dimension]]
id = "a"
level = 1
item = [{id = "a1"}]
[[dimension]]
id = "b"
level = 1
item = [{id = "b1"}]
[[dimension]]
id = "c"
item = [{id = "c1"}]
[[dimension]]
id = "d"
level = 5
item = [{id = "d1"}]
[[dimension]]
id = "e"
level = 0
item = [{id = "e1"}]
[[dimension]]
id = "f"
level = 8
item = [{id = "f1"}]
[[dimension]]
id = "g"
item = [{id = "g1"}]
`,
			`f.toml:11:1: level 1 is already that of dimension "a"
  hint: number the dimensions from 1 at the bottom, each once
f.toml:13:3: dimension "c" has no level, but others have
  hint: number all dimensions from 1 at the bottom, or none
f.toml:22:1: level 0 is not within 1 and 7, the number of dimensions
  hint: number the dimensions from 1 at the bottom, each once
f.toml:26:1: level 8 is not within 1 and 7, the number of dimensions
  hint: number the dimensions from 1 at the bottom, each once
f.toml:28:3: dimension "g" has no level, but others have
  hint: number all dimensions from 1 at the bottom, or none`},
		{"pairs", `id = "x"
[scale]
min = 1
max = 5
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
pair = "a"
[[dimension.item]]
id = "b"
pair = "cc1"
[[dimension.item]]
id = "cc"
aspect = "ideal"
pair = "dd"
[[dimension.item]]
id = "dd"
aspect = "ideal"
pair = "cc"
[[dimension.item]]
id = "ee"
aspect = "ideal"
pair = "ff"
[[dimension.item]]
id = "ff"
aspect = "practice"
[[dimension.item]]
id = "gg"
aspect = "ideal"
pair = "oo"
[[outcome]]
id = "oo"
aspect = "practice"
pair = "gg"
scale = {min = 0, max = 4}
`,
			`f.toml:9:1: an item cannot be its own pair
  hint: name the item that asks the other aspect of the same thing
f.toml:12:1: pair "cc1" is not the id of an item
  hint: did you mean "cc"?
f.toml:20:1: of the pair "cc" and "dd" one must ask for the ideal, the other for the practice
  hint: set aspect = "ideal" on the one and aspect = "practice" on the other
f.toml:24:1: "ff" is the pair of "ee", but not the other way round
  hint: write pair = "ee" in item "ff"
f.toml:35:1: the pair "gg" and "oo" is answered on different ranges
  hint: give both the same min and max, so that they can be compared`},
		{"net promoter items", `id = "x"
[scale]
min = 1
max = 5
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
type = "enps"
[[dimension.item]]
id = "b"
[[outcome]]
id = "o"
type = "enps"
scale = {min = 0, max = 10}
reverse = true
continuous = true
`,
			`f.toml:9:1: an enps item is answered from 0 to 10, not from 1 to 5
  hint: add scale = {min = 0, max = 10} to the item
f.toml:16:1: an enps item cannot be reverse-keyed
  hint: take out reverse
f.toml:17:1: an enps item is answered in whole numbers
  hint: take out continuous`},
		{"attributes", `id = "x"
[scale]
min = 1
max = 5
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
[[attribute]]
id = "client"
kind = "client"
[[attribute]]
id = "firm"
kind = "client"
[[attribute]]
id = "who"
kind = "respondent"
leaders = ["Boss"]
[[attribute]]
id = "role"
kind = "group"
values = ["Manager", "Staff", "staff", ""]
leaders = ["Managr", "Manager", "Intern"]
[[attribute]]
id = "when"
kind = "time"
[[attribute]]
id = "again"
kind = "time"
[[attribute]]
id = "asked"
kind = "headcount"
[[attribute]]
id = "asked2"
kind = "headcount"
[[attribute]]
id = "w1"
kind = "wave"
[[attribute]]
id = "w2"
kind = "wave"
[[attribute]]
id = "who2"
kind = "respondent"
`,
			`f.toml:14:1: a second attribute of kind "client"
  hint: the first is "client" on line 9; only groups may have several
f.toml:18:1: an attribute of kind "respondent" has no leaders
  hint: leaders need kind = "group"
f.toml:22:31: "staff" stands twice in values
  hint: upper and lower case count as the same; keep one
f.toml:22:40: entry 4 of values is empty
  hint: write it, or take it out
f.toml:23:12: leader "Managr" is not among the values
  hint: did you mean "Manager"?
f.toml:23:33: leader "Intern" is not among the values
  hint: values are: Manager, Staff, staff, 
f.toml:29:1: a second attribute of kind "time"
  hint: the first is "when" on line 24; only groups may have several
f.toml:35:1: a second attribute of kind "headcount"
  hint: the first is "asked" on line 30; only groups may have several
f.toml:41:1: a second attribute of kind "wave"
  hint: the first is "w1" on line 36; only groups may have several
f.toml:44:1: a second attribute of kind "respondent"
  hint: the first is "who" on line 15; only groups may have several`},
		{"missing codes that a narrower scale makes answers", `id = "x"
scale = {min = 1, max = 5, missing_codes = [9]}
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
scale = {min = 0, max = 10}
`,
			`f.toml:7:1: the wider scale's missing code 9 is an answer from 0 to 10
  hint: give this scale missing_codes of its own`},
		{"one fault is one problem", `id = "x"
scale = {min = 1, max = 5}
[[dimension]]
id = "d"
[[dimension.item]]
id = "a"
aspect = "ideal"
pair = "b"
scale = {min = 5, max = 1}
[[dimension.item]]
id = "b"
aspect = "practice"
pair = "a"
scale = {min = "2", labels = ["one", "two"]}
`,
			`f.toml:9:10: min must be below max, but is 5 where max is 1
  hint: swap them, or correct one
f.toml:14:10: "min" must be a whole number, not text
  hint: write min = 2, without quotes`},
	})
}
