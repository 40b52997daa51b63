package lexicon

// table finds words by their bytes: open addressing, kept at most half full. Every
// word of every text is looked up in it, and a map takes twice as long.
type table struct {
	slots []slot
	used  int
}

// slot is a word's place in words, 0 where there is none, and some bits of its hash:
// they spare a look at most words that are not meant.
type slot struct {
	at  int32
	tag uint32
}

// firstSlots is a power of two, and room for the words of English.
const firstSlots = 1 << 16

func newTable() table { return table{slots: make([]slot, firstSlots)} }

// hash is FNV-1a (Fowler, Noll and Vo) of 32 bits, stirred once more since its low
// bits are weak.
func hash(key []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range key {
		h = (h ^ uint32(c)) * 16777619
	}
	return h ^ h>>15
}

// find gives the place of a word in words, 0 when it is not there.
func (t *table) find(words []word, key []byte) int32 {
	mask := uint32(len(t.slots) - 1)
	h := hash(key)
	for i := h & mask; ; i = (i + 1) & mask {
		s := t.slots[i]
		if s.at == 0 || s.tag == h && words[s.at].text == string(key) {
			return s.at
		}
	}
}

// add puts a word that is not there at its place in words.
func (t *table) add(words []word, at int32) {
	if t.used++; 2*t.used > len(t.slots) {
		old := t.slots
		t.slots = make([]slot, 2*len(old))
		for _, s := range old {
			if s.at != 0 {
				t.put(s)
			}
		}
	}
	t.put(slot{at, hash([]byte(words[at].text))})
}

func (t *table) put(s slot) {
	mask := uint32(len(t.slots) - 1)
	i := s.tag & mask
	for t.slots[i].at != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}
