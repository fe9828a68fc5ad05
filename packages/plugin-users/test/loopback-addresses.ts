import { networkInterfaces } from "node:os";

const all = Object.values(networkInterfaces()).flatMap((one = []) => one.map(({ address }) => address));

/** Those of this machine: containers often have no IPv6. */
export const loopbackAddresses = ["127.0.0.1", "::1"].filter((address) => all.includes(address));
