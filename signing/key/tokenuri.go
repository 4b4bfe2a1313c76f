package key

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// A tokenURI is where a key lies, as RFC 7512 writes it:
// pkcs11:token=LABEL;object=LABEL?module-path=/usr/lib/…/module.so. Of the path
// token, serial, slot-id, object and id are understood; of the query module-path,
// pin-source (a file: URI) and our own x-chain, a PEM file with the certificate, where the
// token has none, and those of its issuers.
type tokenURI struct {
	module, token, serial, object, pinFile, chain string
	id                                            []byte
	slot                                          *int
}

func parseTokenURI(uri string) (tokenURI, error) {
	var u tokenURI
	path, query, _ := strings.Cut(strings.TrimPrefix(uri, tokenScheme), "?")
	for i, part := range []struct{ text, separator string }{{path, ";"}, {query, "&"}} {
		for attribute := range strings.SplitSeq(part.text, part.separator) {
			if attribute == "" {
				continue
			}
			name, escaped, _ := strings.Cut(attribute, "=")
			value, err := url.PathUnescape(escaped)
			if err == nil {
				err = u.set(name, value, i == 1)
			}
			if err != nil {
				return u, fmt.Errorf("attribute %.40s: %w", name, err)
			}
		}
	}
	selectors := 0
	for _, given := range []bool{u.token != "", u.serial != "", u.slot != nil} {
		if given {
			selectors++
		}
	}
	switch {
	case u.module == "":
		return u, errors.New("no module-path: which PKCS#11 library is to be loaded")
	case selectors != 1:
		return u, errors.New("exactly one of token, serial and slot-id says which token")
	case u.object == "" && len(u.id) == 0:
		return u, errors.New("neither object nor id says which key")
	}
	return u, nil
}

func (u *tokenURI) set(name, value string, inQuery bool) error {
	targets := map[string]*string{"token": &u.token, "serial": &u.serial, "object": &u.object}
	if inQuery {
		targets = map[string]*string{"module-path": &u.module, "x-chain": &u.chain, "pin-source": &u.pinFile}
	}
	switch target := targets[name]; {
	case target != nil:
		*target = strings.TrimPrefix(value, "file:")
	case name == "id" && !inQuery:
		u.id = []byte(value)
	case name == "slot-id" && !inQuery:
		slot, err := strconv.Atoi(value)
		u.slot = &slot
		return err
	case name == "type" && !inQuery && value == "private":
	default:
		return errors.New("not understood here")
	}
	return nil
}

// String names the token and the object, for errors and logs.
func (u tokenURI) String() string {
	slot := ""
	if u.slot != nil {
		slot = strconv.Itoa(*u.slot)
	}
	return fmt.Sprintf("%s, object %s", u.token+u.serial+slot, u.object+fmt.Sprintf("%x", u.id))
}
