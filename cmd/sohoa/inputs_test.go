package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"net"
	"testing"
	"time"

	"github.com/sohoa/sohoa/internal/devpki"
)

// noPages is a sound PDF whose page tree is empty.
var noPages = func() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	first := b.Len()
	b.WriteString("1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
	second := b.Len()
	b.WriteString("2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n")
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", first, second, xref)
	return b.Bytes()
}()

// hugePNG states 30,000 × 30,000 pixels and holds none.
func hugePNG() []byte {
	b := bytes.NewBufferString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		binary.Write(b, binary.BigEndian, uint32(len(data)))
		body := append([]byte(kind), data...)
		b.Write(body)
		binary.Write(b, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 30000), 30000)
	chunk("IHDR", append(head, 8, 2, 0, 0, 0))
	chunk("IDAT", []byte{0x78, 0x9c, 0x03, 0, 0, 0, 0, 1})
	chunk("IEND", nil)
	return b.Bytes()
}

// longTIFF has n pages of 8 × 8 white pixels that share their data.
func longTIFF(n int) []byte {
	b := []byte("II*\x00\x10\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff") // header, then eight bytes of pixels
	entries := [][3]uint32{{256, 4, 8}, {257, 4, 8}, {258, 3, 1}, {259, 3, 1}, {262, 3, 1}, {273, 4, 8}, {277, 3, 1}, {278, 4, 8}, {279, 4, 8}}
	for i := range n {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(entries)))
		for _, e := range entries {
			b = binary.LittleEndian.AppendUint16(b, uint16(e[0]))
			b = binary.LittleEndian.AppendUint16(b, uint16(e[1]))
			b = binary.LittleEndian.AppendUint32(b, 1)
			b = binary.LittleEndian.AppendUint32(b, e[2])
		}
		next := uint32(len(b) + 4)
		if i == n-1 {
			next = 0
		}
		b = binary.LittleEndian.AppendUint32(b, next)
	}
	return b
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// serve answers as the development PKI in dir until the test ends.
func serve(t *testing.T, dir string) {
	t.Helper()
	l, err := devpki.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	go devpki.Serve(ctx, dir, l)
	for range 50 {
		if c, err := net.DialTimeout("tcp", l.Addr().String(), time.Second); err == nil {
			c.Close()
			return
		}
	}
	t.Fatal("the development PKI does not answer")
}
