package pdf

import "fmt"

// Anomalies returns what a verifier must hear about the file: each entry is one
// sentence in English that names the place. A file of ours has none.
func (f *File) Anomalies() []string {
	var all []string
	if f.header != 0 {
		all = append(all, fmt.Sprintf("%d bytes before the header", f.header))
	}
	for i, r := range f.revisions {
		for _, odd := range r.odd {
			all = append(all, fmt.Sprintf("revision %d: %s", i, odd))
		}
	}
	return all
}
