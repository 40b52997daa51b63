package scorm

// Wrong answers of our own. Each is plainly wrong to somebody who has read the module,
// whatever the client stands for: none names a virtue that a client might claim. They
// are of about the length that such sentences have, so that length tells nothing.

var promiseFoils = []string{
	"We help customers as far as our schedule leaves us time to do so.",
	"We give customers what the rules say, and nothing that goes beyond them.",
	"We look after our own department first and leave the rest to the others.",
	"We keep customers waiting only as long as they put up with it.",
	"We sell as much as we can to everyone who comes to us once.",
}

var standardFoils = []string{
	"We pick up the phone once nothing else is left to do.",
	"We tell customers about a delay after they have asked twice.",
	"We send customers on until somebody happens to know the answer.",
	"We write complaints down and wait for the next yearly meeting.",
	"We explain our rules first and listen to customers afterward.",
}

var behaviorFoils = []string{
	"Keep looking at the screen until the customer speaks up",
	"Tell the customer which other department is to blame",
	"Promise to call back without saying when",
	"Finish a private chat before turning to the customer",
	"Read out the rule and move on to the next person",
}

var meaningFoils = []string{
	"Doing the least that the rules ask of us.",
	"Leaving the hard cases to somebody else.",
	"Being proved right, even when it costs us a customer.",
	"Treating every question as an interruption.",
}

var valueFoils = []string{"Rules before people", "The quick sale", "Keeping our distance", "Looking busy"}

var handOffFoils = []string{"Nobody: the customer starts over", "Whoever has time that day", "The customer, by asking again"}
