import { unquoted } from "../util/text.ts";

/** Decides for one entry of NO_PROXY whether it names a host and its port. */
type Entry = (host: string, port: string) => boolean;

/** Loaded when there is a proxy. */
const net = () => process.getBuiltinModule("node:net");
const isIP = (text: string) => net().isIP(text);
const family = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");
/** An IPv6 address is in brackets in a URL. */
const withoutBrackets = (host: string) => host.replace(/^\[(.*)\]$/, "$1");

/** An address with the number of bits that count, such as `10.0.0.0/8`. */
function subnet(text: string): Entry | undefined {
  const [, address = "", bits = ""] = /^\[?([\d.]+|[\da-f:.]*:[\da-f:.]*)\]?\/(\d{1,3})$/.exec(text) ?? [];
  if (isIP(address) === 0 || Number(bits) > (isIP(address) === 6 ? 128 : 32)) return undefined;
  const list = new (net().BlockList)();
  list.addSubnet(address, Number(bits), family(address));
  return (host) => isIP(host) !== 0 && list.check(host, family(host));
}

/** An address or a domain, which includes its subdomains; each may have a port. */
function name(text: string): Entry {
  const isAddress = isIP(withoutBrackets(text)) !== 0;
  const [, bare = text, only] = isAddress ? [] : (/^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? []);
  const wanted = withoutBrackets(bare.replace(/^\*?\./, "").replace(/\.$/, ""));
  const isHost: (host: string) => boolean =
    isIP(wanted) === 0
      ? (host) => isIP(host) === 0 && (host === wanted || host.endsWith(`.${wanted}`))
      : (host) => isIP(host) !== 0 && sameAddress(host, wanted);
  return (host, port) => wanted !== "" && isHost(host) && (only === undefined || only === port);
}

function sameAddress(left: string, right: string): boolean {
  const list = new (net().BlockList)();
  list.addAddress(right, family(right));
  return list.check(left, family(left));
}

function readEntry(text: string): Entry {
  if (text === "*") return () => true;
  return subnet(text) ?? name(text);
}

/**
 * Reads NO_PROXY as curl and Go do: entries apart by commas or blanks; `*` for every host; a domain
 * with or without a leading dot, which includes its subdomains; an address; a subnet such as
 * `10.0.0.0/8`; each domain and address with a port if only that is meant.
 */
export function readNoProxy(text: string): (target: URL) => boolean {
  const entries = unquoted(text)
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(readEntry);
  return ({ hostname, port, protocol }) => {
    const host = withoutBrackets(hostname.toLowerCase()).replace(/\.$/, "");
    const used = port === "" ? (protocol === "https:" ? "443" : "80") : port;
    return entries.some((matches) => matches(host, used));
  };
}
