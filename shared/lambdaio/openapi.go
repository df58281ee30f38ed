package lambdaio

import _ "embed"

// openAPI is the API's own description, served at /api/openapi.json.
//
//go:embed openapi.json
var openAPI []byte
