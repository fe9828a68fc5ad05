import { inspect } from "node:util";
import { omitStackFrames } from "@azidentity/test-support";
import { describe, expect, it } from "vitest";
import { fixture, openPkcs12, password } from "../../test/certificate-fixtures.ts";
import { data, octetString, sequence, wholeNumber } from "../../test/write-der.ts";
import { CertificateError } from "./certificate-error.ts";
import { parseCertificateFile } from "./certificate-file.ts";
import { keyPairOf } from "./key-pair.ts";

const files: readonly (readonly [name: string, password: string])[] = [
  ["modern.pfx", password],
  ["windows.pfx", password],
  ["sha512.pfx", password],
  ["openssl-1.1.pfx", password],
  ["without-encryption.pfx", password],
  ["without-mac.pfx", password],
  ["without-password.pfx", ""],
];

omitStackFrames();

/** Numbers that look random and are the same in every run. */
function createNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

/** What a file opens into, as a text, or the error that it ends in. */
async function open(bytes: Buffer, password: string): Promise<unknown> {
  try {
    const { key, chain } = keyPairOf(await parseCertificateFile(bytes, password, openPkcs12));
    return JSON.stringify([key.export({ format: "jwk" }), chain.map(({ fingerprint256 }) => fingerprint256)]);
  } catch (error) {
    return error;
  }
}

const refusals = [
  "invalid-certificate",
  "wrong-certificate-password",
  "unsupported-certificate-cipher",
  "missing-certificate",
  "missing-private-key",
  "mismatched-private-key",
];

/** An error that says something about the file, and nothing of what is in it. */
function expectRefusal(result: unknown): void {
  expect(result).toBeInstanceOf(CertificateError);
  expect(refusals).toContain((result as CertificateError).code);
  expect(inspect(result, { depth: 10, showHidden: true })).not.toContain(password);
}

describe.each(files)("%s", (name, given) => {
  const whole = fixture(`quick/${name}`);

  it("is refused when it is truncated at any byte", async () => {
    for (let length = 1; length < whole.length; length++) expectRefusal(await open(whole.subarray(0, length), given));
  });

  it("with changed bytes is refused, or has its original contents", async () => {
    const before = await open(whole, given);
    const random = createNumbers(whole.length);
    for (let turn = 0; turn < 400; turn++) {
      const changed = Buffer.from(whole);
      for (let left = 1 + random(3); left > 0; left--) changed[random(changed.length)] = random(256);
      const result = await open(changed, given);
      if (typeof result !== "string") expectRefusal(result);
      else if (name !== "without-mac.pfx") expect(result).toBe(before); // without a MAC a change cannot be detected
    }
  });
});

it("a PKCS#12 file with too many iterations is refused", async () => {
  const million = Buffer.from([0x02, 0x03, 0x0f, 0x42, 0x41]); // and one
  const digest = sequence(sequence("2.16.840.1.101.3.4.2.1"), octetString(Buffer.alloc(32)));
  const mac = sequence(digest, octetString(Buffer.alloc(8)), million);
  const file = sequence(wholeNumber(3), data(sequence()), mac);
  expect(await open(file, "")).toMatchObject({ code: "unsupported-certificate-cipher" });
});
