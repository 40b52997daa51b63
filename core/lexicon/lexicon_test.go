package lexicon

import (
	"fmt"
	"testing"

	"github.com/firstcall-cli/firstcall/core/language"
	"github.com/firstcall-cli/firstcall/core/prose"
)

func TestTry(t *testing.T) {
	tx := prose.Parse("We will strive to leverage the world’s best-in-class, 24/7 customer-centric solutions, never utilizing customers' fax machines. We exceed expectations.")
	var m Marks
	English().Mark(tx, &m)
	for _, h := range m.Hits {
		fmt.Println(h.List, h.Phrase.Text, h.Phrase.Replacement)
	}
	for i := range tx.Words {
		fmt.Print(tx.Word(i), m.Entries[i], " ")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(language.English())
	}
}
