/** OpenTelemetry's log records, as OTLP/HTTP carries them, read as events. */
@NullMarked
package dev.indelible.server.otlp;

import org.jspecify.annotations.NullMarked;
