package dated

import (
	"slices"
	"strings"

	"github.com/firstcall-cli/firstcall/core/prose"
)

// Excuse is why something out of date is no fault where it is named.
type Excuse uint8

// The excuses.
const (
	None       Excuse = iota
	Negated           // said not to be there or not to be used: "no longer accept fax"
	Deliberate        // its age is the point: "migrates Windows XP estates", "X, formerly Twitter"
	Collection        // it is what is collected, kept or mended: "a museum's typewriters"
	Quotation         // it stands in the name of a law or an office
)

var excuses = [...]string{"", "negated", "deliberate", "collection", "quotation"}

// String gives the excuse as one lower-case word, and nothing for None.
func (e Excuse) String() string { return excuses[e] }

// place is a hit in its sentence.
type place struct {
	t        *prose.Text
	sentence *prose.Sentence
	*Hit
}

// excuse finds the excuse of each hit. Hits are in the order of the text.
func excuse(t *prose.Text, hits []Hit) {
	s, kept := 0, -1
	for k := range hits {
		h := &hits[k]
		for s < len(t.Sentences)-1 && t.Sentences[s].EndWord <= h.First {
			s++
		}
		h.Excuse = place{t, &t.Sentences[s], h}.excuse()
		if h.Excuse == None && h.Entry.medium {
			if kept < 0 {
				kept = keepers(t)
			}
			if kept >= archival {
				h.Excuse = Collection
			}
		}
	}
}

// archival is how many words of keeping make a text one about a collection, in which
// old media are named for their own sake.
const archival = 3

// keepers counts the words of keeping in the text.
func keepers(t *prose.Text) int {
	n := 0
	for i := range t.Words {
		if keeping[fold(t.Word(i))] {
			n++
		}
	}
	return n
}

// excuse finds the excuse of the hit. Whom one does not turn away says nothing of the
// word one has for them, so terms are not excused by negations: "we do not
// discriminate because of a handicap".
func (p place) excuse() Excuse {
	switch {
	case p.Entry.Kind == Term && p.quoted():
		return Quotation
	case p.outgoing() || p.renamed():
		return Deliberate
	case p.Entry.Kind != Term && p.negated():
		return Negated
	case p.Entry.Kind == Tool && p.collected():
		return Collection
	}
	return None
}

// word gives the i-th word of the text folded, nothing outside the sentence.
func (p place) word(i int) string {
	if i < p.sentence.FirstWord || i >= p.sentence.EndWord {
		return ""
	}
	return fold(p.t.Word(i))
}

// stops says whether a new clause or line begins after the i-th word.
func (p place) stops(i int) bool {
	if w := p.word(i); w == "" || w == "but" || w == "however" {
		return true
	}
	return i+1 < len(p.t.Words) && strings.ContainsAny(p.t.Source[p.t.Words[i].End:p.t.Words[i+1].Start], ";:•\n")
}

// comma says whether a comma follows the i-th word.
func (p place) comma(i int) bool {
	return i+1 < len(p.t.Words) && strings.Contains(p.t.Source[p.t.Words[i].End:p.t.Words[i+1].Start], ",")
}

// Words on either side that are looked at.
const (
	negationReach = 8 // before, for "not"
	listReach     = 5 // the same across a comma: "no faxes, telexes or pagers"
	refusalReach  = 4 // after, for "not required"
	agingReach    = 4 // before, for "legacy"
	changeReach   = 8 // before, for "migrate"
	outgoingReach = 4 // after, for "migration"
	keepingReach  = 6 // either side, for "museum"
	mendingReach  = 3 // either side, for "repair" and "collection"
	bodyReach     = 5 // after, for "Act"
	headReach     = 6 // before, for "Department"
)

var (
	negations = set("no,not,never,without,don't,doesn't,cannot,can't,won't,nor,neither")
	// notNegating after a negation takes it away: "not limited to".
	notNegating = set("limited,only,just,restricted,necessarily,less,more,fewer,later,all")
	// refusals after "not" behind a name say that it is not asked for.
	refusals = set("required,needed,necessary,accepted,used,supported,permitted,allowed,available,considered,longer")

	// aging right before a name says that it is old.
	aging = set("legacy,formerly,former,previously,obsolete,outdated,outmoded,aging,ageing,unsupported,discontinued,deprecated,end-of-life,eol,vintage,antique,historic,historical,defunct,fka,ex,alumni,alum")
	// changes before a name say that it is on its way out.
	changes = set("migrate,migrates,migrated,migrating,retire,retires,retiring,decommission,decommissions,decommissioned,decommissioning,sunsets,sunsetting,supersedes,superseded")
	// ends do so with "of" or "from": "migration of".
	ends = set("migration,migrations,retirement,replacement,removal,history,phaseout,phase-out,sunset")
	// replaces does so only where nothing but its object stands between: not in
	// "replace paper in fax machines".
	replaces    = set("replace,replaces,replaced,replacing,replacement")
	inBetween   = set("in,on,with,using,via,from,at")
	leaving     = set("move,moves,moved,moving,transition,transitions,transitioned,transitioning,convert,converts,converted,converting,conversion,conversions,upgrade,upgrades,upgraded,upgrading,port,ports,ported,porting,switch,switched,switching,away,translate,translating,rewrite,rewriting")
	outgoing    = set("legacy,estate,estates,migration,migrations,retirement,decommissioning,replacement,obsolete,deprecated,conversion,sunset")
	keeping     = set("archive,archives,archival,archivist,archivists,museum,museums,preservation,preserve,preserves,preserving,preserved,conservation,conservator,digitize,digitizes,digitizing,digitized,digitization,digitise,digitising,digitisation,reformat,reformatting,reformatted,antique,antiques,vintage,curator,curate,curates,curating,exhibit,exhibits,exhibition")
	mending     = set("repair,repairs,repairing,repaired,repairer,restoration,restore,restores,restoring,collection,collections,collector,collectors")
	bodies      = set("act,acts,law,laws,statute,department,board,commission,association,code,fund,council,center,centers,centre,agency,institute,administration,bureau,office,division,foundation,society,authority,services,program,facility,regulation,regulations,title,hospital,school,schools")
	headOfNames = set("department,office,division,bureau,board,council,association,commission,center,institute,society")
)

// negated says whether the words around deny the hit.
func (p place) negated() bool {
	reach := negationReach
	for i := p.First - 1; i >= p.First-reach && !p.stops(i); i-- {
		if p.comma(i) {
			reach = listReach
			if i < p.First-reach {
				break
			}
		}
		w, last, next := p.word(i), p.word(i-1), p.word(i+1)
		switch {
		case w == "of" && (last == "instead" || last == "place" || last == "lieu"), w == "than" && last == "rather":
			return true
		case negations[w] && !notNegating[next] && last != "or" && !p.number(i+1):
			return true
		}
	}
	for i := p.End; i < p.End+refusalReach && !p.stops(i-1) && !p.comma(i-1); i++ {
		if w := p.word(i); (w == "not" || w == "no") && refusals[p.word(i+1)] {
			return true
		}
	}
	return false
}

// outgoing says whether the hit is named because it is old.
func (p place) outgoing() bool {
	free := true
	for i := p.First - 1; i >= p.First-changeReach && !p.stops(i); i-- {
		w := p.word(i)
		near := i >= p.First-agingReach
		switch {
		case changes[w], near && aging[w], near && free && replaces[w]:
			return true
		case ends[w] && (p.word(i+1) == "of" || p.word(i+1) == "from" || p.word(i+1) == "off"):
			return true
		case (w == "systems" || w == "software" || w == "applications") && aging[p.word(i-1)]:
			return true
		case strings.HasPrefix(w, "phas") && p.word(i+1) == "out":
			return true
		case w == "of" && p.word(i-1) == "rid", w == "off" && leaving[p.word(i-1)]:
			return true
		case w == "from" && slices.ContainsFunc(p.before(i, 5), func(w string) bool { return leaving[w] }):
			return true
		}
		free = free && !inBetween[w]
	}
	for i := p.End; i < p.End+outgoingReach && !p.stops(i-1) && !p.comma(i-1); i++ {
		if outgoing[p.word(i)] {
			return true
		}
	}
	next := p.word(p.End)
	return next == "now" || next == "formerly"
}

// number says whether the i-th word is one, as after "No.".
func (p place) number(i int) bool { return i < len(p.t.Words) && p.t.Words[i].Is(prose.Number) }

// before gives up to n words before the i-th within the sentence.
func (p place) before(i, n int) []string {
	var out []string
	for j := i - 1; j >= max(p.sentence.FirstWord, i-n); j-- {
		out = append(out, p.word(j))
	}
	return out
}

// renamedReach is how many bytes on either side of an old name the new one is looked
// for.
const renamedReach = 32

// renamed says whether the new name stands beside the old one: "Azure AD (Entra ID)".
func (p place) renamed() bool {
	if p.Entry.State != Renamed {
		return false
	}
	if p.Entry.Replacement == "X" {
		return p.word(p.First-1) == "x" || p.word(p.End) == "x"
	}
	from := max(p.sentence.Start, p.Start-renamedReach)
	to := min(p.sentence.End, p.Span.End+renamedReach)
	around := strings.ToLower(p.t.Source[from:min(p.Start, to)] + "\n" + p.t.Source[min(p.Span.End, to):to])
	for name := range strings.SplitSeq(p.Entry.Replacement, " or ") {
		if strings.Contains(around, strings.ToLower(strings.TrimPrefix(name, "Microsoft Entra "))) {
			return true
		}
	}
	return false
}

// collected says whether the hit is a thing that is kept or mended.
func (p place) collected() bool {
	for i := p.First - 1; i >= p.First-keepingReach && !p.stops(i); i-- {
		if w := p.word(i); keeping[w] || i >= p.First-mendingReach && mending[w] {
			return true
		}
	}
	for i := p.End; i < p.End+keepingReach && !p.stops(i-1); i++ {
		if w := p.word(i); keeping[w] || i < p.End+mendingReach && mending[w] {
			return true
		}
	}
	return false
}

// quoted says whether a term is part of a name in capitals: "Education for All
// Handicapped Children Act", "Department of Mental Retardation".
func (p place) quoted() bool {
	capital := func(i int) bool { return p.t.Words[i].Is(prose.Capitalized) }
	if p.sentence.Capitals || !capital(p.First) || p.Entry.State != OldTerm {
		return false
	}
	for i := p.End; i < min(p.sentence.EndWord, p.End+bodyReach); i++ {
		if bodies[p.word(i)] && capital(i) {
			return true
		}
	}
	for i := p.First - 1; i >= max(p.sentence.FirstWord, p.First-headReach); i-- {
		if headOfNames[p.word(i)] && capital(i) {
			return true
		}
	}
	return false
}
