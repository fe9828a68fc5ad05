import { type Connection, type IdentityError, outcomeError } from "@azidentity/core/plugin";

/** Decides whether an address may be connected to. */
export type AllowAddress = (address: string) => boolean;

function refused(host: string, address: string): IdentityError {
  const leads = address === host ? host : `${host}, which leads to ${address}`;
  return outcomeError("misconfigured", `Nothing was sent to ${leads}: such an address is not allowed here.`, {
    code: "unexpected-address",
    remedy: "Check the address, and what the name leads to on this machine.",
  });
}

/**
 * Refuses a URL whose host is an address that is not allowed; no name is looked up for it.
 *
 * @throws {IdentityError} `unexpected-address`
 */
export function requireAllowed({ hostname }: URL, allow: AllowAddress): void {
  const address = hostname.replace(/^\[|\]$/g, "");
  if (process.getBuiltinModule("node:net").isIP(address) !== 0 && !allow(address)) throw refused(address, address);
}

/** Another runtime than Node.js may lack the module. */
function noLookup(host: string): IdentityError {
  return outcomeError("misconfigured", `${host} cannot be looked up: this runtime has no node:dns.`, {
    code: "lookup-unsupported",
    remedy: "Write an address in place of the name, such as 127.0.0.1.",
  });
}

/** The lookup of the system, without the addresses that are not allowed. */
export function lookupAllowed(allow: AllowAddress): NonNullable<Connection["lookup"]> {
  return (host, options, done) => {
    const dns: typeof import("node:dns") | undefined = process.getBuiltinModule("node:dns");
    if (dns === undefined) return done(noLookup(host), "");
    dns.lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, "");
      const addresses = found.filter(({ address }) => allow(address));
      const [allowed] = addresses;
      if (allowed === undefined) return done(refused(host, found[0]?.address ?? host), "");
      return options.all === true ? done(null, addresses) : done(null, allowed.address, allowed.family);
    });
  };
}
