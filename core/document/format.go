package document

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

// Format is a kind of file.
type Format uint8

// The formats.
const (
	Text Format = iota
	Markdown
	HTML
	DOCX
	ODT
	PDF
)

// formats are the names and extensions, by Format.
var formats = [...]struct {
	name, article string
	extensions    []string // the usual one first
}{
	Text:     {"text", "a text file", []string{".txt", ".text"}},
	Markdown: {"Markdown", "a Markdown file", []string{".md", ".markdown", ".mdown", ".mkd"}},
	HTML:     {"HTML", "an HTML file", []string{".html", ".htm", ".xhtml"}},
	DOCX:     {"Word", "a Word document", []string{".docx", ".docm", ".dotx", ".dotm"}},
	ODT:      {"OpenDocument", "an OpenDocument text", []string{".odt", ".ott", ".fodt"}},
	PDF:      {"PDF", "a PDF", []string{".pdf"}},
}

// String gives the name of the format, such as "Markdown".
func (f Format) String() string {
	if int(f) < len(formats) {
		return formats[f].name
	}
	return "unknown"
}

// Extensions gives the endings of file names of the format, with the dot and in
// lower case, the usual one first.
func (f Format) Extensions() []string {
	if int(f) < len(formats) {
		return append([]string(nil), formats[f].extensions...)
	}
	return nil
}

// Formats lists all formats.
func Formats() []Format { return []Format{Text, Markdown, HTML, DOCX, ODT, PDF} }

// FormatOf tells the format by the extension of a file's name, in any case. It
// is not known when there is none, or another one.
func FormatOf(name string) (f Format, known bool) {
	ext := extension(name)
	for f := range formats {
		for _, e := range formats[f].extensions {
			if e == ext {
				return Format(f), true
			}
		}
	}
	return Text, false
}

func extension(name string) string {
	return strings.ToLower(path.Ext(strings.ReplaceAll(name, `\`, "/")))
}

const hintFormats = "firstcall reads .md, .txt, .html, .docx, .odt and .pdf; save a copy as one of them"

// signatures are how files begin that are no document which can be read.
var signatures = []struct{ prefix, what, hint string }{
	{`{\rtf`, "is an RTF document", hintFormats},
	{"\x89PNG", "is a picture, not a text", "save the text itself as .txt or .docx"},
	{"\xFF\xD8\xFF", "is a picture, not a text", "save the text itself as .txt or .docx"},
	{"GIF8", "is a picture, not a text", "save the text itself as .txt or .docx"},
	{"II*\x00", "is a picture, not a text", "save the text itself as .txt or .docx"},
	{"MM\x00*", "is a picture, not a text", "save the text itself as .txt or .docx"},
	{"\x1F\x8B", "is compressed with gzip", "unpack it with gunzip"},
	{"7z\xBC\xAF\x27\x1C", "is a 7-Zip archive", "unpack it"},
	{"Rar!", "is a RAR archive", "unpack it"},
	{"\xFFWPC", "is a WordPerfect document", hintFormats},
}

// formatFor finds out what a file is. What cannot be mistaken in its content
// counts more than its name.
func formatFor(c *clock, name string, data []byte) (Format, error) {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.prefix)) {
			return 0, foreign(s.what, s.hint)
		}
	}
	named, known := FormatOf(name)
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return formatOfZip(c, data)
	case bytes.HasPrefix(data, []byte(ole)):
		return 0, compound(data)
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return PDF, nil
	case flat(data):
		return ODT, nil
	case !known:
		if looksLikeHTML(data) {
			return HTML, nil
		}
		return Text, nil
	case named == PDF && bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return PDF, nil
	case len(data) == 0:
		return named, empty("is empty", "")
	case named >= DOCX:
		return 0, damaged(fmt.Sprintf("is not %s, though its name ends in %s", formats[named].article, extension(name)), hintAgain)
	}
	return named, nil
}

// ole is how files of the old Office programs begin, and encrypted ones of the
// new.
const ole = "\xD0\xCF\x11\xE0"

// compound says what is wrong with a file of the old Office programs.
func compound(data []byte) error {
	switch {
	case bytes.Contains(data, utf16LE("EncryptedPackage")):
		return protected()
	case bytes.Contains(data, utf16LE("WordDocument")):
		return foreign("is in the old Word format (.doc)", "open it in a word processor and save it as .docx")
	}
	return foreign("is a file of an old Office program", hintFormats)
}

func utf16LE(ascii string) []byte {
	var b []byte
	for i := range len(ascii) {
		b = append(b, ascii[i], 0)
	}
	return b
}

// formatOfZip tells what a zip archive holds.
func formatOfZip(c *clock, data []byte) (Format, error) {
	p, err := openPack(c, data)
	if err != nil {
		return 0, err
	}
	for _, f := range p.File {
		n := partName(f.Name)
		switch {
		case strings.HasPrefix(n, "word/"):
			return DOCX, nil
		case strings.HasPrefix(n, "xl/"):
			return 0, foreign("is an Excel workbook", hintFormats)
		case strings.HasPrefix(n, "ppt/"):
			return 0, foreign("is a PowerPoint presentation", hintFormats)
		case strings.HasSuffix(n, ".iwa") || n == "index.apxl" || n == "Index.zip":
			return 0, foreign("is an Apple Pages document", "export it from Pages as Word (.docx)")
		case n == "content.xml":
			return ODT, nil
		case n == "META-INF/container.xml":
			return 0, foreign("is an e-book", hintFormats)
		}
	}
	if len(p.File) > 0 && p.File[0].Name == "mimetype" {
		return ODT, nil // wholly encrypted, or without its content
	}
	return 0, foreign("is a zip archive", "unpack it and give the documents in it")
}

// flat tells an OpenDocument text in a single XML file.
func flat(data []byte) bool {
	start := data[:min(len(data), 1024)]
	return bytes.HasPrefix(bytes.TrimPrefix(start, []byte(bomUTF8)), []byte("<?xml")) && bytes.Contains(start, []byte("<office:document"))
}

// looksLikeHTML judges by the first tag.
func looksLikeHTML(data []byte) bool {
	start := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte(bomUTF8)), " \t\r\n")
	start = bytes.ToLower(start)
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return true
		}
	}
	return bytes.HasPrefix(start, []byte("<?xml")) && bytes.Contains(start, []byte("<html"))
}
