/** docs/recipes/mail.md, against a server with STARTTLS that checks each token. */
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type ClientRecipe,
  type Connect,
  type Start,
  testCertificate,
  testConnections,
  testOutage,
  testRefusal,
  testSilence,
} from "./client-suite.ts";
import { startSmtp } from "./smtp-server.ts";
import type { World } from "./world.ts";

const audience = "https://outlook.office365.com";
const mailbox = "orders@contoso.example";
const message = { from: mailbox, to: "ann@contoso.example", subject: "Order", text: "Yours." };

export function testMail(world: () => World): void {
  let server: Awaited<ReturnType<typeof startSmtp>>;
  beforeAll(async () => {
    const { emulator, verify } = world();
    const accepts = (user: string, token: string) =>
      user === mailbox && verify(token, audience) === emulator.application.clientId;
    server = await startSmtp(emulator.serverCertificate, accepts);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const recipe: ClientRecipe = {
    codeWithoutToken: "EAUTH",
    async createClient(identity, user = mailbox) {
      const { createMailer, scope } = await world().load("nodemailer");
      const { namePrincipal, refused } = await world().load("name-principal");
      const name = namePrincipal(identity, scope, refused.nodemailer);
      const mailer = createMailer(identity, user, { host: "localhost", port: server.port });
      return {
        async openAtOnce(count) {
          await Promise.all(Array.from({ length: count }, () => mailer.sendMail(message).catch(name)));
        },
        end: async () => mailer.close(),
      };
    },
  };
  testConnections(world, () => recipe);
  testOutage(world, () => recipe);
  testRefusal(world, () => recipe);
  const start: Start = (certificate, accepts) => startSmtp(certificate, (_, token) => accepts(token));
  const connect: Connect = async (identity, port, limitMs) => {
    const limits = { connectionTimeout: limitMs, greetingTimeout: limitMs, socketTimeout: limitMs };
    const server = { host: "localhost", port, ...(limitMs === undefined ? {} : limits) };
    await (await world().load("nodemailer")).createMailer(identity, mailbox, server).sendMail(message);
  };
  testCertificate(world, start, connect);
  testSilence(world, start, connect);

  it("a server that does not answer is given up sooner than by default", async () => {
    await using identity = world().createIdentity();
    const mailer = (await world().load("nodemailer")).createMailer(identity, mailbox, { host: "localhost", port: 587 });
    expect(mailer.options).toMatchObject({
      connectionTimeout: 15_000,
      greetingTimeout: 15_000,
      socketTimeout: 120_000,
    });
  });
}
