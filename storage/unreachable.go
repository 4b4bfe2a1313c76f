package storage

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/minio/minio-go/v7"
)

// Unreachable says whether err means that the S3 server does not answer for now, or
// says so itself. A folder is always there.
func Unreachable(err error) bool {
	var answer minio.ErrorResponse
	if errors.As(err, &answer) {
		return answer.StatusCode >= http.StatusBadGateway && answer.StatusCode <= http.StatusGatewayTimeout
	}
	var request *url.Error
	return errors.As(err, &request)
}
