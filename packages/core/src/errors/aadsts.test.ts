import { expect, it } from "vitest";
import { aadstsRow, aadstsRows } from "./aadsts.ts";
import { aadstsUserRows } from "./aadsts-users.ts";

const all = [...aadstsRows(), ...aadstsUserRows()];

/**
 * The numbers of Microsoft's list, in its order.
 * Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const published = `
16000 16001 16002 160021 16003 17003 20001 20012 20033 230109 28002 28003 40008 40009 40010 40015 50000 50001 50002
500011 500021 500022 50003 50005 50006 50007 50008 5000819 50010 50011 50012 50013 500133 50014 50015 50017 50020 500208
500212 500213 50027 50029 50032 50033 50034 50042 50043 50048 50049 50050 50053 50055 50056 50057 50058 50059 50061
50064 50068 50070 50071 50072 50074 50076 50078 50079 50085 50086 50087 50088 50089 50097 50099 50105 50107 50120 50124
501241 50125 50126 50127 50128 50129 50131 50132 50133 50134 50135 50136 50139 50140 50143 50144 50146 501461 50147
501481 501491 50155 50158 50161 50166 50168 50169 50170 50173 50177 50178 50180 50187 50192 50194 50196 50197 50199
51000 51001 1000104 51004 51005 51006 52004 53000 53001 53002 53003 530035 53004 53010 53011 530034 54000 54005 65001
65002 65004 65005 650052 650054 650056 650057 67003 70000 70001 700011 70002 700025 700027 70003 700030 70004 70005
700054 70007 70008 700082 700084 70011 70012 70016 70018 70019 70043 75001 75003 75005 7500514 750054 75008 75011 75016
76021 76026 80001 80002 80005 80007 80010 80012 80013 80014 81004 81005 81006 81007 81009 81010 81011 81012 90002 90004
90005 90006 90007 90008 90009 90010 9001023 90012 90013 90014 900144 90015 90016 90019 90020 90022 90023 900236 9002313
9002332 90024 90027 90033 90036 90038 900384 90043 900432 90051 90055 90056 900561 90072 90081 90082 90084 90085 90086
90087 90090 90091 90092 90093 90094 900382 90095 90099 900971 90100 901002 90101 90102 90107 90114 90117 90119 90120
90121 90123 90124 90125 90126 90130 120000 120002 120003 120004 120005 120008 120011 120012 120013 120014 120015 120016
120018 120020 120021 130004 130005 130006 130007 130008 135010 135011 140000 140001 165004 165900 220450 220501 221000
240001 240002 501621 530032 700016 700020 700022 700023 7000215 7000218 7000222 700229 700005 1000000 1000002 100007
1000031 7000112 7000114 7500529 9002341
`;

/** Those that no request of ours meets, or that say nothing about what to change. */
const unmapped: Readonly<Record<string, string>> = {
  "SAML and WS-Federation requests":
    "50007 75001 75003 75005 7500514 750054 75008 75011 75016 76021 76026 7500529 90020 900236 90107",
  "signing out": "50061 50068 50070 50071",
  "changing a password":
    "120000 120002 120003 120004 120005 120008 120011 120012 120013 120014 120015 120016 120018 120020 120021",
  "keys and registration of a device": "17003 130006 135010 140000 221000 240001 90114",
  "a device code that waits": "70016",
  "steps of the sign-in page": "50086 50099 50192 51005 220450 1000000 1000002 90007 90101",
  "Entra's own services": "230109 67003 90010 90022 165004 165900 220501 50029",
};

it("Each number of Microsoft's list has a row, or is one that token requests do not meet", () => {
  const numbers = published.trim().split(/\s+/);
  expect(numbers.length).toBeGreaterThan(280);
  const without = numbers.filter((number) => aadstsRow([Number(number)], aadstsUserRows) === undefined);
  const expected = Object.values(unmapped).flatMap((list) => list.split(" "));
  expect(without.sort()).toEqual(expected.sort());
});

it("No number stands in two rows", () => {
  const numbers = all.flatMap((row) => row.numbers);
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});

it("Each row ends with a next step in one line: a sentence with one full stop, or a command", () => {
  const remedies = all.flatMap(({ remedy, forApplication }) => [remedy, forApplication?.remedy ?? remedy]);
  for (const remedy of remedies) {
    expect(remedy).toMatch(/^[A-Z`].{10,}(?:[^.]\.|: az .+>)$/);
    expect(remedy.length).toBeLessThanOrEqual(220);
  }
});

it("A number that only users meet has a row where users sign in, and none for applications", () => {
  const numbers = aadstsUserRows().flatMap((row) => row.numbers);
  expect(numbers.filter((number) => aadstsRow([number]) !== undefined)).toEqual([]);
  expect(aadstsRow([50173], aadstsUserRows)?.code).toBe("sign-in-expired");
});

it.each([9010010, 901002])("AADSTS%i, which MCP clients meet, names what connects them", (number) => {
  expect(aadstsRow([number], aadstsUserRows)).toMatchObject({
    code: "invalid-scope",
    remedy: expect.stringContaining("`azid mcp`"),
  });
});

it("AADSTS650053 and 90009 name the scope to ask for", () => {
  expect(aadstsRow([650053])?.remedy).toContain("`<resource>/.default`");
  expect(aadstsRow([90009])?.remedy).toContain("`<client id>/.default`");
});
