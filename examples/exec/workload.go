// Workload signs an application in at Microsoft Entra ID with the token of its Kubernetes service account.
//
// It reads the request from standard input. AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_FEDERATED_TOKEN_FILE have to be
// among `passVariables`; AZURE_AUTHORITY_HOST may be.
//
//	go build workload.go
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const version = 1

type request struct {
	Version  int      `json:"version"`
	Scopes   []string `json:"scopes"`
	TenantID string   `json:"tenantId"`
}

// failure is why there is no token, as the contract has it.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
}

func (f *failure) Error() string { return f.Message }

type answer struct {
	Version   int      `json:"version"`
	Token     string   `json:"token,omitempty"`
	TokenType string   `json:"tokenType,omitempty"`
	ExpiresOn int64    `json:"expiresOn,omitempty"`
	Error     *failure `json:"error,omitempty"`
}

// variable returns a variable that has to be set.
func variable(name string) (string, *failure) {
	if value := os.Getenv(name); value != "" {
		return value, nil
	}
	return "", &failure{"not-configured", name + " is not set.", "Set it, and add it to passVariables."}
}

// form returns the body of the request to Entra.
func form(scopes []string) (url.Values, *failure) {
	client, missing := variable("AZURE_CLIENT_ID")
	if missing != nil {
		return nil, missing
	}
	file, missing := variable("AZURE_FEDERATED_TOKEN_FILE")
	if missing != nil {
		return nil, missing
	}
	assertion, err := os.ReadFile(file)
	if err != nil {
		return nil, &failure{"not-configured", "The token of the service account cannot be read.", "Run this in a pod."}
	}
	return url.Values{
		"grant_type":            {"client_credentials"},
		"client_id":             {client},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {strings.TrimSpace(string(assertion))},
		"scope":                 {strings.Join(scopes, " ")},
	}, nil
}

// post sends the form to Entra.
func post(tenant string, body url.Values) (answer, *failure) {
	host := os.Getenv("AZURE_AUTHORITY_HOST")
	if host == "" {
		host = "https://login.microsoftonline.com"
	}
	askedAt := time.Now().Unix()
	client := http.Client{Timeout: 20 * time.Second}
	response, err := client.PostForm(strings.TrimRight(host, "/")+"/"+url.PathEscape(tenant)+"/oauth2/v2.0/token", body)
	if err != nil {
		return answer{}, &failure{"unreachable", "No answer from " + host + ".", "Check the network."}
	}
	defer response.Body.Close()
	var said struct {
		Token       string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		return answer{}, &failure{"failed", fmt.Sprintf("HTTP %d without JSON.", response.StatusCode), ""}
	}
	if response.StatusCode != http.StatusOK {
		line := strings.SplitN(said.Description, "\r\n", 2)[0]
		return answer{}, &failure{"rejected", line, "Check the federated credential of the application."}
	}
	return answer{Token: said.Token, TokenType: "Bearer", ExpiresOn: askedAt + said.ExpiresIn}, nil
}

// acquire returns a token for the request on standard input.
func acquire() (answer, *failure) {
	var asked request
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil || len(asked.Scopes) == 0 {
		return answer{}, &failure{"invalid-request", "Standard input is not a request.", ""}
	}
	if asked.Version != version {
		return answer{}, &failure{"unsupported-version", "This program speaks version 1.", "Update this program."}
	}
	tenant := asked.TenantID
	if tenant == "" {
		own, missing := variable("AZURE_TENANT_ID")
		if missing != nil {
			return answer{}, missing
		}
		tenant = own
	}
	body, missing := form(asked.Scopes)
	if missing != nil {
		return answer{}, missing
	}
	return post(tenant, body)
}

func main() {
	given, failed := acquire()
	given.Version, given.Error = version, failed
	if err := json.NewEncoder(os.Stdout).Encode(given); err != nil || failed != nil {
		os.Exit(1)
	}
}
