package dev.indelible.server.sink;

import dev.indelible.server.deliver.AddressRefusedException;
import dev.indelible.server.sink.Sink.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Faults of connections in words for people. */
final class NetworkFaults {

  /** The most of a library's own words that is repeated, in characters. */
  static final int MAX_WORDS = 200;

  private NetworkFaults() {}

  /**
   * The answer for a fault. An address that is not allowed lasts; everything else may pass, a
   * certificate too: whoever renews it need not know of the stream.
   *
   * @param where the receiver, without credentials
   */
  static Answer answer(IOException fault, String where) {
    AddressRefusedException refused = cause(fault, AddressRefusedException.class);
    return refused != null
        ? new Answer.Refused(String.valueOf(refused.getMessage()))
        : new Answer.Failed(words(fault, where));
  }

  /** Describes a fault of a connection. */
  static String words(IOException fault, String where) {
    if (cause(fault, CertificateExpiredException.class) != null) {
      return "the certificate of " + where + " has expired";
    }
    if (cause(fault, CertificateNotYetValidException.class) != null) {
      return "the certificate of " + where + " is not valid yet";
    }
    if (cause(fault, CertPathBuilderException.class) != null
        || cause(fault, CertPathValidatorException.class) != null) {
      return "the certificate of " + where + " is of an authority that is not trusted here";
    }
    if (cause(fault, SSLPeerUnverifiedException.class) != null
        || cause(fault, CertificateException.class) != null) {
      return "the certificate of " + where + " is not for this host: " + own(deepest(fault));
    }
    if (cause(fault, SSLException.class) != null) {
      return "no TLS with " + where + ": " + own(fault);
    }
    if (cause(fault, UnknownHostException.class) != null) {
      return "the name of " + where + " has no address";
    }
    if (cause(fault, SocketTimeoutException.class) != null) {
      return where + " did not answer in time";
    }
    if (cause(fault, ConnectException.class) != null) {
      return "no connection to " + where + ": " + own(fault);
    }
    return "the connection to " + where + " failed: " + own(fault);
  }

  /** A library's words, cut, on one line. */
  private static String own(Throwable fault) {
    return cut(fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage());
  }

  /** Cuts somebody else's words to one line of a bounded length. */
  static String cut(String words) {
    String line = words.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= MAX_WORDS ? line : line.substring(0, MAX_WORDS) + "…";
  }

  private static Throwable deepest(Throwable fault) {
    Throwable deepest = fault;
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      deepest = cause;
    }
    return deepest;
  }

  private static <T extends Throwable> @Nullable T cause(Throwable fault, Class<T> type) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
