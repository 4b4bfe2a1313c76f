package signing

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// addTimestamp puts a token over the signature value of s into its unsigned
// attributes (EN 319 122-1, 5.3), in place. On error it returns in.
func addTimestamp(ctx context.Context, in []byte, s signature, tsa *timestamp.Client) ([]byte, error) {
	if s.covered != int64(len(in)) {
		return in, record.Refuse(record.LevelUnavailable, nil, "time-stamp the seal: revisions follow it")
	}
	if tsa == nil {
		return in, record.Refuse(record.TSAUnreachable, nil, "time-stamp the seal: no authority is configured")
	}
	sd, err := cms.Parse(s.der)
	if err != nil {
		return in, err
	}
	imprint := digestAlgorithm.New()
	imprint.Write(sd.Signers[0].Signature)
	token, err := tsa.Token(ctx, imprint.Sum(nil), digestAlgorithm)
	if err != nil {
		return in, err
	}
	der, err := cms.AddUnsigned(sd.Raw, cms.Timestamp, token)
	if err != nil {
		return in, fmt.Errorf("put the time-stamp into the seal: %w", err)
	}
	out, err := replaceValue(in, s, der)
	if err != nil {
		return in, record.Refuse(record.TSARefused, err, "put the time-stamp into the seal")
	}
	if err := checkStamped(in, out, s, imprint.Sum(nil)); err != nil {
		return in, record.Refuse(record.SealUnsound, err, "check the time-stamped seal")
	}
	return out, nil
}

// replaceValue returns in with another signature value in the place of that of s.
func replaceValue(in []byte, s signature, der []byte) ([]byte, error) {
	room := int(s.end - s.start - 2)
	if hex.EncodedLen(len(der)) > room {
		return nil, fmt.Errorf("a signature value of %d bytes, there is room for %d", len(der), room/2)
	}
	out := slices.Clone(in)
	value := out[s.start+1 : s.end-1]
	n := hex.Encode(value, der)
	copy(value[n:], bytes.Repeat([]byte("0"), room-n))
	return out, nil
}

// checkStamped looks whether out differs from in within the value of s alone, and
// the seal and its time-stamp hold.
func checkStamped(in, out []byte, s signature, imprint []byte) error {
	if len(in) != len(out) || !bytes.Equal(in[:s.start+1], out[:s.start+1]) || !bytes.Equal(in[s.end-1:], out[s.end-1:]) {
		return errors.New("bytes outside the signature value have changed")
	}
	f, err := open(out)
	if err != nil {
		return err
	}
	all, err := signatures(f)
	if err != nil {
		return err
	}
	sd, err := all[len(all)-1].check(out)
	if err != nil {
		return err
	}
	tokens := sd.Signers[0].TimestampTokens()
	if len(tokens) != 1 {
		return fmt.Errorf("%d time-stamps in the seal", len(tokens))
	}
	_, err = timestamp.Check(tokens[0], digestAlgorithm, imprint)
	return err
}
