package pdf

// element is the innermost part of a document, as its author's program tagged
// it, that some text is in.
type element struct {
	kind  Kind
	level int  // of a heading
	label bool // the mark of a list item
	list  int  // the list item that it is in, 0 for none
	depth int  // lists that it is in
	row   int  // the table row
	table int
}

// structure tells the elements of a file by the number of the page and the
// number that a piece of marked content has on it.
type structure map[int]map[int]*element

// tagged is an object in the tree of elements with what it inherits.
type tagged struct {
	object any
	page   int
	in     *element
}

// structure reads the tags of a file. Many have none.
func (f *file) structure() structure {
	root := f.dict(f.dict(f.trailer["Root"])["StructTreeRoot"])
	if root == nil {
		return nil
	}
	roles := f.dict(root["RoleMap"])
	s := structure{}
	seen := map[ref]bool{}
	todo := []tagged{{object: root["K"]}}
	for id := 1; len(todo) > 0 && f.spend(64); id++ {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if r, is := t.object.(ref); is {
			if seen[r] {
				continue
			}
			seen[r] = true
		}
		switch o := f.resolve(t.object).(type) {
		case int:
			s.content(t.page, o, t.in)
		case array:
			todo = t.kids(todo, o)
		case dict:
			if r, is := o["Pg"].(ref); is {
				t.page = r.number
			}
			if mcid, is := f.resolve(o["MCID"]).(int); is {
				if o["Stm"] == nil {
					s.content(t.page, mcid, t.in)
				}
				continue
			}
			role, _ := f.resolve(o["S"]).(name)
			t.in = t.in.child(f.role(roles, role), id)
			todo = t.kids(todo, f.list(o["K"]))
		}
	}
	return s
}

// kids adds what is in an element so that the first comes next.
func (t tagged) kids(todo []tagged, kids array) []tagged {
	for i := len(kids) - 1; i >= 0; i-- {
		todo = append(todo, tagged{kids[i], t.page, t.in})
	}
	return todo
}

func (s structure) content(page, mcid int, e *element) {
	if e == nil {
		return
	}
	if s[page] == nil {
		s[page] = map[int]*element{}
	}
	s[page][mcid] = e
}

// role gives the role that one of the program's own stands for.
func (f *file) role(roles dict, role name) name {
	const longest = 8
	for range longest {
		next, is := f.resolve(roles[role]).(name)
		if !is || next == role {
			break
		}
		role = next
	}
	return role
}

// child is the element within another, which may be nil, that has a role. Roles
// that part no text give the same element.
func (e *element) child(role name, id int) *element {
	var c element
	if e != nil {
		c = *e
	}
	c.level = 0
	if c.kind == Heading {
		c.kind = Paragraph
	}
	switch role {
	case "H1", "H2", "H3", "H4", "H5", "H6":
		c.kind, c.level = Heading, int(role[1]-'0')
	case "H":
		c.kind, c.level = Heading, 2
	case "Title":
		c.kind, c.level = Heading, 1
	case "L":
		c.depth++
	case "LI":
		c.kind, c.list = Item, id
	case "Lbl":
		c.label = c.list > 0
	case "Table":
		c.kind, c.table, c.list, c.depth = Paragraph, id, 0, 0
	case "TR":
		c.row = id
	case "TD", "TH":
		c.kind = Cell
	case "P", "Text", "Caption", "BlockQuote", "Note", "TOCI", "BibEntry", "Div":
	default:
		return e
	}
	return &c
}
