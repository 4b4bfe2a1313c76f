package app

import (
	"errors"
	"testing"
	"time"

	"github.com/sohoa/sohoa/record"
)

func TestS3ReadsTheAddress(t *testing.T) {
	for address, want := range map[string]struct {
		secure bool
		retain time.Duration
		err    error
	}{
		"s3://key@store:9000/sohoa":                   {},
		"s3s://key@store/sohoa?retain-days=3650":      {secure: true, retain: 3650 * 24 * time.Hour},
		"s3://key@store:9000/sohoa?retain-days=0":     {err: record.ErrInvalid},
		"s3://key@store:9000/sohoa?retain-days=a":     {err: record.ErrInvalid},
		"s3://key@store:9000/sohoa?retain-days=99999": {err: record.ErrInvalid},
		"s3://key@store:9000/":                        {err: record.ErrInvalid},
		"http://store:9000/sohoa":                     {err: record.ErrInvalid},
	} {
		c, err := S3(Config{Store: address})
		if !errors.Is(err, want.err) || c.Secure != want.secure || c.Retain != want.retain {
			t.Errorf("S3(%s) = %+v, %v; want %+v", address, c, err, want)
		}
	}
}
