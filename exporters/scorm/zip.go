package scorm

import (
	"archive/zip"
	"bytes"
	"slices"
	"strings"
	"time"
)

// file is one file of a package.
type file struct {
	name string
	body []byte
}

// firstDay is the earliest day that a zip archive can say, the first of 1980: a package
// made tomorrow of the same records has the same bytes.
func firstDay() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

// pack makes the package: its pages, and the manifest that lists them.
func (m *module) pack() ([]byte, error) {
	page, err := m.page()
	if err != nil {
		return nil, err
	}
	files := []file{{pageFile, page}}
	manifest, err := m.manifest(files)
	if err != nil {
		return nil, err
	}
	return archive(append(files, file{manifestFile, manifest}))
}

// archive writes files into a zip archive, in the order of their names.
func archive(files []file) ([]byte, error) {
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range files {
		w, err := out.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: firstDay()})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.body); err != nil {
			return nil, err
		}
	}
	if err := out.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
