package dev.indelible.cli;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The program's own log: lines of text on standard error, or, for machines, lines of JSON. */
final class ProgramLog {

  // Kept here because the JDK's log manager holds loggers weakly, and with them their levels.
  private static final java.util.logging.Logger LUCENE =
      java.util.logging.Logger.getLogger("org.apache.lucene");

  private ProgramLog() {}

  /**
   * Silences what Lucene says at its start through the JDK's own logging: that it could be faster
   * with a preview module.
   */
  static void quietLucene() {
    LUCENE.setLevel(java.util.logging.Level.SEVERE);
  }

  /** Writes JSON from now on: time, level, thread, logger, message, exception. */
  static void writeJson() {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      throw new IllegalStateException("the log is not Logback's");
    }
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithContext(false);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("json");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    java.util.logging.Logger jdk = java.util.logging.Logger.getLogger("");
    for (Handler handler : jdk.getHandlers()) {
      jdk.removeHandler(handler);
    }
    jdk.addHandler(new ToThisLog());
  }

  /** Handler that forwards messages of the JDK's own logging, so that libraries log JSON too. */
  private static final class ToThisLog extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(@Nullable LogRecord record) {
      if (record != null) {
        String name = record.getLoggerName();
        LoggerFactory.getLogger(name == null ? "jdk" : name)
            .atLevel(level(record.getLevel().intValue()))
            .setCause(record.getThrown())
            .log(formatter.formatMessage(record));
      }
    }

    private static org.slf4j.event.Level level(int value) {
      if (value >= java.util.logging.Level.SEVERE.intValue()) {
        return org.slf4j.event.Level.ERROR;
      }
      if (value >= java.util.logging.Level.WARNING.intValue()) {
        return org.slf4j.event.Level.WARN;
      }
      return value >= java.util.logging.Level.INFO.intValue()
          ? org.slf4j.event.Level.INFO
          : org.slf4j.event.Level.DEBUG;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
