package espocrm

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// module is the folder of the extension's files within EspoCRM. It is one of its own, so
// that nothing that a site has customized is overwritten.
const module = "files/custom/Espo/Modules/Firstcall/Resources/"

// Package makes an extension of EspoCRM that has the fields, for those who do not want to
// give an administrator's password. It has no code.
func (s *system) Package(fields []crm.Field) ([]sdk.Artifact, error) {
	defs, labels, tips := map[string]any{}, map[string]string{}, map[string]string{}
	for _, f := range fields {
		p := parameters(f)
		if f.Name == fieldName("key") {
			p["index"] = true // it is looked for by each export
		}
		if f.Doc != "" {
			p["tooltip"], tips[f.Name] = true, f.Doc
		}
		defs[f.Name], labels[f.Name] = p, f.Label
	}
	files := []struct {
		name    string
		content any
	}{
		{"manifest.json", map[string]any{
			"name": "Firstcall fields", "version": "1.0.0", "acceptableVersions": []string{">=8.0.0"}, "releaseDate": "2026-01-01",
			"author": "firstcall", "description": "Fields of accounts for the figures that firstcall exports. Uninstalling takes them out of sight.",
		}},
		{module + "module.json", map[string]any{"order": 100}},
		{module + "metadata/entityDefs/Account.json", map[string]any{"fields": defs}},
		{module + "i18n/en_US/Account.json", map[string]any{"fields": labels, "tooltips": tips}},
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		text, err := json.MarshalIndent(f.content, "", "    ")
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.name, err)
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate}) // without a time: same fields, same bytes
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.name, err)
		}
		if _, err := w.Write(append(text, '\n')); err != nil {
			return nil, fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("write the extension: %w", err)
	}
	return []sdk.Artifact{{Name: "firstcall-fields.zip", MediaType: "application/zip", Body: b.Bytes()}}, nil
}
