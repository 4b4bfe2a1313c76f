// Package web has the screens: sign in, upload, list, review, verification.
package web

import (
	"net/http"

	"github.com/sohoa/sohoa/api"
)

// Handler serves the screens and, below /api/v1, the API.
func Handler(s *api.Server) http.Handler { return s.Handler() }
