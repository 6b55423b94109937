// Room: server. Prometheus metrics: requests by route's pattern, jobs by state, the process. No label holds a person.
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export interface Metrics {
  observe(method: string, route: string, status: number, seconds: number): void;
  /** A job ended by a bug. */
  countFailure(): void;
  /** Prometheus text format. */
  text(): Promise<string>;
}

export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'todoke_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.3, 1, 3, 10],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'todoke_job_failures_total',
    help: 'Jobs ended by a bug',
    registers: [registry],
  });
  return {
    observe: (method, route, status, seconds) => requests.labels(method, route, String(status)).observe(seconds),
    countFailure: () => failures.inc(),
    text: () => registry.metrics(),
  };
}
