package salesforce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// Limits of what is told of a field.
const (
	longestFieldName = 40  // without __c
	longestLabel     = 40  // characters
	longestHelp      = 510 // characters
	longestLine      = 255 // characters of a text
	mostDigits       = 18  // of a number, on both sides of the point
)

// fieldName is the name of the field for a figure: Firstcall_Score_Guest_Focus__c. A
// name that is too long ends in a hash, so that two of them stay two.
func fieldName(figure string) string {
	var parts []string
	strange := false
	for _, part := range strings.FieldsFunc(figure, func(r rune) bool { return r == '_' || r == '-' }) {
		part = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				return r
			}
			strange = true
			return -1
		}, part)
		if part != "" {
			parts = append(parts, strings.ToUpper(part[:1])+part[1:])
		}
	}
	name := strings.Join(append([]string{"Firstcall"}, parts...), "_")
	if strange || len(name) > longestFieldName {
		sum := sha256.Sum256([]byte(figure))
		hash := "_" + hex.EncodeToString(sum[:3])
		name = strings.TrimRight(name[:min(len(name), longestFieldName-len(hash))], "_") + hash
	}
	return name + "__c"
}

// described is a field as describe tells it.
type described struct {
	Name       string `json:"name"`
	Label      string `json:"label"`
	Type       string `json:"type"`
	Length     int    `json:"length"`
	Scale      int    `json:"scale"`
	Updateable bool   `json:"updateable"`
	Unique     bool   `json:"unique"`
	ExternalID bool   `json:"externalId"`
}

// Fields implements crm.System. Fields that the run-as user may not see are not there.
func (s *system) Fields(ctx context.Context) (map[string]crm.Field, error) {
	a, err := s.do(ctx, http.MethodGet, "/sobjects/Account/describe", nil)
	if err != nil {
		return nil, reading(err)
	}
	var account struct {
		Fields []described `json:"fields"`
	}
	if a.Into(&account) != nil || len(account.Fields) == 0 {
		return nil, &sdk.Diagnostic{Code: "salesforce.query", Summary: "Salesforce's description of accounts can't be read"}
	}
	out := map[string]crm.Field{}
	for _, d := range account.Fields {
		out[d.Name] = d.field()
		if delete(s.keyFault, d.Name); !d.ExternalID {
			s.keyFault[d.Name] = &sdk.Diagnostic{Code: "salesforce.key",
				Summary: fmt.Sprintf("the field %s for the key is no External ID, so that no account can be made by it", d.Name),
				Hint:    "tick External ID and Unique at the field in Setup, Object Manager, Account"}
		}
	}
	return out, nil
}

func (d described) field() crm.Field {
	f := crm.Field{
		Name: d.Name, Label: d.Label, Given: d.Type, Length: d.Length,
		ReadOnly: !d.Updateable, Unique: d.Unique, Type: crm.OtherType,
	}
	switch d.Type {
	case "string", "textarea", "picklist", "combobox":
		f.Type = crm.LineType
	case "double":
		f.Type, f.Decimals = crm.NumberType, d.Scale
	case "int", "long":
		f.Type = crm.CountType
	case "date":
		f.Type = crm.DayType
	}
	return f
}

// metadata is a custom field as the Tooling API and the Metadata API call it.
type metadata struct {
	FullName      string `json:"-" xml:"fullName"`
	CaseSensitive *bool  `json:"caseSensitive,omitempty" xml:"caseSensitive,omitempty"`
	Description   string `json:"description,omitempty" xml:"description,omitempty"`
	ExternalID    bool   `json:"externalId" xml:"externalId"`
	Help          string `json:"inlineHelpText,omitempty" xml:"inlineHelpText,omitempty"`
	Label         string `json:"label" xml:"label"`
	Length        int    `json:"length,omitempty" xml:"length,omitempty"`
	Precision     int    `json:"precision,omitempty" xml:"precision,omitempty"`
	Required      bool   `json:"required" xml:"required"`
	Scale         *int   `json:"scale,omitempty" xml:"scale,omitempty"`
	Type          string `json:"type" xml:"type"`
	Unique        *bool  `json:"unique,omitempty" xml:"unique,omitempty"`
}

// metadataOf describes a field that is to be made. The one for the key tells capitals
// from small letters: two clients whose ids differ in nothing else are two.
func metadataOf(f crm.Field) metadata {
	m := metadata{
		FullName: f.Name, Label: cutLetters(f.Label, longestLabel),
		Description: cutLetters(f.Doc, longestHelp), Help: cutLetters(f.Doc, longestHelp),
	}
	yes := true
	switch f.Type {
	case crm.NumberType, crm.CountType:
		scale := 0
		if f.Type == crm.NumberType {
			scale = max(f.Decimals, 0)
		}
		m.Type, m.Precision, m.Scale = "Number", mostDigits, &scale
	case crm.DayType:
		m.Type = "Date"
	default:
		m.Type, m.Length = "Text", longestLine
		if f.Unique {
			m.ExternalID, m.Unique, m.CaseSensitive = true, &yes, &yes
		}
	}
	return m
}
