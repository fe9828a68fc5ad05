import type { FailureRule } from "./tool.ts";

/** What the tools of all vendors say alike. The first pattern that matches decides. */
export const commonFailures: readonly FailureRule[] = [
  {
    // Windows encrypts the cache for one account of one machine, so copied profiles cannot read it;
    // az prints an error of Python about a damaged file
    pattern:
      /decryption failed|key not valid for use in specified state|persistence(?:decryption|encryption)error|failed to decrypt|error decrypting|JSONDecodeError|expecting value: line/i,
    outcome: "failed",
    code: "tool-cache-unreadable",
    remedy: (call, tool) => `Run: ${tool.signOut} - or delete its token cache - and then: ${tool.signIn(call)}`,
  },
  {
    pattern: /permission ?denied.{0,200}\.(?:azure|azd)\b/i,
    outcome: "failed",
    code: "tool-cache-unreadable",
    remedy: "Let this program's account write to that folder, or set `configDirectory`.",
  },
  {
    pattern:
      /CERTIFICATE_VERIFY_FAILED|x509: certificate|certificate verify failed|SSL connection could not be established/i,
    outcome: "failed",
    code: "untrusted-certificate",
    remedy: "A proxy seems to inspect TLS: make the tool trust its certificate (for az: REQUESTS_CA_BUNDLE).",
  },
  {
    pattern:
      /failed to establish a new connection|max retries exceeded|name or service not known|no such host|dial tcp|connection (?:was )?(?:refused|reset|aborted)|ProxyError|unable to connect to the remote server|network is unreachable/i,
    outcome: "unreachable",
    remedy: "Check the network and the proxy of this machine.",
  },
];
