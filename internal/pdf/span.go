package pdf

// A MemberSpan says where an entry of a dictionary stands in the file.
type MemberSpan struct {
	Key        Name
	KeyStart   int64 // of the slash
	Start, End int64 // of the value, delimiters included
}

// Span returns where "n g obj … endobj" of an object stands; ok is false for
// objects that are free, missing, damaged or inside an object stream.
func (f *File) Span(r Ref) (start, end int64, ok bool) {
	e, found := f.objects[r.Num]
	if !found || e.Kind != InUse || e.Gen != r.Gen {
		return 0, 0, false
	}
	_, place, err := f.readAt(r, e.Offset, nil)
	return place.start, place.end, err == nil
}

// DictSpans returns where the entries of an object's own dictionary stand, in
// the order of the file, repeated keys included; nil where [File.Span] has none.
func (f *File) DictSpans(r Ref) []MemberSpan {
	e, found := f.objects[r.Num]
	if !found || e.Kind != InUse || e.Gen != r.Gen {
		return nil
	}
	var spans []MemberSpan
	_, _, err := f.readAt(r, e.Offset, func(depth int, m member) {
		if depth == 0 {
			spans = append(spans, MemberSpan{Key: m.key, KeyStart: m.at, Start: m.start, End: m.end})
		}
	})
	if err != nil {
		return nil
	}
	return spans
}

// ValueSpan returns where the value of a key in an object's own dictionary
// stands, delimiters included: of /Contents <…> both angle brackets. ok is false
// if the key is missing or stands there twice.
func (f *File) ValueSpan(r Ref, key Name) (start, end int64, ok bool) {
	for _, m := range f.DictSpans(r) {
		if m.Key != key {
			continue
		}
		if ok {
			return 0, 0, false
		}
		start, end, ok = m.Start, m.End, true
	}
	return start, end, ok
}
