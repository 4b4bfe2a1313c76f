package pdf

// Resolve follows references until a value that is none. It returns nil if that
// fails: ask [File.Get] for the reason.
func (f *File) Resolve(v any) any {
	for range f.limits.Depth {
		r, ok := v.(Ref)
		if !ok {
			return v
		}
		var err error
		if v, err = f.Get(r); err != nil {
			return nil
		}
	}
	return nil
}

// Dict resolves v; nil if it is no dictionary. Of a stream it returns the dictionary.
func (f *File) Dict(v any) Dict {
	switch v := f.Resolve(v).(type) {
	case Dict:
		return v
	case *Stream:
		return v.Dict
	}
	return nil
}

// Array resolves v; nil if it is no array.
func (f *File) Array(v any) Array {
	a, _ := f.Resolve(v).(Array)
	return a
}

// Stream resolves v; nil if it is no stream.
func (f *File) Stream(v any) *Stream {
	s, _ := f.Resolve(v).(*Stream)
	return s
}

// Name resolves v; "" if it is no name.
func (f *File) Name(v any) Name {
	n, _ := f.Resolve(v).(Name)
	return n
}

// String resolves v; nil if it is no string.
func (f *File) String(v any) String {
	s, _ := f.Resolve(v).(String)
	return s
}

// Bool resolves v; false if it is no boolean.
func (f *File) Bool(v any) bool {
	b, _ := f.Resolve(v).(bool)
	return b
}

// Int resolves v to an integer; ok is false if it is none.
func (f *File) Int(v any) (n int64, ok bool) {
	n, ok = f.Resolve(v).(int64)
	return n, ok
}

// Number resolves v to an integer or real; ok is false if it is neither.
func (f *File) Number(v any) (x float64, ok bool) {
	switch v := f.Resolve(v).(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
