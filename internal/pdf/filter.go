package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"errors"
	"fmt"
	"io"
)

// A Filter is one step of a stream's encoding with its parameters.
type Filter struct {
	Name  Name
	Parms Dict
}

// maxFilters bounds the steps of one stream; paper has two.
const maxFilters = 8

// Filters returns the steps in the order in which they are undone.
func (f *File) Filters(s *Stream) ([]Filter, error) {
	names, parms := Array{}, Array{}
	switch v := f.Resolve(s.Dict["Filter"]).(type) {
	case nil:
	case Name:
		names, parms = Array{v}, Array{s.Dict["DecodeParms"]}
	case Array:
		names, parms = v, f.Array(s.Dict["DecodeParms"])
	default:
		return nil, fmt.Errorf("/Filter is neither name nor array: %w", ErrDamaged)
	}
	if len(names) > maxFilters {
		return nil, fmt.Errorf("more than %d filters: %w", maxFilters, ErrLimit)
	}
	out := make([]Filter, len(names))
	for i, n := range names {
		if out[i].Name = f.Name(n); out[i].Name == "" {
			return nil, fmt.Errorf("filter %d is no name: %w", i+1, ErrDamaged)
		}
		if i < len(parms) {
			out[i].Parms = f.Dict(parms[i])
		}
	}
	return out, nil
}

// RawStream returns the encoded bytes of s, decrypted if the file was unlocked.
func (f *File) RawStream(s *Stream) io.Reader {
	if s.lock != nil {
		return f.unlocked(s)
	}
	if s.data != nil {
		return bytes.NewReader(s.data)
	}
	return io.NewSectionReader(f.r, s.Offset, s.Length)
}

// Decoded undoes the filters of s up to the first that encodes pictures
// (DCTDecode, JPXDecode, CCITTFaxDecode, JBIG2Decode), which [File.Filters] names.
// It fails with ErrLimit if the result is longer than Limits.StreamBytes.
func (f *File) Decoded(s *Stream) ([]byte, error) {
	filters, err := f.Filters(s)
	if err != nil {
		return nil, err
	}
	r := f.RawStream(s)
	for i, step := range filters {
		if IsImageFilter(step.Name) {
			break
		}
		if i == 0 && step.Name == "Crypt" && s.lock != nil {
			continue // undone by RawStream
		}
		data, err := f.undo(step, r)
		if err != nil {
			return nil, fmt.Errorf("undo %s: %w", step.Name, err)
		}
		r = bytes.NewReader(data)
	}
	return f.readAll(r)
}

// IsImageFilter reports whether n encodes pictures and is left to others.
func IsImageFilter(n Name) bool {
	switch n {
	case "DCTDecode", "DCT", "JPXDecode", "CCITTFaxDecode", "CCF", "JBIG2Decode":
		return true
	}
	return false
}

// readAll reads r to its end or to the limit.
func (f *File) readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, f.limits.StreamBytes+1))
	f.work += int64(len(data))
	if int64(len(data)) > f.limits.StreamBytes {
		return nil, fmt.Errorf("more than %d bytes: %w", f.limits.StreamBytes, ErrLimit)
	}
	return data, err
}

func (f *File) undo(step Filter, r io.Reader) ([]byte, error) {
	switch step.Name {
	case "FlateDecode", "Fl":
		data, err := f.inflate(r)
		if err != nil {
			return nil, err
		}
		return f.unpredict(step.Parms, data)
	case "LZWDecode", "LZW":
		early, ok := f.Int(step.Parms["EarlyChange"])
		data, err := f.unLZW(r, !ok || early != 0)
		if err != nil {
			return nil, err
		}
		return f.unpredict(step.Parms, data)
	case "ASCIIHexDecode", "AHx":
		return f.unHex(r)
	case "ASCII85Decode", "A85":
		return f.un85(r)
	case "RunLengthDecode", "RL":
		return f.unRunLength(r)
	case "Crypt":
		return nil, ErrEncrypted
	}
	return nil, fmt.Errorf("unknown filter: %w", ErrDamaged)
}

func (f *File) inflate(r io.Reader) ([]byte, error) {
	z, err := zlib.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, ErrDamaged)
	}
	data, err := f.readAll(z)
	switch {
	case err == nil || errors.Is(err, ErrLimit):
	case errors.Is(err, zlib.ErrChecksum), f.repaired && len(data) > 0: // other readers do not look at the checksum
		err = nil
	default:
		err = fmt.Errorf("%w: %w", err, ErrDamaged)
	}
	return data, err
}

func (f *File) unHex(r io.Reader) ([]byte, error) {
	raw, err := f.readAll(r)
	if err != nil {
		return nil, err
	}
	if i := bytes.IndexByte(raw, '>'); i >= 0 {
		raw = raw[:i]
	}
	s := newScanner(bytes.NewReader(append(raw, '>')), int64(len(raw)+1), &Limits{StringBytes: len(raw)})
	return s.hex()
}

func (f *File) un85(r io.Reader) ([]byte, error) {
	raw, err := f.readAll(r)
	if err != nil {
		return nil, err
	}
	if i := bytes.Index(raw, []byte("~>")); i >= 0 {
		raw = raw[:i]
	}
	raw = bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("<~"))
	data, err := f.readAll(ascii85.NewDecoder(bytes.NewReader(raw)))
	if err != nil && !errors.Is(err, ErrLimit) {
		err = fmt.Errorf("%w: %w", err, ErrDamaged)
	}
	return data, err
}

func (f *File) unRunLength(r io.Reader) ([]byte, error) {
	raw, err := f.readAll(r)
	if err != nil {
		return nil, err
	}
	var out []byte
	for len(raw) > 0 && raw[0] != 128 {
		n := int(raw[0])
		raw = raw[1:]
		switch {
		case n < 128 && len(raw) > n:
			out, raw = append(out, raw[:n+1]...), raw[n+1:]
		case n > 128 && len(raw) > 0:
			out, raw = append(out, bytes.Repeat(raw[:1], 257-n)...), raw[1:]
		default:
			return nil, fmt.Errorf("a run is cut off: %w", ErrDamaged)
		}
		if int64(len(out)) > f.limits.StreamBytes {
			return nil, fmt.Errorf("more than %d bytes: %w", f.limits.StreamBytes, ErrLimit)
		}
	}
	return out, nil
}
