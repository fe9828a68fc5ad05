/**
 * The JSON Schema of what kubectl and other clients of Kubernetes read from a credential plugin.
 * The OpenAPI document of a cluster does not have it, because it is an API of clients; this follows
 * the Go types ExecCredential and ExecCredentialStatus, with what client-go demands besides: `kind`
 * and `apiVersion` as asked for, and a token or a certificate with its key. Source:
 * https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ and .v1beta1
 */
export const execCredentialSchema = (version: "v1" | "v1beta1") => ({
  type: "object",
  required: ["apiVersion", "kind", "status"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: `client.authentication.k8s.io/${version}` },
    kind: { const: "ExecCredential" },
    spec: { type: "object", properties: { interactive: { type: "boolean" }, cluster: { type: "object" } } },
    status: {
      type: "object",
      additionalProperties: false,
      properties: {
        expirationTimestamp: { type: "string", format: "date-time" },
        token: { type: "string", minLength: 1 },
        clientCertificateData: { type: "string" },
        clientKeyData: { type: "string" },
      },
      anyOf: [{ required: ["token"] }, { required: ["clientCertificateData", "clientKeyData"] }],
    },
  },
});
