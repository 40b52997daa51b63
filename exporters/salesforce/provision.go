package salesforce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/firstcall-cli/firstcall/exporters/internal/crm"
	"github.com/firstcall-cli/firstcall/exporters/internal/web"
	"github.com/firstcall-cli/firstcall/plugins/sdk"
)

// permissionSet is the set that lets its users see and write our fields.
const permissionSet = "Firstcall"

// AddFields implements crm.System. A field that is made this way is seen by nobody: it
// is put into a permission set, which the run-as user is given.
func (s *system) AddFields(ctx context.Context, fields []crm.Field) ([]crm.Result, error) {
	results := make([]crm.Result, len(fields))
	var made []int
	for i, f := range fields {
		id, err := s.addField(ctx, f)
		var refused *web.Refused
		switch {
		case err == nil:
			results[i].ID = id
			made = append(made, i)
		case errors.As(err, &refused):
			results[i].Err = refused
		default:
			return nil, notMade(err, f.Name)
		}
	}
	if len(made) == 0 {
		return results, nil
	}
	return results, s.grant(ctx, fields, made, results)
}

// notMade says which field an error is about that may come after others were made.
func notMade(err error, name string) error {
	var unsure *web.Unsure
	if errors.As(err, &unsure) {
		return &web.Unsure{Text: fmt.Sprintf("whether the field %s was made is not known: %s", name, unsure.Text)}
	}
	return err
}

// addField makes a field. One that is there, of whatever type, is only not visible: its
// type is looked at when it is.
func (s *system) addField(ctx context.Context, f crm.Field) (string, error) {
	id, err := s.makeField(ctx, f)
	var refused *web.Refused
	if errors.As(err, &refused) && refused.Code == "DUPLICATE_DEVELOPER_NAME" {
		return "", nil
	}
	return id, err
}

func (s *system) makeField(ctx context.Context, f crm.Field) (string, error) {
	a, err := s.do(ctx, http.MethodPost, "/tooling/sobjects/CustomField",
		map[string]any{"FullName": "Account." + f.Name, "Metadata": metadataOf(f)})
	if err != nil {
		return "", err
	}
	var made saved
	if a.Into(&made) != nil {
		return "", &web.Unsure{Text: "Salesforce's answer can't be read"}
	}
	return made.ID, made.fault()
}

// grant makes fields visible to the run-as user. What is refused of it is told at the
// fields that it is about.
func (s *system) grant(ctx context.Context, fields []crm.Field, made []int, results []crm.Result) error {
	set, err := s.permissionSet(ctx)
	if err == nil {
		err = s.grantFields(ctx, set, fields, made, results)
	}
	if err == nil {
		err = s.assign(ctx, set)
	}
	var refused *web.Refused
	var told *sdk.Diagnostic
	switch {
	case errors.As(err, &refused):
		invisible(results, made, refused.Text)
	case errors.As(err, &told) && told.Code != "salesforce.auth":
		invisible(results, made, told.Summary)
	default:
		return err
	}
	return nil
}

// invisible tells that fields were made and can't be used yet.
func invisible(results []crm.Result, made []int, why string) {
	for _, i := range made {
		if results[i].Err == nil {
			results[i].Err = &web.Refused{Code: "permission", Text: "the field is there, but the run-as user may not use it: " + why,
				Hint: "let an administrator give the user a permission set with the field, for reading and editing"}
		}
	}
}

// permissionSet finds our permission set, or makes it.
func (s *system) permissionSet(ctx context.Context) (string, error) {
	var sets []struct {
		ID string `json:"Id"`
	}
	if err := query(ctx, s, false, "SELECT Id FROM PermissionSet WHERE Name = "+quote(permissionSet)+" AND IsOwnedByProfile = false", &sets); err != nil {
		return "", err
	}
	if len(sets) > 0 {
		return sets[0].ID, nil
	}
	set := rowOf("PermissionSet")
	set["Name"], set["Label"] = permissionSet, permissionSet
	set["Description"] = permissionSetDoc
	results, err := s.save(ctx, http.MethodPost, "/composite/sobjects", []row{set})
	if err != nil {
		return "", err
	}
	return results[0].ID, results[0].Err
}

// grantFields puts fields into a permission set that does not have them yet.
func (s *system) grantFields(ctx context.Context, set string, fields []crm.Field, made []int, results []crm.Result) error {
	var there []struct{ Field string }
	if err := query(ctx, s, false, "SELECT Field FROM FieldPermissions WHERE ParentId = "+quote(set)+" AND SobjectType = 'Account'", &there); err != nil {
		return err
	}
	has := map[string]bool{}
	for _, p := range there {
		has[strings.ToLower(p.Field)] = true
	}
	var rows []row
	var of []int
	for _, i := range made {
		name := "Account." + fields[i].Name
		if has[strings.ToLower(name)] {
			continue
		}
		p := rowOf("FieldPermissions")
		p["ParentId"], p["SobjectType"], p["Field"] = set, "Account", name
		p["PermissionsRead"], p["PermissionsEdit"] = true, true
		rows, of = append(rows, p), append(of, i)
	}
	for at := 0; at < len(rows); at += 200 {
		end := min(at+200, len(rows))
		granted, err := s.save(ctx, http.MethodPost, "/composite/sobjects", rows[at:end])
		if err != nil {
			return err
		}
		for k, g := range granted {
			var refused *web.Refused
			if errors.As(g.Err, &refused) {
				invisible(results, of[at+k:at+k+1], refused.Text)
			} else if g.Err != nil {
				return g.Err
			}
		}
	}
	return nil
}

// assign gives the run-as user the permission set.
func (s *system) assign(ctx context.Context, set string) error {
	if s.user == "" {
		return &web.Refused{Text: "Salesforce does not say who the run-as user is"}
	}
	var there []struct {
		ID string `json:"Id"`
	}
	if err := query(ctx, s, false, "SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = "+quote(set)+" AND AssigneeId = "+quote(s.user), &there); err != nil || len(there) > 0 {
		return err
	}
	a := rowOf("PermissionSetAssignment")
	a["PermissionSetId"], a["AssigneeId"] = set, s.user
	results, err := s.save(ctx, http.MethodPost, "/composite/sobjects", []row{a})
	if err != nil {
		return err
	}
	return results[0].Err
}
