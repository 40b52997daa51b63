package jsonrows

import "strconv"

// keys are the keys of all respondents, as a tree, and the columns they name.
type keys struct {
	root    node
	names   []string       // of the columns
	columns map[string]int // by name
	nodes   int
	bytes   int       // in names
	late    *lateKeys // set when the header is made
	wrapped bool      // respondents are in a list within an object
}

// node is a key of an object, or a place in a list.
type node struct {
	key, name string // its own, and with those around it
	column    int    // that its value goes to, or one of those below
	seen      int    // the object in which it was last met
	next      int    // where in children the key after the last one met is likely to be
	index     int    // in children of the node above
	children  []*node
	byKey     map[string]*node
}

const (
	noColumn = -1 // it held only objects so far
	unneeded = -2 // it is passed over
)

// lateKeys are keys that appear when the header is made already.
type lateKeys struct {
	unneeded func(name string) bool
	names    []string
	known    bool // all keys were seen
}

func newKeys() *keys {
	return &keys{root: node{column: noColumn}, columns: map[string]int{}}
}

// child returns the node of a key below n, which it makes when there is none.
// Respondents mostly have the same keys in the same order, so the one after
// the last is tried first.
func (k *keys) child(n *node, key []byte) (*node, error) {
	if n.next < len(n.children) && n.children[n.next].key == string(key) {
		n.next++
		return n.children[n.next-1], nil
	}
	if c, ok := n.byKey[string(key)]; ok {
		n.next = c.index + 1
		return c, nil
	}
	c := &node{key: string(key), name: string(key), column: noColumn, index: len(n.children)}
	if n != &k.root {
		c.name = n.name + "." + c.key
	}
	if k.nodes++; k.nodes > MaxColumns {
		return nil, errManyKeys
	}
	if len(c.name) > MaxName {
		return nil, errLongKey
	}
	if k.bytes += len(c.name); k.bytes > MaxNames {
		return nil, errMuchKeys
	}
	if n.byKey == nil {
		n.byKey = map[string]*node{}
	}
	n.byKey[c.key] = c
	n.children = append(n.children, c)
	n.next = len(n.children)
	return c, nil
}

// place returns the node of a place in the list that n is.
func (k *keys) place(n *node, i int) (*node, error) {
	return k.child(n, strconv.AppendInt(nil, int64(i), 10))
}

// columnOf returns the column that the value of a node goes to, and makes it
// while the header is being made.
func (k *keys) columnOf(n *node) (int, error) {
	if n.column != noColumn {
		return n.column, nil
	}
	column, ok := k.columns[n.name]
	if !ok {
		if k.late != nil {
			column = unneeded
			if err := k.late.add(n.name); err != nil {
				return 0, err
			}
		} else {
			column = len(k.names)
			k.names = append(k.names, n.name)
			k.columns[n.name] = column
		}
	}
	n.column = column
	return column, nil
}

// add notes a key that the header lacks, or is an error when it may be needed.
func (l *lateKeys) add(name string) error {
	switch {
	case l.unneeded != nil && l.unneeded(name):
		l.names = append(l.names, name)
		return nil
	case l.known:
		return errChanged
	default:
		return lateKey(name)
	}
}
