// Package record holds the nouns of the house and their rules: what a page, a
// word, a field, a seal and a verdict are, which states a document goes through,
// and which reasons there are for refusing one.
//
// It knows nothing of ours and only the standard library: all binaries and all
// rooms share its words. Each noun has one JSON form, used by the command line,
// the API and the manifests alike.
package record

// Version is the version of the JSON forms in this package. It grows when a
// reader of the old form would misread the new one.
const Version = 1
