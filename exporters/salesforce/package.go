package salesforce

import (
	"bytes"
	"encoding/xml"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

const permissionSetDoc = "Lets its users read and write what Firstcall keeps at accounts."

const metadataSpace = "http://soap.sforce.com/2006/04/metadata"

type manifest struct {
	XMLName xml.Name        `xml:"Package"`
	Space   string          `xml:"xmlns,attr"`
	Types   []manifestTypes `xml:"types"`
	Version string          `xml:"version"`
}

type manifestTypes struct {
	Members []string `xml:"members"`
	Name    string   `xml:"name"`
}

type customObject struct {
	XMLName xml.Name   `xml:"CustomObject"`
	Space   string     `xml:"xmlns,attr"`
	Fields  []metadata `xml:"fields"`
}

type permissions struct {
	XMLName     xml.Name           `xml:"PermissionSet"`
	Space       string             `xml:"xmlns,attr"`
	Description string             `xml:"description"`
	Fields      []fieldPermission  `xml:"fieldPermissions"`
	Activation  bool               `xml:"hasActivationRequired"`
	Label       string             `xml:"label"`
	Objects     []objectPermission `xml:"objectPermissions"`
	User        []userPermission   `xml:"userPermissions"`
}

type fieldPermission struct {
	Editable bool   `xml:"editable"`
	Field    string `xml:"field"`
	Readable bool   `xml:"readable"`
}

type objectPermission struct {
	Create    bool   `xml:"allowCreate"`
	Delete    bool   `xml:"allowDelete"`
	Edit      bool   `xml:"allowEdit"`
	Read      bool   `xml:"allowRead"`
	ModifyAll bool   `xml:"modifyAllRecords"`
	Object    string `xml:"object"`
	ViewAll   bool   `xml:"viewAllRecords"`
}

type userPermission struct {
	Enabled bool   `xml:"enabled"`
	Name    string `xml:"name"`
}

// Package implements crm.Packager: a folder for sf project deploy start --metadata-dir,
// with the fields and a permission set for the run-as user. The set has what the export
// needs and no more: accounts are read, made and changed, and nothing is deleted.
func (s *system) Package(fields []crm.Field) ([]sdk.Artifact, error) {
	object := customObject{Space: metadataSpace}
	set := permissions{
		Space: metadataSpace, Description: permissionSetDoc, Label: permissionSet,
		Objects: []objectPermission{{Create: true, Edit: true, Read: true, Object: "Account"}},
		User:    []userPermission{{true, "ApiEnabled"}, {true, "EditTask"}},
	}
	list := manifestTypes{Name: "CustomField"}
	for _, f := range fields {
		object.Fields = append(object.Fields, metadataOf(f))
		set.Fields = append(set.Fields, fieldPermission{true, "Account." + f.Name, true})
		list.Members = append(list.Members, "Account."+f.Name)
	}
	all := manifest{Space: metadataSpace, Version: s.version, Types: []manifestTypes{list, {[]string{permissionSet}, "PermissionSet"}}}
	var out []sdk.Artifact
	for _, file := range []struct {
		name    string
		content any
	}{
		{"package.xml", all},
		{"objects/Account.object", object},
		{"permissionsets/" + permissionSet + ".permissionset", set},
	} {
		body, err := document(file.content)
		if err != nil {
			return nil, err
		}
		out = append(out, sdk.Artifact{Name: file.name, MediaType: "application/xml", Body: body})
	}
	return out, nil
}

func document(content any) ([]byte, error) {
	b := bytes.NewBufferString(xml.Header)
	e := xml.NewEncoder(b)
	e.Indent("", "    ")
	if err := e.Encode(content); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
