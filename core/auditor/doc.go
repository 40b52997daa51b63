// Package auditor proves of records that nothing they withhold can be worked
// out from what they tell: not by subtracting, not by solving the equations
// that all published numbers make together, not by bounding what is unknown by
// the ends of the scale.
//
// It knows nothing of how cells were chosen to be withheld and shares no code
// with core/disclosure, so that a mistake there is found here. It works on
// records, and so on those that other programs or earlier versions made.
package auditor
