package signing

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/sohoa/sohoa/internal/pdf"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/cms"
	"github.com/sohoa/sohoa/signing/timestamp"
)

// addTimestamp puts a token over the signature value of s into its unsigned
// attributes (EN 319 122-1, 5.3), in place. On error it returns in.
func addTimestamp(ctx context.Context, in Source, s signature, tsa *timestamp.Client) (Source, error) {
	if s.covered != in.Size() {
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
func replaceValue(in Source, s signature, der []byte) (Source, error) {
	room := int(s.end - s.start - 2)
	if hex.EncodedLen(len(der)) > room {
		return nil, fmt.Errorf("a signature value of %d bytes, there is room for %d", len(der), room/2)
	}
	value := bytes.Repeat([]byte("0"), room)
	hex.Encode(value, der)
	return pdf.Replace(in, s.start+1, value), nil
}

// checkStamped looks whether out differs from in within the value of s alone, and
// the seal and its time-stamp hold.
func checkStamped(in, out Source, s signature, imprint []byte) error {
	blank := bytes.Repeat([]byte("0"), int(s.end-s.start-2))
	if err := continues(pdf.Replace(in, s.start+1, blank), pdf.Replace(out, s.start+1, blank)); err != nil || in.Size() != out.Size() {
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
	sd, _, err := all[len(all)-1].check(out)
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
