import type { AadstsRow } from "./aadsts-applications.ts";

/** What is wrong with what proves an application: secrets, certificates, assertions. */
export const credentialRows = (): readonly AadstsRow[] => [
  {
    numbers: [7000215, 70002],
    outcome: "rejected",
    code: "invalid-client-secret",
    remedy: "Give the secret's value, not its id, of a secret that this application has now.",
  },
  {
    numbers: [7000222],
    outcome: "rejected",
    code: "expired-client-secret",
    remedy: "Add a new secret to the application and use that, or move to a managed identity.",
  },
  {
    numbers: [700021, 70021, 700211, 700212, 700213],
    outcome: "rejected",
    code: "no-federated-credential",
    remedy: "Compare issuer, subject and audience of the assertion with the application's federated credentials.",
  },
  {
    numbers: [7002138],
    outcome: "rejected",
    code: "no-federated-credential",
    remedy: "Only the case differs: write the subject of the federated credential exactly as the assertion has it.",
  },
  {
    numbers: [70023],
    outcome: "rejected",
    code: "unsuitable-assertion",
    remedy:
      "The token is valid for more than a day, so it is not for federation: use the file in AZURE_FEDERATED_TOKEN_FILE.",
  },
  {
    numbers: [700222, 700229, 700231, 700236, 50027, 50048, 50120, 900384],
    outcome: "rejected",
    code: "unsuitable-assertion",
    remedy:
      "Send a token that the application's federated credentials allow: of an outside issuer, or of a managed identity.",
  },
  {
    numbers: [50166],
    outcome: "failed",
    code: "issuer-unreachable",
    remedy:
      "Entra must be able to read the issuer's OpenID configuration and keys from the internet: check its address.",
  },
  {
    numbers: [700024],
    outcome: "rejected",
    code: "assertion-expired",
    remedy: "The assertion is outside its time range: get a fresh one, and check this machine's clock.",
  },
  {
    numbers: [700027, 7000214, 7000274, 7000277, 1000502, 700030, 5002730, 50006, 50012, 50017, 50032],
    outcome: "rejected",
    code: "invalid-client-certificate",
    remedy: "Check that this certificate is registered with the application, valid and not revoked.",
    remedyIf: {
      words: /\bexpired\b/i, // 700027: "[Reason - The key used is expired.]"
      remedy: "Renew the certificate, and register the new one with the application.",
    },
  },
  {
    numbers: [500181, 1000610, 1000611, 1000612, 1000613, 1000614],
    outcome: "rejected",
    code: "invalid-client-certificate",
    remedy: "The token-binding certificate was refused: a new one has to be made.",
  },
  {
    numbers: [7000218, 7000216],
    outcome: "misconfigured",
    code: "client-credential-missing",
    remedy:
      "Give the application a secret, a certificate or an assertion, or set `Allow public client flows` in its registration.",
  },
  {
    numbers: [700025],
    outcome: "misconfigured",
    code: "public-client",
    remedy: "The application is public: send no secret.",
  },
];
