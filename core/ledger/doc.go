// Package ledger keeps the file of what was released of a survey, so that a
// later run, with another filter or grouping or a few late respondents, can be
// checked against everything that was told before. It is the file, not the
// check: that is core/auditor's.
//
// # The file
//
// A ledger is text, one JSON object a line. First a header:
//
//	{"ledger":"firstcall-ledger/1","id":…,"check":…,"releases":n,"last":…,"digest":…}
//
// then a line for each release, the oldest first:
//
//	{"release":{…},"figures":…,"digest":…}
//
// A release is an auditor.Release: labels of groups, and of published figures
// the number of people, Σx and Σx². There are no histograms and no answers.
// What is withheld is null, and a figure of fewer people than the release's
// own minimum, or than 3, is refused unless it is of nobody at all, so that no
// small count stands in the file.
//
// All digests are HMAC-SHA-256 with the user's key, in lower-case hex:
//
//   - check, of the id, tells a wrong key from a changed file.
//   - figures, of the id, the release and all that was told. By it a release is
//     known again although its histograms are not kept. It is keyed because the
//     digest of a small table could be found by trying all of them.
//   - digest, always the last member, of every byte of the line that stands
//     before it and, for a release, of the digest of the line before; the first
//     release follows on check. It covers members that this version doesn't know.
//
// # What is noticed
//
// A line that is changed, moved, added or taken out breaks the chain of
// digests. Lines cut off the end would leave a sound chain, so the header says
// how many there are and which digest is the last; it is written anew with
// every release, since the file is replaced as a whole anyway.
//
// No file can show that it was replaced by an older copy of itself, or
// removed: it looks like a ledger to which less was added, or like none.
// Whoever must exclude that keeps the last digest somewhere else. And whoever
// has the key can write anything.
package ledger
