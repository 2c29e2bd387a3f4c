package dev.indelible.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.indelible.testing.Eventually;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;

/**
 * Schedules that are made over HTTP, with receivers beside the server: real ones, of this machine.
 */
class ScheduleDestinationsTest {

  private static final String ACCESS_KEY = "AKIAtest";
  private static final String SECRET = "secretOfTheTest";

  @TempDir static Path directory;
  private static GovernedServer server;
  private static GreenMail mail;
  private static S3Proxy proxy;
  private static S3Client reader;
  private static HttpServer receiver;
  private static final List<String> POSTED = new CopyOnWriteArrayList<>();
  private String acme;
  private String schedules;
  private AccessCalls operator;

  @BeforeAll
  static void start() throws Exception {
    mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    proxy =
        S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET)
            .build();
    proxy.start();
    reader =
        S3Client.builder()
            .httpClientBuilder(Apache5HttpClient.builder())
            .endpointOverride(URI.create(endpoint()))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET)))
            .build();
    reader.createBucket(bucket -> bucket.bucket("audit"));
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          POSTED.add(
              exchange.getRequestURI()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    server =
        new GovernedServer(
            directory,
            Map.of(
                Setting.SCHEDULES_EVERY,
                "20ms",
                Setting.DELIVER_ALLOW_PRIVATE,
                "127.0.0.0/8",
                Setting.PUBLIC_URL,
                "https://audit.example.com",
                Setting.MAIL_HOST,
                "127.0.0.1",
                Setting.MAIL_PORT,
                Integer.toString(mail.getSmtp().getPort()),
                Setting.MAIL_TLS,
                "none",
                Setting.MAIL_SENDER,
                "audit@sender.test"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    receiver.stop(0);
    reader.close();
    proxy.stop();
    mail.stop();
  }

  private static String endpoint() {
    return "http://127.0.0.1:" + proxy.getPort();
  }

  @BeforeEach
  void makeTenant() throws Exception {
    acme = server.newTenant("standard");
    schedules = "/v1/tenants/" + acme + "/schedules";
    operator = AccessCalls.operator(server);
  }

  /** Makes a schedule, records an entry, and returns the run that delivers it. */
  private JsonNode delivered(String destination) throws Exception {
    JsonNode made =
        operator
            .post(
                schedules,
                "{'name':'Nightly','cron':'0 0 1 1 *','zone':'UTC','query':'action:a.b','format':'csv','destination':%s}"
                    .formatted(destination))
            .expect(201)
            .json();
    assertThat(made.toString()).doesNotContain(SECRET);
    operator
        .post(
            "/v1/events",
            "[{'tenant':'%s','id':'one','action':'a.b','actor':{'type':'system'}}]".formatted(acme))
        .expect(201);
    String path = schedules + "/" + made.path("id").asString();
    operator.post(path + "/run", "{}").expect(202);
    JsonNode run =
        Eventually.see(
                "the end of its run",
                () -> operator.get(path + "/runs").expect(200).json().path("runs"),
                runs -> runs.size() == 1 && runs.get(0).has("ended_at"))
            .get(0);
    assertThat(run.path("state").asString()).as(run.toString()).isEqualTo("done");
    assertThat(server.find(acme, "action:audit.exported", 1)).hasSize(1);
    return run;
  }

  private JsonNode tested(String body) throws Exception {
    JsonNode outcome = operator.post(schedules + "/test", body).expect(200).json();
    // Nothing of it is kept.
    assertThat(operator.get(schedules).expect(200).json().path("schedules")).isEmpty();
    return outcome;
  }

  private String bucket(String secret) {
    return "{'type':'s3','endpoint':'%s','region':'us-east-1','bucket':'audit','prefix':'%s','path_style':true,'access_key':'%s','secret':'%s'}"
        .formatted(endpoint(), acme, ACCESS_KEY, secret);
  }

  @Test
  void aBucketIsTestedBeforeItIsSavedAndGetsTheFile() throws Exception {
    JsonNode good = tested("{'destination':" + bucket(SECRET) + "}");
    assertThat(good.path("outcome").asString()).as(good.toString()).isEqualTo("arrived");
    JsonNode bad = tested("{'destination':" + bucket("anotherSecret") + "}");
    assertThat(bad.path("outcome").asString()).as(bad.toString()).isNotEqualTo("arrived");
    JsonNode run = delivered(bucket(SECRET));
    assertThat(run.path("delivered_to").asString()).startsWith("s3://audit/" + acme);
    String key = run.path("delivered_to").asString().substring("s3://audit/".length());
    String csv =
        reader
            .getObjectAsBytes(get -> get.bucket("audit").key(key))
            .asString(StandardCharsets.UTF_8);
    assertThat(csv.lines().skip(1)).singleElement().asString().startsWith("one,");
  }

  @Test
  void aSecretThatIsSavedNeedNotBeTypedAgainToTest() throws Exception {
    JsonNode schedule =
        operator
            .post(
                schedules,
                "{'name':'Nightly','cron':'0 0 1 1 *','zone':'UTC','format':'csv','destination':%s}"
                    .formatted(bucket(SECRET)))
            .expect(201)
            .json();
    String without = bucket("x").replace(",'secret':'x'", "");
    assertThat(
            operator
                .post(schedules + "/test", "{'destination':" + without + "}")
                .expect(422)
                .json()
                .at("/errors/0/pointer")
                .asString())
        .isEqualTo("/destination/secret");
    JsonNode outcome =
        operator
            .post(
                schedules + "/test",
                "{'destination':%s,'schedule':'%s'}"
                    .formatted(without, schedule.path("id").asString()))
            .expect(200)
            .json();
    assertThat(outcome.path("outcome").asString()).as(outcome.toString()).isEqualTo("arrived");
    operator
        .post(schedules + "/test", "{'destination':" + without + ",'schedule':'none'}")
        .expect(404);
  }

  @Test
  void aWebhookIsToldWhereTheFileIs() throws Exception {
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/" + acme;
    JsonNode good = tested("{'destination':{'type':'webhook','url':'" + url + "'}}");
    assertThat(good.path("outcome").asString()).as(good.toString()).isEqualTo("arrived");
    JsonNode run = delivered("{'type':'webhook','url':'" + url + "'}");
    List<String> own = POSTED.stream().filter(post -> post.startsWith("/" + acme + " ")).toList();
    assertThat(own).hasSize(2); // the test, and the run's
    assertThat(own.getLast())
        .contains("https://audit.example.com")
        .contains(run.path("export").asString());
  }

  @Test
  void anEmailHasALinkToTheFile() throws Exception {
    String to = acme + "@receiver.test";
    JsonNode run = delivered("{'type':'email','addresses':['" + to + "'],'language':'de'}");
    List<String> own =
        List.of(mail.getReceivedMessages()).stream()
            .map(GreenMailUtil::getWholeMessage)
            .filter(message -> message.contains(to))
            .toList();
    assertThat(own).hasSize(1);
    assertThat(own.getFirst().replace("=\r\n", ""))
        .contains("audit@sender.test")
        .contains("https://audit.example.com")
        .contains(run.path("export").asString());
  }

  @Test
  void whatIsNoDestinationIsRefusedByItsField() throws Exception {
    String private10 = "{'destination':{'type':'webhook','url':'https://10.0.0.1/x'}}";
    JsonNode refused = operator.post(schedules + "/test", private10).expect(422).json();
    assertThat(refused.at("/errors/0/pointer").asString()).isEqualTo("/destination/url");
    operator.post(schedules + "/test", "{'destination':{'type':'pigeon'}}").expect(422);
    operator.post(schedules + "/test", "{}").expect(422);
    AccessCalls reader = operator.key(acme, "'audit.view','schedules.manage'");
    assertThat(
            reader.post(schedules + "/test", "{'destination':{'type':'inbox'}}").expect(403).code())
        .isEqualTo("forbidden");
  }
}
