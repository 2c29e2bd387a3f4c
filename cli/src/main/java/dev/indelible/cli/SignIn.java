package dev.indelible.cli;

import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.Answer;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.Request;
import dev.indelible.client.RetryPolicy;
import dev.indelible.client.UnreachableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code sign-in}: prints a link that signs somebody in to the console once. */
@Command(
    name = "sign-in",
    mixinStandardHelpOptions = true,
    description = "Print a link that signs somebody in to the console, once, within 15 minutes.",
    footer = {
      "",
      "  indelible sign-in --key-file /var/lib/indelible/operator.key",
      "  indelible sign-in --tenant acme --user u_7 --name Ana --role admin",
      "",
      "Without --user the link signs an operator in. Without --role the user is to be a member of the tenant."
    })
final class SignIn implements Callable<Integer> {

  private static final int CREATED = 201;
  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofSeconds(10));

  private final Terminal terminal;

  @Mixin private ConnectionOptions options = new ConnectionOptions();

  @Option(names = "--user", paramLabel = "ID", description = "Who of the tenant it is for.")
  private @Nullable String user;

  @Option(names = "--name", paramLabel = "NAME", description = "Their name.")
  private @Nullable String name;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "A role of the tenant's profile; may be repeated.")
  private List<String> roles = List.of();

  @Option(
      names = "--account",
      paramLabel = "ACCOUNT",
      description = "An account that the roles are for; may be repeated.")
  private List<String> accounts = List.of();

  SignIn(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode who = body.putObject("user");
    if (user != null) {
      who.put("id", user);
      String tenant = options.tenant(terminal);
      if (tenant != null) {
        body.put("tenant", tenant);
      }
    } else if (options.namesTenant() || !roles.isEmpty() || !accounts.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "who of the tenant is it for? Give --user.");
    } else {
      who.put("id", "operator");
    }
    if (name != null) {
      who.put("name", name);
    }
    add(body, "roles", roles);
    add(body, "accounts", accounts);
    try (IndelibleClient client = options.client(terminal, RETRY, terminal.err()::println)) {
      terminal.out().println(link(client, body));
    } catch (UnreachableException failure) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(failure.getMessage()));
    }
    terminal.out().flush();
    return ExitCode.DONE;
  }

  private static void add(ObjectNode body, String field, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = body.putArray(field);
      values.forEach(array::add);
    }
  }

  /** Asks for a link. */
  static String link(IndelibleClient client, ObjectNode body) {
    Answer answer =
        client.send(
            Request.post("/v1/sign-in-links", JsonMapper.shared().writeValueAsString(body))
                .repeatable());
    if (answer.status() != CREATED) {
      throw Answers.refused(answer);
    }
    return answer.json().at("url").text().orElse("");
  }
}
