// tracing.ts
import type { Instrumentation } from "@azidentity/core";
import { type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("azidentity");

async function endWith(span: Span, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
  } finally {
    span.end();
  }
}

export const instrumentation: Instrumentation = {
  acquire: ({ operation, source, scopes }, run) =>
    tracer.startActiveSpan(`${source}.${operation}`, { attributes: { scopes: [...scopes] } }, (span) =>
      endWith(span, run()),
    ),
  send: ({ method, url }, run) =>
    tracer.startActiveSpan(method, { kind: SpanKind.CLIENT, attributes: { "url.full": url } }, (span) => {
      const sent = run().then(({ status }) => span.setAttribute("http.response.status_code", status));
      return endWith(span, sent);
    }),
};
