package api

import (
	"net"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// visitors bounds how often one address may ask for something open to everybody.
type visitors struct {
	every rate.Limit
	burst int

	mu   sync.Mutex
	seen map[string]*visitor
}

type visitor struct {
	limit *rate.Limiter
	last  time.Time
}

// forgetAfter is when an address is forgotten; by then its limit is full again.
const forgetAfter = 10 * time.Minute

func newVisitors(every rate.Limit, burst int) *visitors {
	return &visitors{every: every, burst: burst, seen: map[string]*visitor{}}
}

// admit reports whether the address may ask once more now.
func (v *visitors) admit(address string, now time.Time) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		host = ip.Mask(net.CIDRMask(64, 128)).String() // a household has a whole /64
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.seen) > 10000 {
		v.forget(now)
	}
	one, known := v.seen[host]
	if !known {
		one = &visitor{limit: rate.NewLimiter(v.every, v.burst)}
		v.seen[host] = one
	}
	one.last = now
	return one.limit.AllowN(now, 1)
}

func (v *visitors) forget(now time.Time) {
	for host, one := range v.seen {
		if now.Sub(one.last) > forgetAfter {
			delete(v.seen, host)
		}
	}
}
