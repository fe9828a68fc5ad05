import { isIdentityError, outcomeError, redact, type SourceContext } from "@azidentity/core/plugin";
import { acquireByDeviceCode } from "../msal/user-grants.ts";
import { createDeviceHttp, type DeviceCodeInfo } from "./device-http.ts";
import type { SignIn, UserApplication } from "./sign-in.ts";

export type UserPromptCallback = (info: DeviceCodeInfo) => unknown;

const tellOnStderr: UserPromptCallback = ({ message }) => void process.stderr.write(`${message}\n`);

/** Signs in by a code that a person types on another device. `tell` shows it; what it returns is waited for, beside the sign-in. */
export function signInByDeviceCode(
  application: UserApplication,
  tell: UserPromptCallback = tellOnStderr,
  context: SourceContext,
): SignIn {
  const { sourceName } = application;
  return async (request) => {
    const told = Promise.withResolvers<never>();
    told.promise.catch(() => undefined);
    const show = async (info: DeviceCodeInfo) => {
      try {
        await tell(info);
      } catch (error) {
        told.reject(promptFailed(sourceName, error));
      }
    };
    const ended = new AbortController();
    const signal = AbortSignal.any([request.signal, ended.signal]);
    try {
      const { clock, retry } = context;
      const http = createDeviceHttp({ sourceName, http: context.http, clock, retry, show });
      const signedIn = acquireByDeviceCode(application, { ...request, signal }, { ...context, http });
      return await Promise.race([signedIn, told.promise]);
    } finally {
      ended.abort();
    }
  };
}

function promptFailed(sourceName: string, error: unknown) {
  if (isIdentityError(error)) return error;
  const text = error instanceof Error ? redact(error.message, 256) : "no error";
  return outcomeError("failed", `${sourceName}: \`userPromptCallback\` threw: ${text}.`, {
    code: "prompt-callback-failed",
    remedy: "Let it show the message, and return.",
    cause: error,
  });
}
