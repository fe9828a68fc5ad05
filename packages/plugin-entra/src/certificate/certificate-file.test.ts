import { describe, expect, it } from "vitest";
import { blocks, fixture, fixturePath, fixtureText, openPkcs12, password } from "../../test/certificate-fixtures.ts";
import { pfxOfKeys, sequence, wholeNumber } from "../../test/write-der.ts";
import { parseCertificateFile, readCertificateFile, statCertificate } from "./certificate-file.ts";
import { keyPairOf } from "./key-pair.ts";

const names = async (content: string | Uint8Array, given?: string) =>
  keyPairOf(await parseCertificateFile(content, given, openPkcs12)).chain.map(({ subject }) => subject);
const codeOf = (content: string | Uint8Array, given?: string) =>
  names(content, given).then(
    () => undefined,
    (error) => error.code,
  );

describe("a file that OpenSSL has made", () => {
  it.each([
    "pkcs8.pem",
    "pkcs1.pem",
    "pkcs8-encrypted.pem",
    "pkcs1-encrypted.pem",
    "sha512.pfx",
    "without-encryption.pfx",
    "without-mac.pfx",
  ])("opens: %s", async (name) => {
    expect(await names(fixture(name), password)).toEqual(["CN=orders.contoso.com"]);
  });

  it.each(["chain.pem", "modern.pfx", "windows.pfx"])(
    "a file that OpenSSL has made gives its whole chain, leaf first: %s",
    async (name) => {
      expect(await names(fixture(name), password)).toEqual([
        "CN=orders.contoso.com",
        "CN=Test Issuing",
        "CN=Test Root",
      ]);
    },
  );

  it("opens without a password where it has none", async () => {
    expect(await names(fixture("without-password.pfx"))).toEqual(["CN=orders.contoso.com"]);
    expect(await names(fixture("without-password.pfx"), "")).toEqual(["CN=orders.contoso.com"]);
  });

  it.each([
    "pkcs8-encrypted.pem",
    "pkcs1-encrypted.pem",
    "modern.pfx",
    "windows.pfx",
    "openssl-1.1.pfx",
    "without-mac.pfx",
  ])("stays shut to a wrong password and to none: %s", async (name) => {
    expect(await codeOf(fixture(name), "canary")).toBe("wrong-certificate-password");
    expect(await codeOf(fixture(name))).toBe("wrong-certificate-password");
  });

  it("a file that OpenSSL has made of the default ciphers of OpenSSL 1.1 is refused by OpenSSL 3, and says how to export it again", async () => {
    expect(await codeOf(fixture("openssl-1.1.pfx"), password)).toBe("unsupported-certificate-cipher");
  });

  it.each([
    ["without-key.pfx", "missing-private-key"],
    ["without-certificate.pfx", "missing-certificate"],
    ["ec.pem", "unsupported-private-key"],
  ])("a file that OpenSSL has made is refused with the code of what is missing: %s", async (name, code) => {
    expect(await codeOf(fixture(name), password)).toBe(code);
  });
});

describe("a PEM text", () => {
  const pem = fixtureText("chain.pem");
  const [leaf = "", issuing = "", root = ""] = blocks(pem, "CERTIFICATE");
  const [key = ""] = blocks(pem, "PRIVATE KEY");

  it.each([
    ["in any order", root + key + issuing + leaf],
    ["with Windows line ends", pem.replaceAll("\n", "\r\n")],
    ["with a byte order mark and words between", `\uFEFFsubject=orders\n${pem}`],
    ["with a stranger's certificate", pem + blocks(fixtureText("other.pem"), "CERTIFICATE")[0]],
    ["with a certificate twice", pem + root + leaf],
  ])("a PEM text is read %s", async (_, text) => {
    expect(await names(text)).toEqual(["CN=orders.contoso.com", "CN=Test Issuing", "CN=Test Root"]);
  });

  it("a PEM text is parsed without line breaks", async () => {
    expect(await names(leaf.replace(/(?<=[\w+/=])\n(?=[\w+/=])/g, "") + key)).toEqual(["CN=orders.contoso.com"]);
  });

  it.each([
    ["a certificate alone", leaf, "missing-private-key"],
    ["a key alone", key, "missing-certificate"],
    ["a foreign key", leaf + blocks(fixtureText("other.pem"), "PRIVATE KEY")[0], "mismatched-private-key"],
    ["two keys", pem + fixtureText("other.pem"), "several-private-keys"],
    ["nothing", "", "invalid-certificate"],
    ["words", "not a certificate", "invalid-certificate"],
    ["a begin without an end", "-----BEGIN CERTIFICATE-----\nMII", "invalid-certificate"],
    [
      "a broken certificate",
      `${key}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`,
      "invalid-certificate",
    ],
    ["a broken key", `${leaf}-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n`, "invalid-certificate"],
  ])("a PEM text of %s is refused", async (_, text, code) => {
    expect(await codeOf(text)).toBe(code);
  });

  it("a PEM text with a million BEGIN lines is parsed in linear time", async () => {
    expect(await codeOf("-----BEGIN CERTIFICATE-----".repeat(30_000))).toBe("invalid-certificate");
  });
});

describe("a PKCS#12 file", () => {
  it("a PKCS#12 file with several keys is refused", async () => {
    const [key = ""] = blocks(fixtureText("chain.pem"), "PRIVATE KEY");
    expect(await codeOf(pfxOfKeys(key, key))).toBe("several-private-keys");
  });

  it("nested a thousand levels deep is refused", async () => {
    const deep = Array.from({ length: 1_000 }).reduce<Buffer>((inner) => sequence(inner), wholeNumber(1));
    expect(await codeOf(deep)).toBe("invalid-certificate");
  });
});

describe("a path that is not a certificate file", () => {
  it("a path that is not a certificate file is refused before it is read: a directory, a missing file, ten megabytes", async () => {
    const stat = (path: string) => statCertificate(path).catch(({ code }) => code);
    expect(await stat(fixturePath("."))).toBe("unreadable-certificate");
    expect(await stat(fixturePath("absent.pem"))).toBe("unreadable-certificate");
    expect(await codeOf(Buffer.alloc(10_000_000, 0x30))).toBe("unreadable-certificate");
    await expect(readCertificateFile(fixturePath("absent.pem"), undefined, openPkcs12)).rejects.toMatchObject({
      code: "unreadable-certificate",
    });
  });
});

describe("a certificate on its way through variables and vaults", () => {
  const pfx = fixture("sha512.pfx").toString("base64");
  const pem = fixtureText("pkcs8.pem");
  const lines = (text: string, length: number) => text.replaceAll(new RegExp(`.{${length}}`, "g"), "$&\n");
  it.each<[string, string | Uint8Array]>([
    ["the base64 of a PKCS#12 file", pfx],
    ["the same as bytes", Buffer.from(pfx)],
    ["the same in lines", lines(pfx, 76)],
    ["the same in quotes", `"${pfx}"\n`],
    ["the same with line breaks as two characters", lines(pfx, 64).replaceAll("\n", "\\r\\n")],
    ["the same in UTF-16", Buffer.from(`\uFEFF${pfx}`, "utf16le")],
    ["the base64 of a PEM file", Buffer.from(pem).toString("base64")],
    ["a PEM text with line breaks as two characters", pem.trim().replaceAll("\n", "\\n")],
    ["a PEM text with line breaks of Windows as two characters", pem.replaceAll("\n", "\\r\\n")],
    ["a PEM text with blanks for line breaks", pem.replaceAll("\n", " ")],
    ["a PEM text in quotes", `'${pem}'`],
    ["a PEM file with a byte order mark", `\uFEFF${pem}`],
    ["a PEM file in UTF-16", Buffer.from(`\uFEFF${pem}`, "utf16le")],
    ["a PEM file in UTF-16 of the other byte order", Buffer.from(`\uFEFF${pem}`, "utf16le").swap16()],
  ])("a certificate on its way through variables and vaults is read as %s", async (_, content) => {
    expect(await names(content, password)).toEqual(["CN=orders.contoso.com"]);
  });

  it.each(["", "A".repeat(63), "A".repeat(64), `MII${"A".repeat(200)}`])(
    "a certificate on its way through variables and vaults is refused where it is %j",
    async (content) => {
      expect(await codeOf(content)).toBe("invalid-certificate");
    },
  );
});
