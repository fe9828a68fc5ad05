import { expect, it } from "vitest";
import { createAddressKinds, hostOf } from "./addresses.ts";

it.each([
  ["127.0.0.1", "loopback"],
  ["127.9.9.9", "loopback"],
  ["::1", "loopback"],
  ["::ffff:127.0.0.1", "loopback"],
  ["172.17.0.2", "private"],
  ["::ffff:10.1.2.3", "private"],
  ["192.168.64.1", "private"],
  ["100.64.0.1", "private"],
  ["169.254.1.1", "private"],
  ["fd12:3456::1", "private"],
  ["fe80::1%eth0", "private"],
  ["172.32.0.1", "public"],
  ["8.8.8.8", "public"],
  ["::ffff:8.8.8.8", "public"],
  ["2606:4700::1111", "public"],
  ["0.0.0.0", "public"],
  ["::", "public"],
])("%s is a %s address", (address, kind) => {
  expect(createAddressKinds()(address)).toBe(kind);
});

it.each([
  ["172.17.0.1", "172.17.0.1"],
  ["FD00:0:0::1", "[fd00::1]"],
  ["fe80::1%eth0", "[fe80::1]"],
])("the host of %s in a URL and in a header is %s", (address, host) => {
  expect(hostOf(address)).toBe(host);
});
