package proof

// weights were fitted by `sohoa bench words --fit` on 31070 words: seed 6101.
// Another kind of page, or another engine, wants another fit.
var weights = []float64{
	-1.4505, // always
	-0.3803, // engine over 0
	0.3446,  // engine over 0.3
	0.2796,  // engine over 0.6
	0.6454,  // engine over 0.8
	2.6500,  // engine over 0.88
	2.2215,  // engine over 0.92
	1.4872,  // engine over 0.94
	0.1788,  // engine over 0.96
	-0.2352, // signs
	-0.2660, // signs, engine sure
	0.9539,  // frequent
	-0.1307, // frequent, engine sure
	0.0833,  // syllabic
	-0.2962, // syllabic, engine sure
	0.2826,  // numeral
	0.7317,  // numeral, engine sure
	0.5353,  // shortened
	0.6977,  // shortened, engine sure
	-0.8511, // coded
	1.0337,  // coded, engine sure
	-0.2444, // foreign
	0.7638,  // foreign, engine sure
	-1.9751, // impossible
	-0.4576, // impossible, engine sure
	0.2041,  // rest of line
	0.1490,  // least neighbour
	1.1200,  // page
	-0.9813, // alone in line
	-1.6551, // one letter
	-0.3104, // two letters
	-0.1325, // letters
	-0.0796, // mixed case
	0.5644,  // signs inside
	-0.2768, // signs before
	-1.4467, // signs behind
	-0.2042, // stacked marks
	-0.7631, // capitals
	-0.6309, // height off
	-0.9252, // letters wide
	-0.8926, // seal
	-1.1913, // stamp
	-0.9279, // signature
	-3.4113, // handwriting
	-2.2962, // edge
	1.2267,  // elsewhere
	-0.7183, // rival elsewhere
	-1.0755, // rival frequent
	3.0357,  // phrase
	-6.7464, // rival in phrase
	-2.7989, // acute for hook
	-0.9067, // digits
	0.1464,  // short line
	-2.6157, // low line
}
