// Sends three events with OpenTelemetry's exporter for Node; prints what the exporter says of it.
// ENCODING is http (JSON) or proto, URL the endpoint, KEY the API key.
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';

const print = (...words) => console.log(...words);
diag.setLogger({ error: print, warn: print, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);

const { OTLPLogExporter } = await import(`@opentelemetry/exporter-logs-otlp-${process.env.ENCODING}`);
const exporter = new OTLPLogExporter({
  url: process.env.URL,
  headers: { Authorization: `Bearer ${process.env.KEY}` },
  compression: 'gzip',
});
const provider = new LoggerProvider({
  resource: resourceFromAttributes({ 'service.name': 'checkout' }),
  processors: [new BatchLogRecordProcessor({ exporter })],
});
const logger = provider.getLogger('shop', '1.2');
for (let i = 0; i < 3; i++) {
  logger.emit({
    eventName: 'order.refunded',
    timestamp: Date.UTC(2026, 10, 20, 10, 0, i),
    severityNumber: 9,
    severityText: 'INFO',
    body: { note: 'Größe', amount: 12.5, list: [1, 'two', true] },
    attributes: { 'user.id': `u_${i}`, 'client.address': '203.0.113.9', 'event.outcome': 'success', rank: i },
  });
}
logger.emit({ body: 'a line of a log' });
await provider.forceFlush();
await provider.shutdown();
