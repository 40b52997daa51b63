package document

import (
	"fmt"
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

// wordLike is a document with about 4 KB of text as Word writes it: with an id of
// the session at each run, and with all the styles that there are.
func wordLike(b *testing.B) []byte {
	var body, styles strings.Builder
	for i := range 14 {
		fmt.Fprintf(&body, `<w:p w14:paraId="%08X" w14:textId="77777777" w:rsidR="00A77B3E" w:rsidRDefault="00A77B3E"><w:pPr><w:pStyle w:val="Normal%d"/><w:rPr><w:lang w:val="en-US"/></w:rPr></w:pPr>`, i, i)
		for word := range strings.FieldsSeq(benchProse + benchProse) {
			if len(word) > 3 {
				body.WriteString(`<w:r w:rsidR="00C12345"><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr>`)
			} else {
				body.WriteString("<w:r>")
			}
			body.WriteString(`<w:t xml:space="preserve">` + word + " </w:t></w:r>")
		}
		body.WriteString("</w:p>")
	}
	styles.WriteString("<w:styles><w:latentStyles>")
	for i := range 376 {
		fmt.Fprintf(&styles, `<w:lsdException w:name="Style name %d" w:semiHidden="1" w:uiPriority="99" w:unhideWhenUsed="1"/>`, i)
	}
	styles.WriteString("</w:latentStyles>")
	for i := range 60 {
		fmt.Fprintf(&styles, `<w:style w:type="paragraph" w:styleId="Normal%d"><w:name w:val="normal %d"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:spacing w:before="240" w:after="120"/></w:pPr><w:rPr><w:rFonts w:asciiTheme="majorHAnsi"/><w:sz w:val="28"/></w:rPr></w:style>`, i, i)
	}
	styles.WriteString("</w:styles>")
	return []byte(zipped(b, "[Content_Types].xml", "<a/>", "word/document.xml", "<w:document><w:body>"+body.String()+"</w:body></w:document>", "word/styles.xml", styles.String()))
}

// BenchmarkFiles reads files as a folder of job descriptions has them, one at a
// time and on all cores.
func BenchmarkFiles(b *testing.B) {
	markdown := "---\ntitle: Guest relations lead\nms.date: 2021-03-04\n---\n" + strings.Repeat("## Who we *are*\n\n"+benchProse+"- a **first** point with a [link](http://example.org)\n- a second\n\n"+benchProse, 10)
	for _, c := range []struct {
		file string
		data []byte
	}{{"a.docx", wordLike(b)}, {"a.md", []byte(markdown)}} {
		b.Run(c.file, func(b *testing.B) {
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ReadGuarded(b.Context(), c.file, c.data); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.file+"/parallel", func(b *testing.B) {
			b.SetBytes(int64(len(c.data)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := ReadGuarded(b.Context(), c.file, c.data); err != nil {
						b.Error(err)
					}
				}
			})
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
