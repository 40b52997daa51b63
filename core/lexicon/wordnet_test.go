package lexicon

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write lexicon.txt anew from WordNet")

// wordnet is where Debian's package wordnet-base puts WordNet 3.0.
const wordnet = "/usr/share/wordnet"

// pictured says how far what a sense names can be pictured, from 0 (not at all)
// to 1, by WordNet's lexicographer file of the sense: nouns 03 to 28, verbs 29 to
// 43. The figures are our judgment; things, people and places one can point at
// are 1, acts one can see nearly so.
var pictured = map[string]float64{
	"05": 1, "06": 1, "08": 1, "13": 1, "17": 1, "18": 1, "20": 1, "27": .8, "15": .7,
	"19": .5, "28": .5, "25": .3, "14": .3, "10": .3, "04": .2, "11": .3,
	"29": .8, "35": 1, "38": 1, "39": .7, "34": 1, "43": 1, "36": .5, "32": .7, "40": .4,
	"33": .3, "30": .2, "37": .2, "41": .1,
}

// tops are words whose first sense heads the noun hierarchy, in a file (03) that
// says nothing of what they name.
var tops = map[string]string{"person": "18", "food": "13", "animal": "05", "plant": "20", "body": "08", "substance": "27", "location": "15", "object": "17"}

// lemma gathers the senses of a word.
type lemma struct {
	count [4]float64 // uses as noun, verb, adjective, adverb in the texts WordNet tagged
	files [4]map[string]float64
}

// TestLexiconIsWordNets makes the lexicon again and compares.
func TestLexiconIsWordNets(t *testing.T) {
	if _, err := os.Stat(filepath.Join(wordnet, "cntlist.rev")); err != nil {
		t.Skip("WordNet is not installed (Debian: wordnet-base)")
	}
	got := head + fromWordNet(t)
	const file = "../language/english/lexicon.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("lexicon.txt is not what WordNet gives; see -update")
	}
}

// fromWordNet writes the words that WordNet's texts use at least once, grouped
// by what is known of them.
func fromWordNet(t *testing.T) string {
	lemmas := map[string]*lemma{}
	file := map[string]string{} // part of speech and offset: lexicographer file
	parts := []string{"noun", "verb", "adj", "adv"}
	for p, part := range parts {
		eachField(t, "data."+part, func(f []string) { file[strconv.Itoa(p)+f[0]] = f[1] })
	}
	uses := map[string]map[string]float64{}
	eachField(t, "cntlist.rev", func(f []string) {
		word, rest, _ := strings.Cut(f[0], "%")
		sense := strings.Split(rest, ":")
		n, _ := strconv.Atoi(f[2])
		key := word + "%" + strings.Replace(sense[0], "5", "3", 1)
		if uses[key] == nil {
			uses[key] = map[string]float64{}
		}
		uses[key][sense[1]] += float64(n)
	})
	for p, part := range parts {
		eachField(t, "index."+part, func(f []string) {
			word := f[0]
			if strings.ContainsFunc(word, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' }) {
				return
			}
			l := lemmas[word]
			if l == nil {
				l = &lemma{}
				lemmas[word] = l
			}
			weights := maps.Clone(uses[word+"%"+strconv.Itoa(p+1)])
			if weights == nil {
				weights = map[string]float64{}
			}
			for _, n := range slices.Sorted(maps.Values(weights)) {
				l.count[p] += n
			}
			senses, _ := strconv.Atoi(f[2])
			for i, offset := range f[len(f)-senses:] {
				weights[file[strconv.Itoa(p)+offset]] += .5 / float64(i+1)
			}
			if p == 0 && weights["03"] > 0 && tops[word] != "" {
				weights[tops[word]] += weights["03"]
				delete(weights, "03")
			}
			l.files[p] = weights
		})
	}
	groups := map[string][]string{}
	for word, l := range lemmas {
		if g := l.group(); g != "" {
			groups[g] = append(groups[g], word)
		}
	}
	var b strings.Builder
	for _, g := range slices.Sorted(maps.Keys(groups)) {
		slices.Sort(groups[g])
		fmt.Fprintf(&b, "%s: %s\n", g, strings.Join(groups[g], " "))
	}
	return b.String()
}

// group words what is known of a lemma; nothing when its use was never counted.
func (l *lemma) group() string {
	total := 0.0
	for p := range l.count {
		if total += l.count[p]; l.files[p] != nil {
			l.count[p] += .2
		}
	}
	if total == 0 {
		return ""
	}
	total = l.count[0] + l.count[1] + l.count[2] + l.count[3]
	digit := func(x float64) byte { return "0123456789"[min(9, int(x*9+.5))] }
	mean := func(p int) float64 {
		sum, all := 0.0, 0.0
		for _, f := range slices.Sorted(maps.Keys(l.files[p])) {
			sum += pictured[f] * l.files[p][f]
			all += l.files[p][f]
		}
		return sum / cmp.Or(all, 1)
	}
	out := make([]byte, 0, 8)
	for p := range l.count {
		out = append(out, digit(l.count[p]/total))
	}
	return string(append(out, ' ', digit(mean(0)), digit(mean(1))))
}

func eachField(t *testing.T, name string, f func([]string)) {
	r, err := os.Open(filepath.Join(wordnet, name))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if s.Text()[0] != ' ' {
			f(strings.Fields(s.Text()))
		}
	}
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
}

// head is what the file says of itself.
const head = `# The words of English: what part of speech they are mostly used as, and how far
# what they name can be pictured. Made from WordNet 3.0 by the test beside
# core/lexicon, which also says how: go test ./core/lexicon -run WordNet -update
#
# Before the colon: four digits for the share of noun, verb, adjective and adverb
# in the uses WordNet's authors counted, 0 (none) to 9 (all); then how far the noun
# and the verb can be pictured, 0 (not at all) to 9, averaged over the senses.
# Words whose use was never counted are left out.
#
# WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved.
# This software and database is provided "as is" and Princeton University makes no
# representations or warranties, express or implied. The name of Princeton
# University or Princeton may not be used in advertising or publicity pertaining to
# distribution of the software and/or database; title to copyright in this
# software, database and any associated documentation shall at all times remain
# with Princeton University. Permission to use, copy, modify and distribute it for
# any purpose and without fee or royalty is granted by its license, provided that
# this notice appears on all copies, modified ones included.
# https://wordnet.princeton.edu/license-and-commercial-use
`
