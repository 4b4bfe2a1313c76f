package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"time"

	"github.com/sohoa/sohoa/record"
)

// A Pass is one size of upload and fetch, one after the other by one client.
type Pass struct {
	Bytes           int64 // of one upload
	N               int
	Put, Upload     time.Duration // bare store, through the API; all N
	Get, Fetch      time.Duration
	UploadCPU, Cost time.Duration // processor time of all uploads, of all puts
}

// passes measures small, usual and large uploads.
func (s *service) passes(ctx context.Context) ([]Pass, error) {
	dossier, err := s.dossier(ctx)
	if err != nil {
		return nil, err
	}
	all := []Pass{{Bytes: 4 << 10, N: 200}, {Bytes: 400 << 10, N: 100}, {Bytes: 10 << 20, N: 10}}
	for i := range all {
		if err := s.pass(ctx, &all[i], dossier.ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// picture is n bytes that nobody has stored yet and that begin like a PNG.
func picture(n int64) []byte {
	b := make([]byte, n)
	rand.Read(b)
	copy(b, "\x89PNG\r\n\x1a\n")
	return b
}

func (s *service) pass(ctx context.Context, p *Pass, dossier string) error {
	var digests []record.Digest
	var ids []string
	bodies := make([][]byte, p.N)
	for i := range bodies {
		bodies[i] = picture(p.Bytes)
		digests = append(digests, record.DigestOf(bodies[i]))
	}
	steps := []struct {
		wall, cpu *time.Duration
		do        func(i int) error
	}{
		{&p.Put, &p.Cost, func(i int) error {
			_, err := s.app.Store.Put(ctx, bytes.NewReader(bodies[i]), p.Bytes, digests[i], "image/png")
			return err
		}},
		{&p.Get, nil, func(i int) error { return s.app.Store.Get(ctx, digests[i], "", io.Discard) }},
		{&p.Upload, &p.UploadCPU, func(i int) error {
			id, err := s.upload(ctx, dossier, "don.png", bodies[i])
			ids = append(ids, id)
			return err
		}},
		{&p.Fetch, nil, func(i int) error { return s.fetch(ctx, ids[i]) }},
	}
	for n, step := range steps {
		if n == 2 { // bytes of its own: the store holds the first ones already
			for i := range bodies {
				bodies[i] = picture(p.Bytes)
			}
		}
		wall, cpu, err := spent(p.N, step.do)
		if err != nil {
			return err
		}
		*step.wall = wall
		if step.cpu != nil {
			*step.cpu = cpu
		}
	}
	return s.withdraw(ctx, ids)
}

// withdraw takes documents that are no scans out of the workers' way.
func (s *service) withdraw(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if _, err := s.app.Catalogue.Advance(ctx, id, record.Received, record.Withdrawn, record.Change{Actor: "bench"}); err != nil {
			return err
		}
	}
	return nil
}

// spent calls f n times and returns the time and the processor time that it took.
func spent(n int, f func(i int) error) (wall, used time.Duration, err error) {
	before, err := cpu()
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	for i := range n {
		if err := f(i); err != nil {
			return 0, 0, err
		}
	}
	wall = time.Since(start)
	after, err := cpu()
	return wall, after - before, err
}
