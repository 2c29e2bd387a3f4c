package dev.indelible.server.deliver;

import dev.indelible.server.deliver.AddressGuard.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP to receivers that somebody else named: the guard resolves each connection's host, redirects
 * are answers, and neither proxies nor credentials nor cookies of the process are used.
 */
public final class GuardedHttp {

  /** How long a connection may take to be made, TLS included. */
  public static final Timeout CONNECT_TIMEOUT = Timeout.of(10, TimeUnit.SECONDS);

  /** How long a receiver may be silent. */
  public static final Timeout SILENCE_TIMEOUT = Timeout.of(20, TimeUnit.SECONDS);

  private GuardedHttp() {}

  /** A client for one receiver; each of its connections asks the guard anew. */
  public static CloseableHttpClient client(AddressGuard guard, Transport transport) {
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver(guard, transport))
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT_TIMEOUT)
                        .setSocketTimeout(SILENCE_TIMEOUT)
                        .build())
                .build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setRedirectsEnabled(false)
                .setResponseTimeout(SILENCE_TIMEOUT)
                .setContentCompressionEnabled(false)
                .build())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .setUserAgent("indelible")
        .build();
  }

  /** The guard as the library asks for names. */
  static DnsResolver resolver(AddressGuard guard, Transport transport) {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return guard.resolve(host, transport);
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }
}
