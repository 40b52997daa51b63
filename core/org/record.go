package org

import (
	"time"

	"github.com/firstcall-cli/firstcall/core/record"
)

// Record makes the record of what the client says about itself: what its people may
// learn. What only serves to find outdated papers stays in the file: former values,
// people who have left, how many people work where. day is the day that it speaks of,
// as 2026-09-30, or empty; the error is that of a text a record can't hold.
func (c *Client) Record(day string, sources []string, tool record.Tool) (*record.Record, error) {
	envelope := record.Record{Client: record.Client{ID: c.ID}, AsOf: day, Sources: sources, Tool: tool}
	if c.Name != c.ID {
		envelope.Client.Name = c.Name
	}
	o := record.Organization{Vision: c.Vision, Mission: c.Mission, ServiceVision: c.ServiceVision}
	for _, v := range c.Values {
		o.Values = append(o.Values, record.Value(v))
	}
	for _, s := range c.Standards {
		o.Standards = append(o.Standards, record.Standard(s))
	}
	for _, d := range c.Departments {
		o.Departments = append(o.Departments, record.OrgDepartment{
			ID: d.ID, Name: d.Name, FormerNames: d.FormerNames, Lead: d.Lead, ReportsTo: d.ReportsTo, Vision: d.Vision, HandsTo: d.HandsTo,
		})
	}
	for _, h := range c.HandOffs {
		o.HandOffs = append(o.HandOffs, record.HandOff(h))
	}
	for _, p := range c.Policies {
		made := record.Policy{Title: p.Title}
		if !p.Reviewed.IsZero() {
			made.Reviewed = p.Reviewed.Format(time.DateOnly)
		}
		o.Policies = append(o.Policies, made)
	}
	return record.NewOrganization(envelope, o)
}
