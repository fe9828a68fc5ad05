import type { Grant } from "../token-request.ts";
import { authorizationCode } from "./authorization-code.ts";
import { clientCredentials } from "./client-credentials.ts";
import { deviceCode } from "./device-code.ts";
import { onBehalfOf } from "./on-behalf-of.ts";
import { password } from "./password.ts";
import { refreshToken } from "./refresh-token.ts";

/** The grants by `grant_type`. */
export const grants: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ["client_credentials", clientCredentials],
  ["authorization_code", authorizationCode],
  ["password", password],
  ["refresh_token", refreshToken],
  ["urn:ietf:params:oauth:grant-type:device_code", deviceCode],
  ["device_code", deviceCode],
  ["urn:ietf:params:oauth:grant-type:jwt-bearer", onBehalfOf],
]);
