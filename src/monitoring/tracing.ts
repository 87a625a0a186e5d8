import { AsyncLocalStorage } from 'node:async_hooks';
import type * as OpenTelemetry from '@opentelemetry/api';
import type { HttpClient, HttpRequest } from '../contract/http.ts';
import { logText } from '../contract/log-text.ts';
import type { ClaimedCallback } from '../storage/store.ts';
import type { Listener } from './listener.ts';

type Context = OpenTelemetry.Context;
type Attributes = OpenTelemetry.Attributes;

export interface TracingParts {
  readonly api: typeof OpenTelemetry;
  /** Whether calls of connectors carry `traceparent`, so that the other side can go on with the trace. */
  readonly traceparent: boolean;
}

export interface Tracing extends Listener {
  /** The same client, with a span for each call. `connector`: it calls a connector's system, not a gateway's. */
  http(client: HttpClient, towards: 'gateway' | 'connector'): HttpClient;
}

interface Begin {
  readonly name: string;
  readonly kind: OpenTelemetry.SpanKind;
  readonly attributes: Attributes;
  readonly parent: Context;
}

/**
 * Spans through OpenTelemetry's API; the site brings the SDK, and without one they go nowhere. They hold names of ours, order
 * numbers and codes; no words of others, no addresses with paths, no bodies.
 */
export function createTracing({ api, traceparent }: TracingParts): Tracing {
  const { trace, context, SpanKind, SpanStatusCode, ROOT_CONTEXT } = api;
  const tracer = trace.getTracer('handover');
  /** Ours beside the site's: without a context manager spans nest all the same. */
  const nesting = new AsyncLocalStorage<Context>();
  const spanNow = (): OpenTelemetry.Span | undefined => {
    const within = nesting.getStore();
    return within && trace.getSpan(within);
  };

  async function spanAround<T>(
    { name, kind, attributes, parent }: Begin,
    work: (span: OpenTelemetry.Span) => Promise<T>,
  ): Promise<T> {
    const span = tracer.startSpan(name, { kind, attributes }, parent);
    const within = trace.setSpan(parent, span);
    try {
      return await nesting.run(within, () => context.with(within, () => work(span)));
    } catch (error) {
      fail(span, codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  }

  function fail(span: OpenTelemetry.Span | undefined, code: string): void {
    span?.setAttribute('error.type', code);
    span?.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }

  return {
    callback: (gateway, work) =>
      spanAround(
        {
          name: `callback ${gateway}`,
          kind: SpanKind.SERVER,
          attributes: { 'handover.gateway': gateway },
          parent: context.active(),
        },
        work,
      ),
    verdict(_gateway, verdict) {
      const span = spanNow();
      span?.setAttribute('handover.verdict', verdict.kind);
      if (verdict.kind === 'accepted') span?.setAttribute('handover.delivery', logText(verdict.deliveryId));
      if (verdict.kind === 'refused') span?.setAttribute('handover.code', verdict.code);
    },
    failed: (_gateway, code) => fail(spanNow(), code),

    digest: (callback, work) =>
      spanAround(
        {
          name: `digest ${callback.gateway}`,
          kind: SpanKind.CONSUMER,
          attributes: aboutCallback(callback),
          parent: ROOT_CONTEXT,
        },
        work,
      ),
    recorded(_callback, orders) {
      const [order, ...others] = orders;
      if (order !== undefined && others.length === 0) spanNow()?.setAttribute('handover.order', order);
      else spanNow()?.setAttribute('handover.orders', [...orders]);
    },

    step: (claim, work) =>
      spanAround(
        {
          name: `${claim.verb} ${claim.action}`,
          kind: SpanKind.CONSUMER,
          attributes: {
            ...(claim.orderId !== '' && { 'handover.order': claim.orderId }),
            'handover.step': claim.key,
            'handover.account': claim.account,
            'handover.action': claim.action,
            'handover.verb': claim.verb,
            'handover.attempt': claim.attempts,
          },
          parent: ROOT_CONTEXT,
        },
        work,
      ),
    settled(_claim, result, problem) {
      spanNow()?.setAttribute('handover.result', result);
      if (problem) fail(spanNow(), problem.code);
    },

    http: (client, towards) => ({
      send(request) {
        const parent = nesting.getStore() ?? context.active();
        const order = orderOf(parent);
        const attributes = { ...aboutRequest(request), ...(order !== undefined && { 'handover.order': order }) };
        return spanAround({ name: request.method, kind: SpanKind.CLIENT, attributes, parent }, async (span) => {
          const answer = await client.send(traceparent && towards === 'connector' ? continued(request, span) : request);
          span.setAttribute('http.response.status_code', answer.status);
          if (answer.status >= 400) fail(span, String(answer.status));
          return answer;
        });
      },
    }),
  };

  /** The order of the span around, where the SDK lets it be read. */
  function orderOf(parent: Context): string | undefined {
    const around = trace.getSpan(parent) as { readonly attributes?: Attributes } | undefined;
    const order = around?.attributes?.['handover.order'];
    return typeof order === 'string' ? order : undefined;
  }

  function continued(request: HttpRequest, span: OpenTelemetry.Span): HttpRequest {
    const spanContext = span.spanContext();
    if (!api.isSpanContextValid(spanContext)) return request;
    return { ...request, headers: { ...request.headers, traceparent: traceparentOf(spanContext) } };
  }
}

function aboutCallback({ gateway, id, deliveryId, attempts }: ClaimedCallback): Attributes {
  return {
    'handover.gateway': gateway,
    'handover.callback': id,
    'handover.delivery': logText(deliveryId),
    'handover.attempt': attempts,
  };
}

/** Method and host. Paths and queries may name people and hold keys. */
function aboutRequest({ method, url }: HttpRequest): Attributes {
  if (!URL.canParse(url)) return { 'http.request.method': method };
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  return { 'http.request.method': method, 'server.address': hostname, 'server.port': port === '' ? usual : Number(port) };
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function traceparentOf({ traceId, spanId, traceFlags }: OpenTelemetry.SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.name : 'UNKNOWN';
}
