package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/language"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/internal/observe"
	"github.com/sohoa/sohoa/internal/say"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/storage"
)

var (
	errUnauthenticated = errors.New("no valid key")
	errForbidden       = errors.New("the key does not hold the scope")
	errTooManyRequests = errors.New("too many requests")
	errRange           = errors.New("range outside the object")
	errMethod          = errors.New("method not served at this address")
)

// A Problem is an error as other programs see it (RFC 9457). Type is stable: one
// for each reason code.
type Problem struct {
	Type   string              `json:"type" example:"urn:sohoa:reason:wrong-state"`
	Title  string              `json:"title"`
	Status int                 `json:"status"`
	Detail string              `json:"detail,omitempty"`
	Reason record.Reason       `json:"reason"`
	Errors []*huma.ErrorDetail `json:"errors,omitempty"`
}

func (p *Problem) Error() string               { return p.Title }
func (p *Problem) GetStatus() int              { return p.Status }
func (p *Problem) ContentType(_ string) string { return "application/problem+json" }

// GetHeaders asks the client to come again when it is worth it (RFC 9110, 10.2.3).
func (p *Problem) GetHeaders() http.Header {
	if p.Reason != record.NotReachable {
		return nil
	}
	return http.Header{"Retry-After": {"5"}}
}

// statusOf is the one table of error kind → HTTP status.
func statusOf(err error) (int, record.Reason) {
	reason := record.ReasonOf(err)
	if reason == record.Internal && (catalogue.Unreachable(err) || storage.Unreachable(err)) {
		reason = record.NotReachable
	}
	switch {
	case errors.Is(err, errUnauthenticated):
		return http.StatusUnauthorized, record.Unauthenticated
	case errors.Is(err, errForbidden):
		return http.StatusForbidden, record.Forbidden
	case errors.Is(err, errTooManyRequests):
		return http.StatusTooManyRequests, record.TooManyRequests
	case errors.Is(err, errRange):
		return http.StatusRequestedRangeNotSatisfiable, record.RangeOutside
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed, record.WrongMethod
	case reason == record.TooManyBytes:
		return http.StatusRequestEntityTooLarge, reason
	case reason == record.NotReachable:
		return http.StatusServiceUnavailable, reason
	case reason == record.SpoolFull, reason == record.DiskFull:
		return http.StatusInsufficientStorage, reason
	case reason == record.UploadCut:
		return http.StatusBadRequest, reason
	case reason == record.UnknownType, reason == record.FormatNotRead:
		return http.StatusUnsupportedMediaType, reason
	case errors.Is(err, record.ErrNotFound):
		return http.StatusNotFound, coded(reason, record.NotFound)
	case errors.Is(err, record.ErrConflict):
		return http.StatusConflict, coded(reason, record.Conflict)
	case errors.Is(err, record.ErrInvalid), errors.Is(err, record.ErrMalformed):
		return http.StatusUnprocessableEntity, coded(reason, record.Invalid)
	case reason == record.StoredDamaged:
		return http.StatusInternalServerError, reason
	}
	return http.StatusInternalServerError, record.Internal
}

func coded(reason, otherwise record.Reason) record.Reason {
	if reason == record.Internal {
		return otherwise
	}
	return reason
}

// problemOf says in the reader's language what an error means. The detail of our
// own faults stays in the log.
func problemOf(err error, lang string) *Problem {
	status, reason := statusOf(err)
	p := &Problem{Type: "urn:sohoa:reason:" + string(reason), Title: say.Reason(lang, string(reason)), Status: status, Reason: reason}
	if status < http.StatusInternalServerError {
		p.Detail = err.Error()
	}
	return p
}

// asProblem turns an error into a problem and logs it if it is ours.
func asProblem(ctx context.Context, err error) error {
	var status huma.StatusError
	if errors.As(err, &status) {
		return err
	}
	return faced(ctx, err)
}

// faced is the problem that an error is, counted, and logged if it is ours.
func faced(ctx context.Context, err error) *Problem {
	lang, _ := ctx.Value(languageKey).(string)
	p := problemOf(err, lang)
	observe.Refused(string(p.Reason))
	if p.Status >= http.StatusInternalServerError {
		slog.ErrorContext(ctx, "request failed", "status", p.Status, "reason", string(p.Reason), "error", err)
	}
	return p
}

// refuse ends a request with a problem before its operation is called.
func refuse(api huma.API, ctx huma.Context, err error) {
	p := faced(ctx.Context(), err)
	if p.Status == http.StatusUnauthorized {
		ctx.SetHeader("WWW-Authenticate", "Bearer")
	}
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	_ = api.Marshal(ctx.BodyWriter(), "application/json", p) // the client may be gone
}

func writeProblem(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may be gone
}

func init() {
	// huma's own errors (a body that does not fit its schema) get the same shape.
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return unfit("en", status, message, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		return unfit(languageFrom(ctx.Header("Accept-Language"), ctx.Query("lang")), status, message, errs)
	}
}

// unfit is the problem of a request that does not fit its description.
func unfit(lang string, status int, message string, errs []error) *Problem {
	reason := record.Invalid
	switch status {
	case http.StatusRequestEntityTooLarge:
		reason = record.TooManyBytes
	case http.StatusUnsupportedMediaType:
		reason = record.UnknownType
	case http.StatusRequestTimeout:
		reason = record.UploadCut
	case http.StatusInternalServerError, http.StatusServiceUnavailable:
		reason = record.Internal
	}
	p := &Problem{Type: "urn:sohoa:reason:" + string(reason), Title: say.Reason(lang, string(reason)), Status: status, Detail: message, Reason: reason}
	for _, err := range errs {
		var detail *huma.ErrorDetail
		if errors.As(err, &detail) {
			p.Errors = append(p.Errors, detail)
		}
	}
	return p
}

// wrongState says that a document does not stand where something could be done.
func wrongState(d record.Document, doing string) error {
	return &record.Error{Reason: record.WrongState, Kind: record.ErrConflict, Detail: fmt.Sprintf("%s document %s: it is %s", doing, d.ID, d.Status)}
}

func isNotFound(err error) bool { return errors.Is(err, record.ErrNotFound) }

func notFound(what, id string) error { return fmt.Errorf("%s %.40s: %w", what, id, record.ErrNotFound) }

func contains(all []string, s string) bool { return slices.Contains(all, s) }

var languages = language.NewMatcher([]language.Tag{language.Vietnamese, language.English, language.French})

// languageFrom chooses vi, en or fr: asked for in the address, else by the browser.
func languageFrom(accept, asked string) string {
	if slices.Contains(say.Languages, asked) {
		return asked
	}
	_, i := language.MatchStrings(languages, accept)
	return say.Languages[i]
}

func languageOf(r *http.Request) string {
	return languageFrom(r.Header.Get("Accept-Language"), r.URL.Query().Get("lang"))
}
