package dev.indelible.server.deliver;

import static dev.indelible.server.deliver.Surroundings.ACME;
import static dev.indelible.server.deliver.Surroundings.NOW;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.indelible.server.control.Destination;
import dev.indelible.server.deliver.Delivery.Outcome;
import dev.indelible.server.deliver.DestinationRequests.Made;
import dev.indelible.testing.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks at a real receiver. */
class WebhookDeliveryTest {

  @SuppressWarnings("ArrayRecordComponent") // carries what was sent; never compared
  private record Received(Map<String, List<String>> headers, byte[] body) {
    String header(String name) {
      return requireNonNull(headers.get(name), name).getFirst();
    }
  }

  @TempDir Path folder;
  private HttpServer receiver;
  private final List<Received> received = new ArrayList<>();
  private int status = 204;
  private Map<String, String> answerHeaders = Map.of();
  private final Surroundings surroundings = new Surroundings();

  @BeforeEach
  void listen() throws Exception {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          synchronized (received) {
            received.add(
                new Received(
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes()));
          }
          answerHeaders.forEach(exchange.getResponseHeaders()::set);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stop() {
    receiver.stop(0);
  }

  private String url(String host) {
    return "http://" + host + ":" + receiver.getAddress().getPort() + "/hook?team=7";
  }

  private Made made(String url) {
    Made made =
        new DestinationRequests(surroundings.around())
            .read(
                ACME,
                JsonMapper.shared().createObjectNode().put("type", "webhook").put("url", url),
                null,
                (field, code, detail) -> {
                  throw new AssertionError(field + " " + code + " " + detail);
                });
    return requireNonNull(made);
  }

  private Delivery delivery(Made made) {
    return new Deliveries(surroundings.around()).of(ACME, made.destination());
  }

  @Test
  void aMessageIsSignedAndSaysWhatAndWhere() throws Exception {
    byte[] content = "a,b\n".getBytes(StandardCharsets.UTF_8);
    Parcel parcel = Surroundings.parcel(folder, content);
    Made made = made(url("127.0.0.1"));
    assertThat(delivery(made).deliver(parcel))
        .isEqualTo(new Outcome.Arrived("http://127.0.0.1:" + receiver.getAddress().getPort()));
    Received one = received.getFirst();
    byte[] secret =
        Base64.getDecoder()
            .decode(requireNonNull(made.signingSecret()).substring("whsec_".length()));
    Map<String, String> signed = new WebhookSigner(secret).headers(parcel.id(), NOW, one.body());
    assertThat(one.header("Webhook-id")).isEqualTo(parcel.id());
    assertThat(one.header("Webhook-timestamp")).isEqualTo(signed.get("webhook-timestamp"));
    assertThat(one.header("Webhook-signature")).isEqualTo(signed.get("webhook-signature"));
    JsonNode json = JsonMapper.shared().readTree(one.body());
    assertThat(json)
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"type":"export.delivered","timestamp":"2026-11-20T10:00:00.000Z","data":{
                     "tenant":"acme","export":"x_1","schedule":{"id":"s_1","name":"Nightly"},
                     "window":{"from_seq":100,"to_seq":250},"entries":150,
                     "file":{"name":"nightly-2026-11-20.csv","media_type":"text/csv","bytes":4,"sha256":"%s"},
                     "path":"/v1/tenants/acme/exports/x_1/file",
                     "url":"https://audit.example.com/v1/tenants/acme/exports/x_1/file"}}
                    """
                        .formatted(Surroundings.sha256(content))));
    assertThat(surroundings.attempts).containsExactly("webhook arrived");
  }

  @Test
  void aRepeatHasTheSameIdAndATestOneOfItsOwn() throws Exception {
    Parcel parcel = Surroundings.parcel(folder, new byte[0]);
    Delivery delivery = delivery(made(url("127.0.0.1")));
    for (int i = 0; i < 2; i++) {
      assertThat(delivery.deliver(parcel)).isInstanceOf(Outcome.Arrived.class);
    }
    assertThat(delivery.probe()).isInstanceOf(Outcome.Arrived.class);
    assertThat(received)
        .extracting(one -> one.header("Webhook-id"))
        .containsExactly(parcel.id(), parcel.id(), "test-" + NOW.toEpochMilli());
    assertThat(JsonMapper.shared().readTree(received.getLast().body()).get("type").stringValue())
        .isEqualTo("export.test");
  }

  @ParameterizedTest
  @CsvSource({
    "200,Arrived",
    "202,Arrived",
    "301,Refused",
    "302,Refused",
    "307,Refused",
    "400,Refused",
    "401,Refused",
    "403,Refused",
    "404,Refused",
    "408,Failed",
    "410,Refused",
    "425,Failed",
    "429,Failed",
    "500,Failed",
    "502,Failed",
    "503,Failed"
  })
  void answersAreClassified(int answer, String outcome) throws Exception {
    status = answer;
    answerHeaders = Map.of("Location", url("localhost"));
    Outcome result =
        delivery(made(url("127.0.0.1"))).deliver(Surroundings.parcel(folder, new byte[0]));
    assertThat(result.getClass().getSimpleName()).isEqualTo(outcome);
    assertThat(received).as("nothing is followed or repeated").hasSize(1);
    if (!(result instanceof Outcome.Arrived)) {
      assertThat(result.toString()).contains(" answered " + answer).doesNotContain("team=7");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "120,PT2M",
    "'Fri, 20 Nov 2026 10:05:00 GMT',PT5M",
    "'Fri, 20 Nov 2026 09:00:00 GMT',PT0S",
    "999999999,P1D",
    "soon,"
  })
  void aReceiverSaysWhenToComeAgain(String value, Duration wait) throws Exception {
    status = 429;
    answerHeaders = Map.of("Retry-After", value);
    Outcome result = delivery(made(url("127.0.0.1"))).probe();
    assertThat(result).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed) result).retryAfter()).isEqualTo(wait);
  }

  @Test
  void noConnectionIsAFaultThatMayPass() throws Exception {
    Made made = made(url("127.0.0.1"));
    receiver.stop(0);
    assertThat(delivery(made).probe()).isInstanceOf(Outcome.Failed.class);
  }

  /** A name that is public when it is entered, and a private address at the connection. */
  @Test
  void aNameThatChangesItsAddressIsRefusedAtTheConnection() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    surroundings.guard(
        new AddressGuard(
            List.of(),
            host -> {
              assertThat(host).isEqualTo("changing.test");
              return new InetAddress[] {
                InetAddress.getByName(asked.getAndIncrement() == 0 ? "1.1.1.1" : "127.0.0.1")
              };
            }));
    Made made = made("https://changing.test:" + receiver.getAddress().getPort() + "/");
    assertThat(asked).hasValue(1);
    Outcome outcome = delivery(made).probe();
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(outcome.toString()).contains("changing.test", "private");
    assertThat(asked).hasValue(2);
    assertThat(received).isEmpty();
  }

  /** Nobody else is asked for a name again after the guard was: the address it gave is reached. */
  @Test
  void theConnectionGoesToTheAddressThatWasChecked() throws Exception {
    List<String> asked = new ArrayList<>();
    surroundings.guard(
        new AddressGuard(
            Surroundings.LOOPBACK,
            host -> {
              asked.add(host);
              return InetAddress.getAllByName("127.0.0.1");
            }));
    Delivery delivery = delivery(made(url("no-such-name.invalid")));
    assertThat(delivery.probe()).isInstanceOf(Outcome.Arrived.class);
    assertThat(delivery.probe()).isInstanceOf(Outcome.Arrived.class);
    assertThat(asked).as("once for the form, then for each connection").hasSize(3);
    assertThat(received.getFirst().header("Host")).startsWith("no-such-name.invalid:");
  }

  /** A literal is no way around the guard. */
  @Test
  void literalsAreChecked() throws Exception {
    List<String> literals = List.of("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433");
    for (String literal : literals) {
      String url = url(literal);
      String sealed =
          surroundings.around().cipher().seal(ACME, SecretUse.webhook(url), new byte[32]);
      AddressGuard strict = new AddressGuard(List.of(), InetAddress::getAllByName);
      Outcome outcome =
          new Deliveries(new Surroundings().guard(strict).around())
              .of(ACME, new Destination.Webhook(url, sealed))
              .probe();
      assertThat(outcome).as(literal).isInstanceOf(Outcome.Refused.class);
    }
    assertThat(received).isEmpty();
  }

  @Test
  void aSecretOfAnotherAddressOrInstallationIsRefused() throws Exception {
    Destination.Webhook made = (Destination.Webhook) made(url("127.0.0.1")).destination();
    Outcome outcome =
        new Deliveries(surroundings.around())
            .of(ACME, new Destination.Webhook(made.url() + "&x=1", made.sealedSecret()))
            .probe();
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(outcome.toString()).contains("installation's key");
    assertThat(received).isEmpty();
  }

  /** An answer's body is not read: the connection ends instead. */
  @Test
  void anAnswerWithoutEndIsNotRead() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    receiver.createContext(
        "/endless",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, 0);
          byte[] some = new byte[1 << 16];
          try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 100_000; i++) {
              out.write(some);
            }
          } catch (IOException e) {
            closed.countDown();
          }
        });
    Made made = made("http://127.0.0.1:" + receiver.getAddress().getPort() + "/endless");
    assertThat(delivery(made).probe()).isInstanceOf(Outcome.Arrived.class);
    Eventually.reached("the end of the connection", closed);
  }

  /** A receiver that never ends its answer's head. */
  @Test
  void whoeverIsInterruptedDoesNotWaitForASlowReceiver() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> server =
          threads.submit(
              () -> {
                try (Socket socket = silent.accept();
                    InputStream in = socket.getInputStream();
                    OutputStream out = socket.getOutputStream()) {
                  assertThat(in.read()).isEqualTo('P');
                  out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                  out.flush();
                  asked.countDown();
                  while (in.read() >= 0) {
                    // the rest of the request, and then the end of the connection
                  }
                  gone.countDown();
                  return true;
                }
              });
      Made made = made("http://127.0.0.1:" + silent.getLocalPort() + "/");
      Future<Boolean> attempt =
          threads.submit(
              () -> {
                Thread self = Thread.currentThread();
                Future<Boolean> interrupter =
                    threads.submit(
                        () -> {
                          Eventually.reached("the request", asked);
                          self.interrupt();
                          return true;
                        });
                try {
                  Outcome outcome = delivery(made).probe();
                  throw new AssertionError(outcome.toString());
                } catch (InterruptedException e) {
                  return Eventually.done("the interruption", interrupter);
                }
              });
      assertThat(Eventually.done("the attempt", attempt)).isTrue();
      Eventually.reached("the end of the connection", gone);
      Eventually.done("the receiver", server);
    }
  }
}
