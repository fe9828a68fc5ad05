/** What Entra answers: its AADSTS number, the OAuth error, the HTTP status, and the text, where `{name}` is filled in. */
export const stsErrors = {
  28000: ["invalid_scope", 400, "The scope is not valid because it contains more than one resource: {scope}."],
  50049: ["invalid_instance", 400, "Unknown or invalid instance."],
  50059: ["invalid_request", 400, "No tenant-identifying information found in the request or in its credentials."],
  50076: ["interaction_required", 400, "You must use multi-factor authentication to access the resource."],
  50117: ["invalid_request", 400, "Failed to deserialize the policy specified in the request's claims parameter."],
  50173: ["invalid_grant", 400, "The provided grant has expired due to it being revoked."],
  50196: ["invalid_grant", 400, "The operation was terminated because it encountered a client request loop."],
  53003: ["invalid_grant", 400, "Access has been blocked by Conditional Access policies."],
  65001: ["invalid_grant", 400, "The user or administrator has not consented to use the application."],
  70003: ["unsupported_grant_type", 400, "The app requested an unsupported grant type '{grantType}'."],
  70011: ["invalid_scope", 400, "The provided value for the input parameter 'scope' is not valid: {scope}."],
  90002: ["invalid_tenant", 400, "Tenant '{tenant}' not found. Check the tenant ID and the cloud."],
  90033: ["temporarily_unavailable", 503, "A transient error has occurred. Please try again."],
  90055: ["temporarily_unavailable", 429, "The request was terminated due to an excessive request rate."],
  500011: ["invalid_resource", 400, "The resource principal named {resource} was not found in the tenant {tenant}."],
  700016: ["unauthorized_client", 400, "Application '{clientId}' was not found in the directory '{tenant}'."],
  900144: ["invalid_request", 400, "The request body must contain the following parameter: '{parameter}'."],
  900561: ["invalid_request", 400, "The endpoint only accepts {accepted} requests. Received a {received} request."],
  1002012: ["invalid_scope", 400, "Client credential flows must have a scope that ends with /.default: {scope}."],
  7000215: ["invalid_client", 401, "Invalid client secret provided for app '{clientId}'."],
  7000218: ["invalid_client", 401, "The request body must contain 'client_assertion' or 'client_secret'."],
  7000222: ["invalid_client", 401, "The provided client secret keys for app '{clientId}' are expired."],
  9000411: ["invalid_request", 400, "The request is malformed. The parameter '{parameter}' is duplicated."],
} as const satisfies Record<number, readonly [error: string, status: number, text: string]>;

/** The AADSTS numbers that the emulator knows. */
export type StsErrorCode = keyof typeof stsErrors;
