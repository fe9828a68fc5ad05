/** Networks as an address, a prefix and a family. Sources: RFC 1122, 1918, 4193, 4291. */
type Network = readonly [address: string, prefix: number, family: "ipv4" | "ipv6"];

const loopback: readonly Network[] = [
  ["127.0.0.0", 8, "ipv4"],
  ["::1", 128, "ipv6"],
];
/** Without link-local addresses: the metadata services of clouds have one. */
const privateNetworks: readonly Network[] = [
  ...loopback,
  ["10.0.0.0", 8, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["fc00::", 7, "ipv6"],
];

/** Addresses of IPv4 that are mapped to IPv6 count as those of IPv4. */
function isIn(networks: readonly Network[], address: string): boolean {
  const { BlockList, isIP } = process.getBuiltinModule("node:net");
  const list = new BlockList();
  for (const [network, prefix, family] of networks) list.addSubnet(network, prefix, family);
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 4 ? "ipv4" : "ipv6");
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return isIn(loopback, address);
}

/** Whether an address is this machine's own, or one of a private network. */
export function isPrivate(address: string): boolean {
  return isIn(privateNetworks, address);
}
