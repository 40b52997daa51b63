package org

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/firstcall-cli/firstcall/core/problem"
)

// dissolved checks departments that nothing has followed.
func (r *clientReader) dissolved() {
	c, list := r.client, place{"dissolved"}
	r.names(c.Dissolved, list, "", "")
	for i, name := range c.Dissolved {
		switch standing, now := c.standing(loose(name)); {
		case name == "" || standing == Unknown || standing == Dissolved:
		case standing == Present:
			r.report(list.at(i), fmt.Sprintf("%q is a department of this file", name), "take it out of dissolved, or take the [[department]] out")
		default:
			r.report(list.at(i), fmt.Sprintf("%q is a former name of department %q", name, now[0].ID),
				"take it out: dissolved are departments that no present one has followed")
		}
	}
}

// people checks the names of people who have left. What is more than a name has
// no business in the file, and a single word would be found everywhere.
func (r *clientReader) people() {
	people, list := r.client.FormerPeople, place{"former_people"}
	seen := known{}
	for i := range r.few(len(people), maxPeople, list) {
		p := list.at(i)
		r.line(&people[i], p)
		r.once(seen, people[i], p, "name")
		more := func(c rune) bool { return unicode.IsDigit(c) || strings.ContainsRune("@:;/()<>|", c) }
		switch {
		case people[i] == "":
		case strings.ContainsFunc(people[i], more):
			r.report(p, p.key()+" is more than a name", `write the first and the last name, as in "Jane Doe"; nothing else about people belongs here`)
		case len(strings.Fields(people[i])) < 2:
			r.report(p, p.key()+" is a single word", `write the first and the last name, as in "Jane Doe": a single one is found in too many places`)
		}
	}
}

func (r *clientReader) handOffs() {
	c := r.client
	seen := known{}
	for i := range r.few(len(c.HandOffs), maxHandOffs, place{"hand_off"}) {
		h, p := &c.HandOffs[i], place{"hand_off", i}
		r.required(&h.From, p.at("from"), "hand_off", `add from = "support" or the like, the id of the department that hands it on`)
		r.refers(&h.From, p.at("from"))
		r.required(&h.To, p.at("to"), "hand_off", `add to = "billing" or the like, the id of the department that takes it`)
		r.refers(&h.To, p.at("to"))
		r.required(&h.What, p.at("what"), "hand_off", `add what = "refund requests" or the like`)
		r.title(&h.OwnerFrom, p.at("owner_from"))
		r.title(&h.OwnerTo, p.at("owner_to"))
		if h.From == "" || h.To == "" || h.What == "" {
			continue
		}
		if h.From == h.To {
			r.report(p.at("to"), fmt.Sprintf("department %q hands on to itself", h.To), "a hand-off is between two departments")
			continue
		}
		once := strings.Join([]string{sameName(h.From), sameName(h.To), sameName(h.What)}, "\x00")
		if seen[once] {
			r.report(p.at("what"), fmt.Sprintf("hand-off of %q from %s to %s stands twice", h.What, h.From, h.To), "upper and lower case count as the same; keep one")
		}
		seen[once] = true
	}
}

func (r *clientReader) products() {
	c := r.client
	seen := known{}
	for i := range r.few(len(c.Products), maxProducts, place{"product"}) {
		product, p := &c.Products[i], place{"product", i}
		r.required(&product.Name, p.at("name"), "product", `add name = "Home Care" or the like`)
		r.once(seen, product.Name, p.at("name"), "product")
		r.names(product.FormerNames, p.at("former_names"), product.Name, "the present name")
		r.line(&product.Replacement, p.at("replacement"))
		if product.Replacement != "" && sameName(product.Replacement) == sameName(product.Name) {
			r.report(p.at("replacement"), fmt.Sprintf("product %q replaces itself", product.Name), "where only the name is new, the old one belongs into former_names")
		}
		day(&product.Ended)
	}
}

func (r *clientReader) systems() {
	c := r.client
	n := r.few(len(c.Systems), maxSystems, place{"system"})
	seen := known{}
	at := map[string]int{} // by name
	for i := range n {
		s, p := &c.Systems[i], place{"system", i}
		r.required(&s.Name, p.at("name"), "system", `add name = "Zendesk" or the like`)
		r.once(seen, s.Name, p.at("name"), "system")
		r.names(s.FormerNames, p.at("former_names"), s.Name, "the present name")
		r.names(s.Replaces, p.at("replaces"), s.Name, "the system itself")
		day(&s.Retired)
		at[sameName(s.Name)] = i
	}
	for i := range n {
		for j, old := range c.Systems[i].Replaces[:min(len(c.Systems[i].Replaces), maxNames)] {
			k, listed := at[sameName(old)]
			if listed && old != "" && k != i && c.Systems[k].Retired.IsZero() {
				r.report(place{"system", i, "replaces", j}, fmt.Sprintf("%q is replaced, and stands as a system in use", old),
					fmt.Sprintf("give it retired = 2024-06-30 or the like, or take its [[system]] out: replaces is enough to know %q for an old one", old))
			}
		}
	}
}

func (r *clientReader) policies() {
	c := r.client
	seen := known{}
	for i := range r.few(len(c.Policies), maxPolicies, place{"policy"}) {
		policy, p := &c.Policies[i], place{"policy", i}
		r.required(&policy.Title, p.at("title"), "policy", `add title = "Returns" or the like`)
		r.once(seen, policy.Title, p.at("title"), "policy")
		r.line(&policy.File, p.at("file"))
		day(&policy.Reviewed)
	}
}

// reviews checks when papers are gone through, and who does it.
func (r *clientReader) reviews(tables []ReviewTable) {
	c, list := r.client, place{"review"}
	c.Reviews = ReadReviews(r.doc, tables, list...).In(c)
	for i := range c.Reviews {
		r.title(&c.Reviews[i].Owner, list.at(i, "owner"))
		name := c.Reviews[i].Department
		if name == "" || len(c.Departments) == 0 || c.Department(name) != nil {
			continue
		}
		names := make([]string, 0, 2*len(c.Departments))
		for _, d := range c.Departments {
			names = append(names, d.ID, d.Name)
		}
		r.report(list.at(i, "department"), fmt.Sprintf("no department is called %q", name),
			problem.DidYouMean(name, slices.Compact(names), "add a [[department]] with that id or name, or take it out"))
	}
}

// day takes a date as it is written, whatever time and zone stand beside it.
func day(t *time.Time) {
	if !t.IsZero() {
		year, month, d := t.Date()
		*t = time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
	}
}
