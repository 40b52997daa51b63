// Package journal remembers what was sent to a destination and what the
// destination acknowledged, so that a crashed export resumes, nothing is lost
// and nothing is written twice. It never holds a record's body, a secret, or
// anybody's answer. Memory does not grow with the number of records.
//
// # The folder
//
// Each exporter and target has a folder of its own, EXPORTER/TARGET, whose last
// part is a readable form of the target's id and a digest of it. In it are
//
//	about.json  exporter, target and label, for people
//	snapshot    what all runs before the last merge left behind
//	log         what happened since
//	fence       which file the last run holds locked
//	lock        held for a moment by whoever asks that
//
// Folders are mode 0700 and files 0600. The locked files themselves are in a
// folder called fences, beside those of the exporters.
//
// # The files
//
// A line of the snapshot and the log is the CRC-32C of a JSON object in eight
// hex digits, a space, and the object. The snapshot is
//
//	{"snapshot":1,"generation":3,"run":"…","attempt":1,"finished":true}
//	{"key":"…","revision":"…","status":"created","remote":[{"type":"company","id":"7"}],"doubt":true}
//	{"entries":1}
//
// with the keys in the order of [record.Order]: whoever changes that order
// changes this format. Doubt is absent when there is none, and so are revision,
// status and remote when nothing was acknowledged. What was only rejected or
// deferred is not in it.
//
// The log is
//
//	{"log":1,"follows":3}
//	{"run":"…","attempt":2}
//	{"intent":"KEY","revision":"…"}
//	{"settled":"KEY","revision":"…","status":"created","remote":[…],"code":"…"}
//	{"durable":4711}
//	{"finished":"RUN"}
//
// where follows is the generation of the snapshot that the log adds to, and
// durable says up to which byte of the log the system has promised to keep it.
//
// # Crashes
//
// Opening a journal merges the log into a new snapshot, which takes the place of
// the old one before the log is emptied. A crash between the two leaves a log
// that follows the snapshot's predecessor: it is known to be merged already.
//
// A crash can leave an incomplete line at the end of the log, and a power cut
// can leave anything after the last byte that was durable. Both are dropped:
// nothing that depends on it was sent, and an answer that is lost leaves its key
// in doubt. A bad line anywhere else is damage, and so is a snapshot without its
// last line, or one that is not of the generation that the log follows. Then
// nobody knows any more what was sent, and the journal is not opened.
package journal
