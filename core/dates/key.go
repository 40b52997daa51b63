package dates

import "strings"

// maxValue is the longest value of a field that is read as a date, in bytes.
const maxValue = 200

// Key reads a field of front matter or of a document's properties: its key, whatever
// its case and punctuation (last_reviewed_on, lastReviewedOn), and its value. It gives
// a stamp, placed in the value and without a label, or an interval ("review_in: 6
// months"); ok is false for other keys and for values that are neither. ms.date is
// always written with the month first.
func Key(key, value string) (stamp Stamp, interval Interval, ok bool) {
	if len(value) > maxValue {
		return stamp, interval, false
	}
	var buf [40]byte
	name := string(squeeze(buf[:0], key))
	if reviewKey(name) {
		if months, start, end := duration(value); months > 0 {
			interval.Months, interval.Start, interval.End = months, start, end
			return stamp, interval, true
		}
	}
	kind := keyKind(name)
	if kind == None {
		return stamp, interval, false
	}
	s := scanner{text: value}
	f, found := s.next()
	if !found || strings.TrimLeft(value[:f.start], " \t\"'*_~") != "" {
		return stamp, interval, false
	}
	if name == "msdate" && f.two {
		f.two, f.order = false, MonthFirst
	}
	return Stamp{Kind: kind, Mention: f.mention(value)}, interval, true
}

// squeeze appends the letters and digits of a key in lower case; of a long key, the start.
func squeeze(buf []byte, key string) []byte {
	for i := 0; i < len(key) && len(buf) < cap(buf); i++ {
		if b := key[i]; isLetter(b) {
			buf = append(buf, b|0x20)
		} else if isDigit(b) {
			buf = append(buf, b)
		}
	}
	return buf
}

// reviewKey says whether a key may hold how often a document is reviewed.
func reviewKey(name string) bool {
	switch name {
	case "reviewin", "reviewcycle", "reviewinterval", "reviewevery", "reviewfrequency", "reviewperiod", "reviewafter", "review", "reviewed":
		return true
	}
	return false
}

// keyKind gives what a field says of its date.
func keyKind(name string) Kind {
	switch name {
	case "lastreviewedon", "lastreviewed", "reviewed", "reviewedon", "reviewedat", "reviewdate", "lastreview", "lastreviewdate", "datereviewed", "datelastreviewed", "lastverified", "lastchecked":
		return Reviewed
	case "msdate", "lastmod", "lastmodified", "lastmodifiedat", "lastmodifieddate", "modified", "modifiedon", "modifiedat", "datemodified", "updated", "updatedon", "updatedat", "update",
		"lastupdated", "lastupdate", "lastupdatedon", "dateupdated", "dateupdate", "updatedate", "revised", "revisedon", "revision", "revisiondate", "daterevised", "lastrevised", "rev", "amended", "lastedited", "versiondate", "changed":
		return Revised
	case "nextreview", "nextreviewdate", "nextreviewon", "reviewby", "reviewdue", "reviewduedate", "reviewon", "nextreviewed", "duereview", "reviewafter", "reviewnext":
		return NextReview
	case "approved", "approvedon", "approvaldate", "dateapproved", "adopted", "dateadopted", "ratified":
		return Approved
	case "effective", "effectivedate", "effectiveon", "effectivefrom", "validfrom", "dateeffective", "dcdatevalidfrom":
		return Effective
	case "created", "createdon", "createdat", "datecreated", "creationdate", "issued", "issuedate", "dateissued", "dateofissue", "written", "established", "dctermscreated", "dccreated":
		return Created
	case "date", "posted", "postedon", "postedat", "dateposted", "postdate", "postingdate", "published", "publishedon", "publishedat", "publishdate", "pubdate", "datepublished", "publicationdate",
		"publisheddate", "opened", "opendate", "openingdate", "opens", "advertised", "dateopened", "firstpublished", "publicationdatetime", "listed", "postingopendate":
		return Posted
	case "closing", "closingdate", "closedate", "closes", "closeson", "closesat", "closed", "dateclosing", "dateclosed", "closingon", "applicationdeadline", "applicationsclose", "applicationclosingdate",
		"deadlinetoapply", "applyby", "applybefore", "filingdeadline", "finalfilingdate", "lastdatetoapply", "lastdaytoapply", "applicationdue", "applicationsdue", "postingclosedate", "applicationduedate", "openuntil":
		return Closing
	case "expires", "expireson", "expiresat", "expiry", "expirydate", "expirationdate", "expiration", "expired", "expire", "validthrough", "validuntil", "validto", "dateexpires", "enddate", "unpublishdate", "dcdatevalidto":
		return Expires
	case "deadline", "due", "duedate", "dueby", "targetdate":
		return Deadline
	case "start", "startdate", "starts", "startson", "startingdate", "jobstartdate", "employmentstart", "positionstart":
		return Start
	case "eventdate", "interviewdate", "interviews", "interviewdates", "examdate":
		return Event
	case "asof", "asofdate":
		return AsOf
	}
	return None
}
