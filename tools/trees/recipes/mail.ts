/** docs/recipes/mail.md, against a server with STARTTLS that checks each token. */
import { expect, it } from "vitest";
import { startSmtp } from "./smtp-server.ts";
import type { World } from "./world.ts";

const audience = "https://outlook.office365.com";
const mailbox = "orders@contoso.example";
const message = { from: mailbox, to: "ann@contoso.example", subject: "Order", text: "Yours." };

export function testMail(world: () => World): void {
  const start = () => {
    const { emulator, verify } = world();
    const { clientId } = emulator.application;
    return startSmtp(
      emulator.serverCertificate,
      (user, token) => user === mailbox && verify(token, audience) === clientId,
    );
  };

  it("nodemailer sends messages two hours apart, each with a token that is valid then", async () => {
    await using server = await start();
    await using identity = world().createIdentity();
    const { createMailer } = await world().load("nodemailer");
    const mailer = createMailer(identity, mailbox, { host: "localhost", port: server.port });
    world().tokenRequests();
    await mailer.sendMail(message);
    await mailer.sendMail(message);
    world().advance(7_200_000);
    await mailer.sendMail(message);
    expect(world().tokenRequests()).toBe(2);
  });

  it("the error of a mailbox that the principal may not use shows no token", async () => {
    await using server = await start();
    await using identity = world().createIdentity();
    const { createMailer } = await world().load("nodemailer");
    const mailer = createMailer(identity, "another@contoso.example", { host: "localhost", port: server.port });
    const error = await mailer.sendMail(message).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "EAUTH", responseCode: 535 });
    expect(`${error.stack}`).not.toContain("eyJ");
  });
}
