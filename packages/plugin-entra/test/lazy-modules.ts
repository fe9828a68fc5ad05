/**
 * What sources load for their first token: imported by tests with a fake clock, whose time does not
 * wait for modules.
 */
import "../src/client-authentication/assertion-callback.ts";
import "../src/client-authentication/certificate.ts";
import "../src/client-authentication/oidc.ts";
import "../src/token-client.ts";
