package salesforce

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/exporters/salesforce/salesforcetest"
)

func wantedFields() []crm.Field {
	return []crm.Field{
		{Name: key, Label: "Firstcall client id", Doc: "By which the client is found.", Unique: true},
		{Name: "Firstcall_Index__c", Label: "Index & change <of all>", Type: crm.NumberType, Decimals: 2},
		{Name: "Firstcall_Respondents__c", Label: strings.Repeat("Respondents ", 5), Type: crm.CountType},
		{Name: "Firstcall_Date__c", Label: "Date", Type: crm.DayType},
	}
}

func TestAddFields(t *testing.T) {
	org := salesforcetest.New(salesforcetest.Options{})
	f := connected(t, org)
	results, err := f.AddFields(t.Context(), wantedFields())
	noFaults(t, results, err, 4)
	have, err := f.Fields(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]crm.Field{
		key:                        {Name: key, Label: "Firstcall client id", Type: crm.LineType, Given: "string", Length: 255, Unique: true},
		"Firstcall_Index__c":       {Name: "Firstcall_Index__c", Label: "Index & change <of all>", Type: crm.NumberType, Given: "double", Decimals: 2},
		"Firstcall_Respondents__c": {Name: "Firstcall_Respondents__c", Label: "Respondents Respondents Respondents Res…", Type: crm.NumberType, Given: "double"},
		"Firstcall_Date__c":        {Name: "Firstcall_Date__c", Label: "Date", Type: crm.DayType, Given: "date"},
	}
	for name, w := range want {
		if have[name] != w {
			t.Errorf("%s: %+v", name, have[name])
		}
	}
	made, err := f.CreateCompanies(t.Context(), key, []crm.Company{{Key: "a", Name: "A", Values: map[string]crm.Value{"Firstcall_Respondents__c": crm.Count(12)}}})
	noFaults(t, made, err, 1)
	for object, n := range map[string]int{"PermissionSet": 1, "PermissionSetAssignment": 1, "FieldPermissions": 4} {
		if got := f.org.Count(object); got != n {
			t.Errorf("%d of %s", got, object)
		}
	}
}

// A run that was interrupted after it made fields is finished by the next one.
func TestAddFieldsThatNobodySees(t *testing.T) {
	org := salesforcetest.New(salesforcetest.Options{})
	for _, w := range wantedFields()[:2] {
		org.AddField(salesforcetest.Field{Name: w.Name, Type: "string", Hidden: true})
	}
	f := connected(t, org)
	results, err := f.AddFields(t.Context(), wantedFields()[:3])
	if err != nil || results[0].Err != nil || results[1].Err != nil || results[2].Err != nil {
		t.Fatalf("%+v %v", results, err)
	}
	results, err = f.AddFields(t.Context(), wantedFields())
	if err != nil || results[3].Err != nil || org.Count("FieldPermissions") != 4 || org.Count("PermissionSet") != 1 || org.Count("PermissionSetAssignment") != 1 {
		t.Errorf("%+v %v", results, err)
	}
	if have, err := f.Fields(t.Context()); err != nil || have["Firstcall_Index__c"].Name == "" {
		t.Errorf("not visible: %v", err)
	}
}

func TestAddFieldsWithoutTheRight(t *testing.T) {
	org := salesforcetest.New(salesforcetest.Options{NoPermission: true})
	f := connected(t, org)
	results, err := f.AddFields(t.Context(), wantedFields())
	if err != nil || len(results) != 4 {
		t.Fatalf("%+v %v", results, err)
	}
	for _, r := range results {
		var refused *web.Refused
		if !errors.As(r.Err, &refused) || refused.Code != "permission" || refused.Hint == "" {
			t.Errorf("%+v", r)
		}
	}
}

func TestPackage(t *testing.T) {
	org := salesforcetest.New(salesforcetest.Options{})
	f := connected(t, org)
	files, err := f.Package(wantedFields())
	if err != nil || len(files) != 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	bodies := map[string]string{}
	for _, file := range files {
		bodies[file.Name] = string(file.Body)
		d := xml.NewDecoder(strings.NewReader(string(file.Body)))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", file.Name, err)
			}
		}
	}
	for name, parts := range map[string][]string{
		"package.xml": {`<Package xmlns="http://soap.sforce.com/2006/04/metadata">`, "<members>Account.Firstcall_Key__c</members>", "<members>Firstcall</members>", "<version>67.0</version>"},
		"objects/Account.object": {
			"<fullName>Firstcall_Key__c</fullName>\n        <caseSensitive>true</caseSensitive>", "<externalId>true</externalId>", "<unique>true</unique>", "<length>255</length>",
			"<label>Index &amp; change &lt;of all&gt;</label>", "<precision>18</precision>", "<scale>2</scale>", "<scale>0</scale>", "<type>Date</type>",
		},
		"permissionsets/Firstcall.permissionset": {
			"<field>Account.Firstcall_Date__c</field>", "<editable>true</editable>", "<allowDelete>false</allowDelete>", "<name>EditTask</name>", "<label>Firstcall</label>",
		},
	} {
		for _, part := range parts {
			if !strings.Contains(bodies[name], part) {
				t.Errorf("%s lacks %s:\n%s", name, part, bodies[name])
			}
		}
	}
	if n := strings.Count(bodies["objects/Account.object"], "<unique>"); n != 1 {
		t.Errorf("%d unique fields", n)
	}
	again, _ := f.Package(wantedFields())
	for i := range again {
		if string(again[i].Body) != string(files[i].Body) {
			t.Errorf("%s differs the second time", files[i].Name)
		}
	}
}
