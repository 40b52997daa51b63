package learning

import "slices"

// LeftOut reports whether a name is that of a department that is left out, or one that
// only such a department had.
func (c *Client) LeftOut(name string) bool {
	called := fold(name)
	return called != "" && slices.ContainsFunc(c.namesLeft(), func(n string) bool { return fold(n) == called })
}

// namesLeft are the names of departments that are left out, with those that they had
// and no other department has.
func (c *Client) namesLeft() []string {
	var names []string
	for n := range c.left {
		names = append(names, n)
	}
	if c.Organization == nil {
		return names
	}
	for _, d := range c.Organization.Departments {
		if !c.left[fold(d.Name)] {
			continue
		}
		for _, n := range d.FormerNames {
			if c.Department(n) == nil {
				names = append(names, n)
			}
		}
	}
	return names
}
