// Package language holds what is particular to each language the product reads,
// as data: one folder a language. It is looked up by core/prose (sentences,
// syllables), core/lexicon (words and lists) and core/vision (ideas); the only
// thing about a language that is not here is its rule for syllables, which is code
// in core/prose.
package language

import (
	"embed"
	"io/fs"
)

//go:embed english known
var files embed.FS

// English gives the folder of English: words.txt and syllables.txt for
// core/prose, lexicon.txt, irregular.txt and lists/*.txt for core/lexicon, ideas.txt
// for core/vision. Each file says at its head what it is, where it is from and how
// it is read.
func English() fs.FS { return folder("english") }

// Known gives the words by which core/prose tells languages apart: a file for each
// language, called by its BCP 47 tag.
func Known() fs.FS { return folder("known") }

func folder(name string) fs.FS {
	folder, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // the names are fixed
	}
	return folder
}
