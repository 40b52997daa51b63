package document

import (
	"os"
	"strings"
	"testing"
)

const benchProse = "Our vision is that everyone in this town knows whom to ask, and that whoever\nasks is heard on the same day. We say what we can do, and what we cannot.\n\n"

func BenchmarkRead(b *testing.B) {
	markdown := strings.Repeat("## Who we *are*\n\n"+benchProse+"- a **first** point with a [link](http://example.org)\n- a second\n\n"+benchProse+benchProse, 5000)
	html := strings.Repeat("<h2>Who we <em>are</em></h2>\n<p>"+benchProse+"</p><ul><li>a &amp; b</li></ul>\n", 5000)
	for _, c := range []struct{ name, file, in string }{
		{"text", "a.txt", strings.Repeat(benchProse, 20000)},
		{"text-CRLF", "a.txt", strings.Repeat(strings.ReplaceAll(benchProse, "\n", "\r\n"), 20000)},
		{"prose.md", "a.md", strings.Repeat(benchProse, 20000)},
		{"markdown", "a.md", markdown},
		{"one-line.md", "a.md", strings.Repeat(strings.ReplaceAll(benchProse, "\n", " "), 20000)},
		{"html", "a.html", html},
	} {
		b.Run(c.name, func(b *testing.B) {
			data := []byte(c.in)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(c.file, data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	for _, file := range []string{"job.docx", "job.odt", "job.pdf"} {
		b.Run(file, func(b *testing.B) {
			data, err := os.ReadFile("testdata/" + file)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := Read(file, data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPlace(b *testing.B) {
	d, err := Read("a.md", []byte(strings.Repeat("*a* "+benchProse, 100_000)))
	if err != nil {
		b.Fatal(err)
	}
	at := 0
	for b.Loop() {
		at = (at + 997) % len(d.Text)
		d.Place(at)
	}
}
