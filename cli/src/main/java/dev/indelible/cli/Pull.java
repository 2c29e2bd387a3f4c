package dev.indelible.cli;

import dev.indelible.cli.pull.CloudTrailBucket;
import dev.indelible.cli.pull.GitHubAuditLog;
import dev.indelible.cli.pull.KeycloakEvents;
import dev.indelible.cli.pull.OktaSystemLog;
import dev.indelible.cli.pull.S3Clients;
import dev.indelible.cli.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pull}: records the logs of other services as they grow. */
@Command(
    name = "pull",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "SOURCE",
    description = {
      "Record the log of another service as it grows, without gaps: from where the state file says, to"
          + " its end.",
      "Its secrets come from the environment or from files. docs/operate/pull.md has the rest."
    })
final class Pull implements Callable<Integer> {

  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration PAUSE_OF_BUCKETS = Duration.ofMinutes(5);

  @Spec private CommandSpec spec = CommandSpec.create();

  private Pull() {}

  /** The command with its sources. */
  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new Pull())
        .addSubcommand(new GitHub(terminal))
        .addSubcommand(new Okta(terminal))
        .addSubcommand(new Keycloak(terminal))
        .addSubcommand(new CloudTrail(terminal));
  }

  /** Shows the sources when none is given. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }

  private static URI address(String option, String text) {
    try {
      return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, option + " is no address: " + text);
    }
  }

  /** {@code pull github}. */
  @Command(
      name = "github",
      mixinStandardHelpOptions = true,
      description =
          "The audit log of an organization at GitHub Enterprise Cloud. Token: GITHUB_TOKEN.")
  static final class GitHub implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private PullOptions options = new PullOptions();

    @Option(names = "--org", paramLabel = "NAME", required = true, description = "Its login.")
    private String organization = "";

    @Option(names = "--api", paramLabel = "URL", description = "The API (https://api.github.com).")
    private String api = GitHubAuditLog.API.toString();

    @Option(names = "--include", paramLabel = "WHAT", description = "web, git or all (all).")
    private String include = "all";

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file with the token.")
    private @Nullable Path tokenFile;

    GitHub(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      if (!List.of("web", "git", "all").contains(include)) {
        throw new CommandFailure(ExitCode.USAGE, "--include is web, git or all.");
      }
      URI base = address("--api", api);
      String token = PullOptions.secret(terminal, tokenFile, "--token-file", "GITHUB_TOKEN");
      return new PullRun(terminal, options, PAUSE)
          .run(
              "github",
              "github " + base + " " + organization + " " + include,
              (window, since, waiting) ->
                  List.of(
                      new GitHubAuditLog(
                          new GitHubAuditLog.Terms(base, organization, token, include, since),
                          window,
                          waiting)));
    }
  }

  /** {@code pull okta}. */
  @Command(
      name = "okta",
      mixinStandardHelpOptions = true,
      description = "Okta's System Log. Token: OKTA_TOKEN.")
  static final class Okta implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private PullOptions options = new PullOptions();

    @Option(
        names = "--url",
        paramLabel = "URL",
        required = true,
        description = "The organization, such as https://acme.okta.com.")
    private String url = "";

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file with the token.")
    private @Nullable Path tokenFile;

    Okta(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      URI organization = address("--url", url);
      String token = PullOptions.secret(terminal, tokenFile, "--token-file", "OKTA_TOKEN");
      return new PullRun(terminal, options, PAUSE)
          .run(
              "okta",
              "okta " + organization,
              (window, since, waiting) ->
                  List.of(new OktaSystemLog(organization, token, since, window, waiting)));
    }
  }

  /** {@code pull keycloak}. */
  @Command(
      name = "keycloak",
      mixinStandardHelpOptions = true,
      description =
          "Login and admin events of a realm of Keycloak, which has to store them. Client's secret:"
              + " KEYCLOAK_CLIENT_SECRET.")
  static final class Keycloak implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private PullOptions options = new PullOptions();

    @Option(
        names = "--url",
        paramLabel = "URL",
        required = true,
        description = "Keycloak, such as https://sso.example.com.")
    private String url = "";

    @Option(names = "--realm", paramLabel = "NAME", required = true, description = "The realm.")
    private String realm = "";

    @Option(
        names = "--client",
        paramLabel = "ID",
        required = true,
        description = "A client with a service account that has the role view-events.")
    private String client = "";

    @Option(
        names = "--client-realm",
        paramLabel = "NAME",
        description = "The client's realm, if it is another one.")
    private @Nullable String clientRealm;

    @Option(
        names = "--client-secret-file",
        paramLabel = "FILE",
        description = "A file with the client's secret.")
    private @Nullable Path secretFile;

    Keycloak(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      URI server = address("--url", url);
      String secret =
          PullOptions.secret(
              terminal, secretFile, "--client-secret-file", "KEYCLOAK_CLIENT_SECRET");
      return new PullRun(terminal, options, PAUSE)
          .run(
              "keycloak",
              "keycloak " + server + " " + realm,
              (window, since, waiting) -> {
                KeycloakEvents.Terms terms = terms(server, secret, since);
                return Arrays.stream(KeycloakEvents.Kind.values())
                    .map(kind -> new KeycloakEvents(terms, kind, window, waiting))
                    .toList();
              });
    }

    private KeycloakEvents.Terms terms(URI server, String secret, Instant since) {
      return new KeycloakEvents.Terms(
          server, realm, clientRealm == null ? realm : clientRealm, client, secret, since);
    }
  }

  /** {@code pull cloudtrail}. */
  @Command(
      name = "cloudtrail",
      mixinStandardHelpOptions = true,
      description =
          "CloudTrail's log files in a bucket. Credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
              + " or the usual files and roles.")
  static final class CloudTrail implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private PullOptions options = new PullOptions();

    @Option(names = "--bucket", paramLabel = "NAME", required = true, description = "The bucket.")
    private String bucket = "";

    @Option(
        names = "--prefix",
        paramLabel = "PREFIX",
        description = "The trail's prefix: what stands before AWSLogs/.")
    private String prefix = "";

    @Option(
        names = "--region",
        paramLabel = "NAME",
        description = "The bucket's region; else AWS_REGION, else us-east-1.")
    private @Nullable String region;

    @Option(
        names = "--endpoint",
        paramLabel = "URL",
        description = "A store that speaks S3 and is not Amazon's.")
    private @Nullable String endpoint;

    CloudTrail(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      String before = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
      URI store = endpoint == null ? null : address("--endpoint", endpoint);
      return new PullRun(terminal, options, PAUSE_OF_BUCKETS)
          .run(
              "cloudtrail",
              "cloudtrail s3://" + bucket + "/" + before + (store == null ? "" : " at " + store),
              (window, since, waiting) ->
                  List.of(
                      new CloudTrailBucket(
                          S3Clients.of(regionName(), store, terminal.environment()),
                          bucket,
                          before,
                          since,
                          window,
                          waiting)));
    }

    private String regionName() {
      return region != null
          ? region
          : terminal.environment().getOrDefault("AWS_REGION", "us-east-1");
    }
  }
}
