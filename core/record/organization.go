package record

import (
	"errors"
	"fmt"
	"time"
)

// Organization is the body of an organization record: what a client says about
// itself, as far as others may learn it. It names roles and departments, no people.
type Organization struct {
	Vision        string          `json:"vision,omitempty" doc:"The vision statement."`
	Mission       string          `json:"mission,omitempty" doc:"The mission statement."`
	ServiceVision string          `json:"service_vision,omitempty" doc:"The customer service vision statement, where it stands alone."`
	Values        []Value         `json:"values,omitempty" doc:"What it stands for, in its own order."`
	Standards     []Standard      `json:"standards,omitempty" doc:"What customers can count on, in its own order."`
	Departments   []OrgDepartment `json:"departments,omitempty" doc:"Its departments, in the order of the client file."`
	HandOffs      []HandOff       `json:"hand_offs,omitempty" doc:"What departments hand to each other."`
	Policies      []Policy        `json:"policies,omitempty" doc:"Its written policies."`
}

// Value is something that a client says it stands for.
type Value struct {
	Name    string `json:"name" minLength:"1" doc:"The value, in a word or a few."`
	Meaning string `json:"meaning,omitempty" doc:"What it means in this organization."`
}

// Standard is a service standard: what customers can count on, and what is done for
// it.
type Standard struct {
	Text       string   `json:"text" minLength:"1" doc:"The standard, in a sentence."`
	Value      string   `json:"value,omitempty" doc:"Name of the value that it puts into practice."`
	Department string   `json:"department,omitempty" doc:"Id of the department that keeps it; everybody does when it is absent."`
	Behaviors  []string `json:"behaviors,omitempty" doc:"What one can see people do who keep it."`
}

// OrgDepartment is a department as the client file tells of it.
type OrgDepartment struct {
	ID          string   `json:"id" minLength:"1" doc:"What the client file calls it."`
	Name        string   `json:"name" minLength:"1" doc:"Its name."`
	FormerNames []string `json:"former_names,omitempty" doc:"Names that it had."`
	Lead        string   `json:"lead,omitempty" doc:"Title of the role that leads it."`
	ReportsTo   string   `json:"reports_to,omitempty" doc:"Id of the department above."`
	Vision      string   `json:"vision,omitempty" doc:"Its own service vision statement."`
	HandsTo     []string `json:"hands_to,omitempty" doc:"Ids of the departments that it hands customers on to."`
}

// HandOff is something that one department hands to another.
type HandOff struct {
	From      string `json:"from" minLength:"1" doc:"Id of the department that hands it on."`
	To        string `json:"to" minLength:"1" doc:"Id of the department that takes it."`
	What      string `json:"what" doc:"What is handed on."`
	OwnerFrom string `json:"owner_from,omitempty" doc:"Title of the role that answers for it until then."`
	OwnerTo   string `json:"owner_to,omitempty" doc:"Title of the role that answers for it from then on."`
}

// Policy is a written policy.
type Policy struct {
	Title    string `json:"title" minLength:"1" doc:"What it is called."`
	Reviewed string `json:"reviewed,omitempty" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"The day it was last gone through."`
}

// NewOrganization makes the record of what a client says about itself. The record's
// client, day, sources and tool are as in envelope; its other fields are filled in.
// A client has one, so that its subject is the client's id.
func NewOrganization(envelope Record, o Organization) (*Record, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	return sealBody(envelope, Key{Client: envelope.Client.ID, Kind: KindOrganization, Subject: envelope.Client.ID}, o)
}

// Organization reads the body of a record of kind organization. The record keeps the
// body as it came, with fields that only a later version knows.
func (r *Record) Organization() (Organization, error) {
	var o Organization
	if err := r.body(KindOrganization, &o); err != nil {
		return Organization{}, err
	}
	return o, o.check()
}

// check reports what makes an organization unfit to be shown: something without a
// name, a department that is there twice or is not there.
func (o Organization) check() error {
	departments := map[string]bool{}
	for _, d := range o.Departments {
		switch {
		case d.ID == "" || d.Name == "":
			return errors.New("a department of the organization has no id or no name")
		case departments[d.ID]:
			return fmt.Errorf("department %q stands twice in the organization", d.ID)
		}
		departments[d.ID] = true
	}
	values := map[string]bool{}
	for _, v := range o.Values {
		if v.Name == "" {
			return errors.New("a value of the organization has no name")
		}
		values[v.Name] = true
	}
	for _, s := range o.Standards {
		switch {
		case s.Text == "":
			return errors.New("a standard of the organization says nothing")
		case s.Department != "" && !departments[s.Department]:
			return fmt.Errorf("a standard is of the department %q, which the organization does not have", s.Department)
		case s.Value != "" && !values[s.Value]:
			return fmt.Errorf("a standard is of the value %q, which the organization does not have", s.Value)
		}
	}
	for _, h := range o.HandOffs {
		if !departments[h.From] || !departments[h.To] {
			return fmt.Errorf("a hand-off goes from %q to %q, of which the organization does not have both", h.From, h.To)
		}
	}
	for _, p := range o.Policies {
		if p.Title == "" {
			return errors.New("a policy of the organization has no title")
		}
		if _, err := time.Parse(time.DateOnly, p.Reviewed); p.Reviewed != "" && err != nil {
			return fmt.Errorf("policy %q was gone through on %q, which is no day", p.Title, p.Reviewed)
		}
	}
	return nil
}
