package sheet

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
)

// foreignFile says what a file seems to be that is no zip archive, judged by
// its first bytes.
func (p *pack) foreignFile(start []byte) error {
	trimmed := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	switch {
	case len(start) == 0:
		return p.fault("", "the file is empty", "export the answers again")
	case bytes.HasPrefix(start, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return p.foreignOLE(start)
	case bytes.HasPrefix(start, []byte("\x09\x08")), bytes.HasPrefix(start, []byte("\x09\x04")):
		return p.fault("", "is a very old Excel workbook (.xls)", hintSave)
	case bytes.HasPrefix(trimmed, []byte("<?xml")) && bytes.Contains(trimmed, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
		return p.fault("", "is an Excel workbook of 2003 in XML, not one of today (.xlsx)", hintSave)
	case bytes.HasPrefix(trimmed, []byte("<")) && (bytes.Contains(trimmed, []byte("<html")) || bytes.Contains(trimmed, []byte("<table"))):
		return p.fault("", "is a web page that is called a workbook", hintSave)
	default:
		return p.fault("", "is not an Excel workbook (.xlsx)", "give the file as it was exported, under a name that ends in what it is, such as .csv")
	}
}

// foreignOLE says what a file in the container of old Office files is: these
// are also wrapped around encrypted workbooks. It looks at the names in the
// directory of the container, of which it reads the beginning.
func (p *pack) foreignOLE(start []byte) error {
	const offsetShift, offsetDirectory, most = 30, 48, 64 << 10
	var directory []byte
	if len(start) >= 512 {
		shift := binary.LittleEndian.Uint16(start[offsetShift:])
		sector := int64(binary.LittleEndian.Uint32(start[offsetDirectory:]))
		if shift >= 9 && shift <= 12 {
			directory = make([]byte, most)
			n, err := p.src.ReadAt(directory, (sector+1)<<shift)
			if err != nil && err != io.EOF {
				return p.located("", err)
			}
			directory = directory[:n]
		}
	}
	has := func(name string) bool {
		wide := make([]byte, 0, 2*len(name))
		for _, c := range []byte(name) {
			wide = append(wide, c, 0)
		}
		return bytes.Contains(directory, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return p.fault("", "is encrypted with a password", hintPassword)
	case has("Workbook"), has("Book"):
		return p.fault("", "is an old Excel workbook (.xls), not one of today (.xlsx)", hintSave)
	default:
		return p.fault("", "is an old Office file or an encrypted one, not an Excel workbook (.xlsx)", hintSave)
	}
}

// foreignZip says what a zip archive is that holds no workbook.
func (p *pack) foreignZip() error {
	if p.find("content.xml") != nil && p.find("mimetype") != nil {
		return p.fault("", "is an OpenDocument file (.ods), not an Excel workbook (.xlsx)", hintSave)
	}
	for _, f := range p.zip.File {
		name := strings.ToLower(partName(f.Name))
		switch {
		case name == "xl/workbook.bin":
			return p.fault("", "is a binary Excel workbook (.xlsb), not one in XML (.xlsx)", hintSave)
		case strings.HasPrefix(name, "word/"):
			return p.fault("", "is a Word document, not an Excel workbook (.xlsx)", hintRight)
		case strings.HasPrefix(name, "ppt/"):
			return p.fault("", "is a PowerPoint presentation, not an Excel workbook (.xlsx)", hintRight)
		case strings.HasPrefix(name, "index/") && strings.HasSuffix(name, ".iwa"), name == "index.zip":
			return p.fault("", "is a Numbers or other iWork file, not an Excel workbook (.xlsx)", "export it as an Excel workbook (.xlsx)")
		}
	}
	if len(p.zip.File) == 0 {
		return p.fault("", "is an empty zip archive, not an Excel workbook (.xlsx)", "export the answers again")
	}
	return p.fault("", "is a zip archive without a workbook in it", "unpack it and give the file in it")
}
