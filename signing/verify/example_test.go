package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"

	"github.com/sohoa/sohoa/signing/trust"
	"github.com/sohoa/sohoa/signing/verify"
)

// Verify judges in this process. Without an anchor nothing can pass, but integrity
// and what was changed after signing are decided all the same.
func ExampleVerify() {
	signer := newWorld()
	file := newPaper().sign(signing{cms: by(signer.clerk, signer.chain)}).b

	v, err := verify.Verify(context.Background(), bytes.NewReader(file), int64(len(file)), verify.Policy{At: later})
	if err != nil {
		log.Fatal(err) // we could not look: no verdict
	}
	fmt.Println(v.Outcome)
	for _, s := range v.Signatures {
		fmt.Println(s.Signer, s.Integrity, s.ChangesAfter, s.SubIndication)
	}
	// Output:
	// indeterminate
	// Nguyễn Thị Thử intact none NO_CERTIFICATE_CHAIN_FOUND
}

// File judges in a child process with limits: the first line of main has to be
// [verify.HandOver].
func ExampleFile() {
	check := func(ctx context.Context, file, anchors string) error {
		roots, err := trust.LoadPEM(anchors)
		if err != nil {
			return err
		}
		v, err := verify.File(ctx, file, verify.Policy{Roots: roots, Online: &verify.Fetcher{}})
		if err != nil {
			return err
		}
		fmt.Println(v.Outcome, v.Reason)
		return nil
	}
	fmt.Println(check(context.Background(), os.DevNull, "no-such-file.pem") != nil)
	// Output:
	// true
}
