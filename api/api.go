// Package api is the door for other programs and for the screens: routes under
// /api/v1, errors as problem+json with one stable type per reason code, an OpenAPI
// description that is made from the code.
//
// The process that serves it can approve a document and can never seal one: it
// imports neither the key nor the pipeline, and hostile files are read in a
// limited child. Who may call which route stands in one table, [Routes].
package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/time/rate"

	"github.com/sohoa/sohoa/catalogue"
	"github.com/sohoa/sohoa/record"
	"github.com/sohoa/sohoa/signing/verify"
	"github.com/sohoa/sohoa/storage"
)

// A Server answers requests. All fields must be set before [Server.Handler].
type Server struct {
	Catalogue   *catalogue.Catalogue
	Store       *storage.Store
	Spool       *storage.Spool
	Manifests   func(ctx context.Context, subject string) error // writes the manifests that are due
	Policy      verify.Policy                                   // for uploaded files and sealed documents
	UploadBytes int64                                           // of one file
	VerifyBytes int64                                           // of one file at the public verification
	Patience    time.Duration                                   // without a byte of a client, after which it is given up; 0: a minute
	Development bool                                            // the service trusts a development PKI: said with every verdict
	Version     string
	Ready       func(ctx context.Context) error // nil error: all parts answer
	Closing     <-chan struct{}                 // closed when the process is about to end: streams end too

	whole     sync.Map      // digests of objects that were read and checked whole since start
	told      sync.Map      // digests of objects whose damage was made an event since start
	verifying chan struct{} // bounds public verifications at a time
	visitors  *visitors
}

const (
	prefix          = "/api/v1"
	maxBody         = 1 << 20 // bytes of a JSON body
	verifyAtATime   = 2
	verifyPerMinute = 20
)

// Handler returns the handler for all routes of the API.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	s.mount(mux)
	return mux
}

// mount registers every operation and returns the API for its description.
func (s *Server) mount(mux *http.ServeMux) huma.API {
	s.verifying = make(chan struct{}, verifyAtATime)
	s.visitors = newVisitors(rate.Every(time.Minute/verifyPerMinute), verifyPerMinute)
	api := humago.New(mux, s.description())
	api.UseMiddleware(counted, s.authenticate(api))
	s.addDossiers(api)
	s.addUpload(api)
	s.addDocuments(api)
	s.addReview(api)
	s.addMark(api)
	s.addBatch(api)
	s.addAlike(api)
	s.addSplit(api)
	s.addMetadata(api)
	s.addContent(api)
	s.addEvents(api)
	s.addSearch(api)
	s.addVerify(api)
	s.addAdmin(api)
	s.addHealth(api)
	mux.HandleFunc(prefix+"/", func(w http.ResponseWriter, r *http.Request) {
		err := error(record.ErrNotFound)
		if allowed := MethodsAt(mux, prefix+"/", r); len(allowed) > 0 {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			err = errMethod
		}
		writeProblem(w, problemOf(err, languageOf(r)))
	})
	return api
}

// MethodsAt are the methods that a route of mux takes at the address of r, none if
// there is no route but the one for all others (RFC 9110, 15.5.6).
func MethodsAt(mux *http.ServeMux, others string, r *http.Request) (allowed []string) {
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete} {
		if _, pattern := mux.Handler(&http.Request{Method: method, URL: r.URL, Host: r.Host}); pattern != others {
			allowed = append(allowed, method)
		}
	}
	return allowed
}

// description is the part of the OpenAPI document that no route says.
func (s *Server) description() huma.Config {
	c := huma.DefaultConfig("Sohoa", "1")
	c.Info.Description = "Scans in, authenticated electronic records out. Errors are problem+json (RFC 9457); their type is urn:sohoa:reason:CODE."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = prefix+"/openapi", "", ""
	c.CreateHooks = nil // no $schema links in answers
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"key": {Type: "http", Scheme: "bearer", Description: "An API key, sohoa_…"},
	}
	return c
}

// Description returns the OpenAPI document in YAML.
func Description() ([]byte, error) {
	s := &Server{}
	return s.mount(http.NewServeMux()).OpenAPI().YAML()
}
