package key

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sohoa/sohoa/record"
)

const maxAnswerBytes = 1 << 20

// A service is a remote signing service with our account there.
type service struct {
	base, loginFile, tokenFile string

	mu    sync.Mutex
	token string
	ends  time.Time // of the token; zero: not known
}

// remoteClient follows no redirects: a PIN goes to the address that was given.
var remoteClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// A refusal is an error answer of the service.
type refusal struct {
	Status      int    `json:"-"`
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (r *refusal) Error() string {
	return fmt.Sprintf("the service answered %d, %.60q, %.200q", r.Status, r.Code, r.Description)
}

// onlyCredential returns the one credential of the account.
func (s *service) onlyCredential(ctx context.Context) (string, error) {
	var list struct {
		CredentialIDs []string `json:"credentialIDs"`
		NextPageToken string   `json:"nextPageToken"`
	}
	if err := s.call(ctx, "credentials/list", map[string]any{"maxResults": 10}, &list); err != nil {
		return "", err
	}
	if len(list.CredentialIDs) != 1 || list.NextPageToken != "" {
		return "", record.Refuse(record.KeyUnreadable, nil, "choose a remote key: the account has %.10q; say credential=ID", list.CredentialIDs)
	}
	return list.CredentialIDs[0], nil
}

// call asks one method, with our access token. The error has its reason.
func (s *service) call(ctx context.Context, method string, request, answer any) error {
	token, err := s.access(ctx)
	if err == nil {
		err = s.post(ctx, method, "Bearer "+token, request, answer)
	}
	if r, ok := errors.AsType[*refusal](err); ok && r.Status == http.StatusUnauthorized {
		s.forget(token)
	}
	return remoteError(err, method)
}

// access returns an access token: that in the file, or one for which it logs in.
func (s *service) access(ctx context.Context) (string, error) {
	if s.tokenFile != "" {
		token, err := readPassword(s.tokenFile)
		if err != nil {
			return "", record.Refuse(record.KeyPassword, err, "read the access token of the signing service")
		}
		return token, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token != "" && (s.ends.IsZero() || time.Now().Before(s.ends)) {
		return s.token, nil
	}
	login, err := readPassword(s.loginFile)
	if err != nil {
		return "", record.Refuse(record.KeyPassword, err, "read the login of the signing service")
	}
	user, password, _ := strings.Cut(login, ":")
	r, err := http.NewRequest(http.MethodPost, s.base, nil)
	if err != nil {
		return "", err
	}
	r.SetBasicAuth(user, password)
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
	}
	if err := s.post(ctx, "auth/login", r.Header.Get("Authorization"), map[string]any{"rememberMe": false}, &answer); err != nil {
		return "", err
	}
	s.token, s.ends = answer.AccessToken, time.Time{}
	if answer.ExpiresIn > 0 {
		s.ends = time.Now().Add(time.Duration(answer.ExpiresIn) * time.Second * 9 / 10)
	}
	return s.token, nil
}

// forget drops a token that the service does not take any more; the next call
// logs in again.
func (s *service) forget(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == token {
		s.token = ""
	}
}

func (s *service) post(ctx context.Context, method, authorization string, request, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, remoteTime)
	defer cancel()
	b, err := json.Marshal(request)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/"+method, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", authorization)
	resp, err := remoteClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	switch {
	case err != nil:
		return err
	case len(body) > maxAnswerBytes:
		return fmt.Errorf("an answer of more than %d bytes", maxAnswerBytes)
	case resp.StatusCode != http.StatusOK:
		refused := &refusal{Status: resp.StatusCode}
		_ = json.Unmarshal(body, refused) // the status alone says enough
		return refused
	}
	return json.Unmarshal(body, answer)
}

// remoteError gives an error of the service its reason. A PIN or a login that was
// refused must not be tried again by itself; what is no answer may pass.
func remoteError(err error, method string) error {
	if err == nil {
		return nil
	}
	if record.ReasonOf(err) != record.Internal {
		return err
	}
	r, ok := errors.AsType[*refusal](err)
	switch {
	case !ok || r.Status >= http.StatusInternalServerError || r.Status == http.StatusTooManyRequests:
		return record.Fail(record.KeyUnreadable, err, "ask the signing service, %s", method)
	case strings.Contains(r.Code, "locked"):
		return record.Refuse(record.KeyLocked, err, "ask the signing service, %s", method)
	case r.Code == "invalid_pin", r.Code == "authentication_error":
		return record.Refuse(record.KeyPassword, err, "ask the signing service, %s", method)
	case r.Status == http.StatusUnauthorized:
		return record.Fail(record.KeyPassword, err, "ask the signing service, %s", method)
	}
	return record.Refuse(record.KeyUnreadable, err, "ask the signing service, %s", method)
}
