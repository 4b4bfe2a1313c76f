package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sohoa/sohoa/record"
)

// A Route says who may call an operation.
type Route struct {
	ID, Method, Path string
	Scopes           []string // any of them; admin always
	Open             bool     // no key needed
}

var (
	clerks    = []string{record.ScopeClerk, record.ScopeApprover}
	approvers = []string{record.ScopeApprover}
	insiders  = []string{record.ScopeClerk, record.ScopeApprover}
	everybody = []string{record.ScopeClerk, record.ScopeApprover, record.ScopeReader}
	admins    = []string{record.ScopeAdmin}
)

// Routes is the one table of route × scope. A test calls every route with every
// scope and with none.
var Routes = []Route{
	{"create-dossier", "POST", prefix + "/dossiers", clerks, false},
	{"list-dossiers", "GET", prefix + "/dossiers", insiders, false},
	{"read-dossier", "GET", prefix + "/dossiers/{dossier}", insiders, false},
	{"decide-dossier", "POST", prefix + "/dossiers/{dossier}/decision", approvers, false},
	{"read-sealing", "GET", prefix + "/dossiers/{dossier}/sealing", insiders, false},
	{"seal-again", "POST", prefix + "/dossiers/{dossier}/sealing", approvers, false},
	{"upload", "POST", prefix + "/dossiers/{dossier}/documents", clerks, false},
	{"count-documents", "GET", prefix + "/counts", insiders, false},
	{"list-documents", "GET", prefix + "/documents", insiders, false},
	{"read-document", "GET", prefix + "/documents/{document}", everybody, false},
	{"read-receipt", "GET", prefix + "/documents/{document}/receipt", insiders, false},
	{"read-manifest", "GET", prefix + "/documents/{document}/manifest", everybody, false},
	{"read-history", "GET", prefix + "/documents/{document}/history", insiders, false},
	{"read-fields", "GET", prefix + "/documents/{document}/fields", everybody, false},
	{"correct-fields", "PUT", prefix + "/documents/{document}/fields", clerks, false},
	{"list-alike", "GET", prefix + "/documents/{document}/alike", insiders, false},
	{"reuse", "POST", prefix + "/documents/{document}/reuse", clerks, false},
	{"split", "POST", prefix + "/documents/{document}/split", clerks, false},
	{"read-metadata", "GET", prefix + "/documents/{document}/metadata", everybody, false},
	{"read-words", "GET", prefix + "/documents/{document}/words", everybody, false},
	{"read-preview", "GET", prefix + "/documents/{document}/pages/{page}/preview", everybody, false},
	{"decide", "POST", prefix + "/documents/{document}/decision", approvers, false},
	{"prepare-mark", "POST", prefix + "/documents/{document}/mark/prepare", clerks, false},
	{"complete-mark", "POST", prefix + "/documents/{document}/mark/complete", clerks, false},
	{"return-mark", "POST", prefix + "/documents/{document}/mark", clerks, false},
	{"reopen", "POST", prefix + "/documents/{document}/reopen", approvers, false},
	{"withdraw", "POST", prefix + "/documents/{document}/withdraw", approvers, false},
	{"redrive", "POST", prefix + "/documents/{document}/redrive", clerks, false},
	{"read-content", "GET", prefix + "/documents/{document}/content/{rendition}", everybody, false},
	{"follow-document", "GET", prefix + "/documents/{document}/events", insiders, false},
	{"follow-agency", "GET", prefix + "/events", insiders, false},
	{"search", "GET", prefix + "/search", everybody, false},
	{"verify-file", "POST", prefix + "/verify", nil, true},
	{"verify-document", "GET", prefix + "/verify/{document}", nil, true},
	{"read-agency", "GET", prefix + "/admin/agency", admins, false},
	{"change-agency", "PUT", prefix + "/admin/agency", admins, false},
	{"create-key", "POST", prefix + "/admin/keys", admins, false},
	{"list-keys", "GET", prefix + "/admin/keys", admins, false},
	{"revoke-key", "DELETE", prefix + "/admin/keys/{key}", admins, false},
	{"create-grant", "POST", prefix + "/admin/grants", admins, false},
	{"list-grants", "GET", prefix + "/admin/grants", admins, false},
	{"revoke-grant", "DELETE", prefix + "/admin/grants/{grant}", admins, false},
	{"who-am-i", "GET", prefix + "/whoami", everybody, false},
	{"live", "GET", "/livez", nil, true},
	{"ready", "GET", "/readyz", nil, true},
	{"version", "GET", "/version", nil, true},
}

// route returns the row of an operation. An operation without a row is a fault of
// the program, found when it starts.
func route(id string) Route {
	i := slices.IndexFunc(Routes, func(r Route) bool { return r.ID == id })
	if i < 0 {
		panic("api: operation " + id + " has no row in Routes")
	}
	return Routes[i]
}

// operation makes the description of an operation from its row.
func operation(id, summary string, change ...func(*huma.Operation)) huma.Operation {
	r := route(id)
	op := huma.Operation{OperationID: id, Method: r.Method, Path: r.Path, Summary: summary, MaxBodyBytes: maxBody,
		Errors: []int{http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusInternalServerError}}
	if !r.Open {
		op.Security = []map[string][]string{{"key": {}}}
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
		op.Description = "Scopes: " + scopeList(r.Scopes) + "."
	}
	for _, f := range change {
		f(&op)
	}
	return op
}

func scopeList(scopes []string) string {
	text := ""
	for _, s := range append(slices.Clone(scopes), record.ScopeAdmin) {
		if text != "" && s == record.ScopeAdmin && slices.Contains(scopes, s) {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += s
	}
	return text
}

// register adds an operation whose errors become problems.
func register[I, O any](api huma.API, op huma.Operation, handle func(ctx context.Context, in *I) (*O, error)) {
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, asProblem(ctx, err)
		}
		return out, nil
	})
}
