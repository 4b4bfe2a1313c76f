// Package crash breaks a process of ours on purpose, at a place with a name, so
// that tests can show what the next process finds. It works only in binaries that
// are built with the tag "crash"; in all others its functions are empty and
// vanish.
//
// It promises nothing to the places that call it: they must not know whether it is
// there.
package crash
