package tryton

import (
	"bytes"
	"embed"
	"fmt"
	"regexp"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Module is the name of the module with the fields.
const Module = "firstcall_fields"

// fixed are the files of the module that are the same for all fields.
//
//go:embed all:module
var fixed embed.FS

// identifier is what can be a field's name.
var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Package gives the files of a module for Tryton that brings the fields.
func (s *system) Package(fields []crm.Field) ([]sdk.Artifact, error) { return modulePackage(fields) }

func modulePackage(fields []crm.Field) ([]sdk.Artifact, error) {
	var out []sdk.Artifact
	for _, name := range []string{"__init__.py", "party.xml", "setup.py", "tryton.cfg"} {
		body, err := fixed.ReadFile("module/" + name)
		if err != nil {
			return nil, err
		}
		out = append(out, file(name, body))
	}
	var python, view strings.Builder
	for _, f := range fields {
		if f.Name == keyField {
			continue // Tryton's own
		}
		if !identifier.MatchString(f.Name) {
			return nil, fault("field", "fields", fmt.Sprintf("%q can't be the name of a field in Tryton", f.Name), "names have lower case letters, digits and _, and begin with a letter")
		}
		fmt.Fprintf(&python, "    %s = %s\n", f.Name, declaration(f))
		fmt.Fprintf(&view, "            <label name=\"%[1]s\"/>\n            <field name=\"%[1]s\"/>\n", f.Name)
	}
	return append(out,
		file("party.py", []byte("from trytond.model import fields\nfrom trytond.pool import PoolMeta\n\n\nclass Party(metaclass=PoolMeta):\n    __name__ = 'party.party'\n\n"+python.String())),
		file("view/party_form.xml", []byte("<?xml version=\"1.0\"?>\n<data>\n    <xpath expr=\"/form/notebook\" position=\"inside\">\n        <page string=\"Service culture\" id=\"firstcall\" col=\"4\">\n"+view.String()+"        </page>\n    </xpath>\n</data>\n")),
	), nil
}

func file(name string, body []byte) sdk.Artifact {
	media := "text/x-python; charset=utf-8"
	switch {
	case strings.HasSuffix(name, ".xml"):
		media = "application/xml"
	case strings.HasSuffix(name, ".cfg"):
		media = "text/plain; charset=utf-8"
	}
	return sdk.Artifact{Name: Module + "/" + name, MediaType: media, Body: body}
}

// declaration declares a field in Python.
func declaration(f crm.Field) string {
	label := quote(f.Label)
	if f.Label == "" {
		label = quote(f.Name)
	}
	rest := ""
	if f.Doc != "" {
		rest = ",\n        help=" + quote(f.Doc)
	}
	switch f.Type {
	case crm.NumberType:
		return fmt.Sprintf("fields.Numeric(\n        %s, digits=(16, %d)%s)", label, max(f.Decimals, 0), rest)
	case crm.CountType:
		return fmt.Sprintf("fields.Integer(\n        %s%s)", label, rest)
	case crm.DayType:
		return fmt.Sprintf("fields.Date(\n        %s%s)", label, rest)
	}
	return fmt.Sprintf("fields.Char(\n        %s%s)", label, rest)
}

// quote writes a text as one of Python's, which reads escapes as JSON does.
func quote(s string) string {
	var b bytes.Buffer
	b.WriteByte('"')
	for _, r := range line(s) {
		if r == '"' || r == '\\' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}
