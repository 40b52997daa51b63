package prose

import (
	"strings"
	"testing"
)

// plainProse is paragraphs of our own, repeated to a megabyte.
func plainProse() string {
	const page = `We build software that helps small clinics keep their promises to patients. Every feature begins with a conversation in a waiting room, and none is finished before a nurse has used it on a busy morning. We measure ourselves by the hours we give back to the people who care for others.

In ten years, nobody in our region will have to choose between rent and medicine. To get there, we work with pharmacies, community centers and local governments, share what we learn with anyone who asks, and publish our results, including those that disappoint us.

The company was founded in 1998 by two engineers who were tired of meetings. They believed that clear writing makes for clear thinking, that decisions should be made by whoever has the facts, and that customers deserve honest answers even when they are inconvenient. That has not changed.

`
	return strings.Repeat(page, 1<<20/len(page)+1)
}

// BenchmarkParse is the splitting alone.
func BenchmarkParse(b *testing.B) {
	text := plainProse()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Parse(text)
	}
}

// BenchmarkCounts is splitting, syllables and all counts.
func BenchmarkCounts(b *testing.B) {
	text := plainProse()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Parse(text).Counts()
	}
}
