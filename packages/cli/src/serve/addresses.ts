import { BlockList, isIPv4 } from "node:net";

const loopback = [
  ["127.0.0.0", 8],
  ["::1", 128],
] as const;

/** Networks that are not routed on the internet (RFC 1918, 3927, 4193, 4291, 6598). */
const privateNetworks = [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
  ["fc00::", 7],
  ["fe80::", 10],
] as const;

/** What kind of network an address is of. */
export type AddressKind = "loopback" | "private" | "public";

const family = (address: string) => (isIPv4(address) ? "ipv4" : "ipv6");

/** The address without the zone of an interface, and IPv4 in its own notation. */
const plain = (address: string) => address.replace(/%.*$/, "").replace(/^::ffff:(?=\d+\.)/i, "");

/** Makes the function that tells addresses apart. */
export function createAddressKinds(): (address: string) => AddressKind {
  const listOf = (networks: readonly (readonly [string, number])[]) => {
    const list = new BlockList();
    for (const [address, prefix] of networks) list.addSubnet(address, prefix, family(address));
    return list;
  };
  const lists = { loopback: listOf(loopback), private: listOf(privateNetworks) };
  return (given) => {
    const address = plain(given);
    if (lists.loopback.check(address, family(address))) return "loopback";
    return lists.private.check(address, family(address)) ? "private" : "public";
  };
}

/**
 * As clients write it into a URL, and so into the header Host: shortened, in lower case, without a
 * zone.
 */
export const hostOf = (address: string): string =>
  address.includes(":") ? new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname : address;
