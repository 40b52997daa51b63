package vision

// models are the parts of the verdict. Points and averages are fitted to the
// ratings of two independent readers of 140 public statements, by ridge
// regression with the signs held, and cross-validated; docs/lint-accuracy.md has
// the accuracy and the command. True has no reader who could know: its one weight
// says whether another organization could sign the text.
var models = [parts]Model{
	Simple: {Usual: 49.6, Weights: []Weight{
		{Feature: fog, From: 6, To: 28, Points: -16.3, Usual: 0.47, Text: "easy to read", Against: "hard to read", Rule: "clarity/hard-to-read"},
		{Feature: longest, From: 10, To: 45, Points: -10.1, Usual: 0.34, Text: "short sentences", Against: "a long sentence", Rule: "clarity/long-sentence"},
		{Feature: length, From: 5, To: 60, Log: true, Points: -8.2, Usual: 0.60, Text: "short enough to repeat", Against: "too long to repeat from memory", Rule: "clarity/too-long"},
		{Feature: vague, From: 0, To: 9, Log: true, Points: -13.3, Usual: 0.68, Text: "few vague words", Against: "many vague words to get through", Rule: "concrete/vague-verb"},
		{Feature: buzzShare, From: 0, To: .15, Points: -12.7, Usual: 0.11, Text: "no buzzwords", Against: "buzzwords", Rule: "clarity/buzzword"},
		{Feature: letters, From: 4, To: 6, Points: -14.0, Usual: 0.67, Text: "short words", Against: "long words"},
		{Feature: nouns, From: .2, To: .6, Points: -9.2, Usual: 0.24, Text: "verbs rather than piles of nouns", Against: "piles of nouns", Rule: "clarity/noun-chain"},
		{Feature: actShare, From: 0, To: .25, Points: 11.8, Usual: 0.25, Text: "everyday words for what people do", Against: "few everyday words for what people do", Rule: "concrete/no-behavior"},
		{Feature: clutter, From: 0, To: 5, Log: true, Points: -9.0, Usual: 0.15, Least: 9, Text: "no clutter", Against: "wordy, or full of asides and acronyms", Rule: "clarity/wordy"},
	}},
	Concrete: {Usual: 31.7, Weights: []Weight{
		{Feature: acts, From: 0, To: 6, Log: true, Points: 14.9, Usual: 0.38, Text: "names acts one could see or hear", Against: "names no act one could see or hear", Rule: "concrete/no-behavior"},
		{Feature: actShare, From: 0, To: .25, Points: 16.2, Usual: 0.25, Text: "spends its words on what people do", Against: "spends few words on what people do", Rule: "concrete/no-behavior"},
		{Feature: vagueShare, From: .05, To: .5, Points: -11.5, Usual: 0.33, Text: "few words that can mean anything", Against: "words that can mean anything", Rule: "concrete/vague-noun"},
		{Feature: emptyShare, From: 0, To: .3, Points: -9.4, Usual: 0.33, Text: "no empty praise", Against: "praise and fashion instead of facts", Rule: "concrete/cliche"},
		{Feature: standards, From: 0, To: 3, Log: true, Points: 13.4, Usual: 0.06, Text: "a standard one can check", Against: "no standard one can check", Rule: "concrete/no-standard"},
		{Feature: limits, From: 0, To: 2, Log: true, Points: 16.3, Usual: 0.07, Text: "says what is not done, or in which case", Against: "draws no line: no never, without, if or when"},
		{Feature: length, From: 5, To: 60, Log: true, Points: 12.2, Usual: 0.60, Text: "room enough to say who does what", Against: "too short to say who does what", Rule: "form/slogan"},
		{Feature: hard, From: .05, To: .35, Points: -6.2, Usual: 0.51, Text: "plain words", Against: "long words"},
		{Feature: wishes, From: 0, To: 1, Points: -6.4, Usual: 0.16, Text: "says what is done, not what one wants to be", Against: "says what one wants to be, not what one does", Rule: "promise/leadership-claim"},
		{Feature: unacted, From: 0, To: 2, Points: -5.0, Usual: 0.10, Least: 5, Text: "says who acts", Against: "does not say who acts", Rule: "clarity/passive"},
		{Feature: inward, From: 0, To: 2, Log: true, Points: -6.0, Usual: 0.10, Least: 6, Text: "about whom it serves", Against: "about the organization, or about everybody with a stake", Rule: "service/inward"},
		{Feature: unmeasured, From: 0, To: 2, Log: true, Points: -3.0, Usual: 0.10, Least: 3, Text: "no words for everyone to read as they like", Against: "times and degrees that nobody can check", Rule: "concrete/fuzzy"},
	}},
	True: {Usual: 50.6, Weights: []Weight{
		{Feature: genericShare, From: .1, To: .6, Points: -100.0, Usual: 0.49, Text: "words of its own", Against: "any organization could sign it", Rule: "truth/interchangeable"},
		{Feature: stale, From: 0, To: 1, Points: -15.0, Usual: 0.00, Text: "up to date", Against: "dated", Rule: "truth/stale-date"},
	}},
	Credible: {Usual: 44.0, Weights: []Weight{
		{Feature: emptyShare, From: 0, To: .3, Points: -17.2, Usual: 0.33, Text: "no hype", Against: "hype and praise of oneself", Rule: "promise/superlative"},
		{Feature: vagueShare, From: .05, To: .5, Points: -8.8, Usual: 0.33, Text: "says what it means", Against: "too vague to be held to", Rule: "concrete/vague-verb"},
		{Feature: actShare, From: 0, To: .25, Points: 9.4, Usual: 0.25, Text: "promises acts that can be kept", Against: "promises no act that could be kept", Rule: "concrete/no-behavior"},
		{Feature: acts, From: 0, To: 6, Log: true, Points: 12.9, Usual: 0.38, Text: "names what will be done", Against: "does not name what will be done", Rule: "concrete/no-behavior"},
		{Feature: genericShare, From: .2, To: .8, Points: -10.1, Usual: 0.26, Text: "could not be anybody's", Against: "could be anybody's", Rule: "truth/interchangeable"},
		{Feature: standards, From: 0, To: 3, Log: true, Points: 5.7, Usual: 0.06, Text: "can be checked", Against: "cannot be checked", Rule: "concrete/no-standard"},
		{Feature: limits, From: 0, To: 2, Log: true, Points: 10.6, Usual: 0.07, Text: "says where the promise ends", Against: "does not say where the promise ends"},
		{Feature: hard, From: .05, To: .35, Points: -8.2, Usual: 0.51, Text: "plain words", Against: "long words"},
		{Feature: hedged, From: 0, To: 3, Log: true, Points: -6.0, Usual: 0.20, Least: 5, Text: "says it without a hedge", Against: "promises to try, or strings values together", Rule: "promise/hedge"},
		{Feature: absolutes, From: 0, To: 1, Points: -3.7, Usual: 0.10, Text: "promises nothing absolute", Against: "promises that one exception breaks", Rule: "promise/absolute"},
	}},
}
