package dev.indelible.cli;

import dev.indelible.cli.demo.StoryTenant;
import dev.indelible.cli.terminal.Terminal;
import dev.indelible.client.IndelibleClient;
import dev.indelible.client.RefusedException;
import dev.indelible.client.RetryPolicy;
import dev.indelible.server.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Runs a server with six tenants whose logs tell a story. */
@Command(
    name = "demo",
    description =
        "Runs a server with six tenants, one per profile, filled with a story (docs/demo.md).",
    mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {

  /** Default data folder of the demonstration. */
  static final String DEFAULT_DATA = "demo-data";

  private static final RetryPolicy RETRY =
      new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(30));

  private final Terminal terminal;

  @Mixin private ServerOptions options = new ServerOptions();

  Demo(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    options.fallback(Setting.DATA, DEFAULT_DATA);
    Path data = Path.of(options.settings(terminal).text(Setting.DATA).orElse(DEFAULT_DATA));
    options.fallback(Setting.STREAMS_ROOT, DemoStream.folder(data).toString());
    RunningServer running = RunningServer.start(options.settings(terminal));
    String key = Files.readString(running.server().operatorKeyFile()).strip();
    Storyteller.Told told;
    String link;
    URI address = URI.create(running.address());
    try (IndelibleClient client =
        ConnectionOptions.to(address, key).retry(RETRY).onWait(terminal.err()::println).build()) {
      told = new Storyteller(client, data).tell(Instant.now().truncatedTo(ChronoUnit.MILLIS));
      ObjectNode who = JsonNodeFactory.instance.objectNode();
      who.putObject("user").put("id", "operator").put("name", "Operator");
      link = SignIn.link(client, who);
      boolean _ = DemoStream.make(client.forTenant(StoryTenant.ACME_SUPPORT.tenant()));
    }
    TamperedCopy copy = new TamperedCopy(data);
    try (IndelibleClient client = ConnectionOptions.to(address, key).withoutRetries().build()) {
      boolean written =
          copy.write(client.forTenant(StoryTenant.ACME_SUPPORT.tenant()).log(), told.ofAcme());
      greet(
          new Greeting(
              running.address(), key, link, told.events(), data, written ? copy.file() : null));
    } catch (RefusedException refusal) {
      throw Answers.refusedLog(refusal);
    }
    running.await();
    return ExitCode.DONE;
  }

  private record Greeting(
      String address, String key, String link, int events, Path data, @Nullable Path copy) {}

  private void greet(Greeting greeting) {
    String tenant = StoryTenant.ACME_SUPPORT.tenant();
    terminal
        .out()
        .print(
            """

            Indelible listens on %1$s with six tenants%2$s.

            Sign in with this link, once and within 15 minutes; `./indelible sign-in` makes another one:

              %5$s

            Look at %1$s/t/%4$s/log, then send an event of your own and see it appear there:

              curl -sS %1$s/v1/events -H 'Authorization: Bearer %3$s' -H 'Content-Type: application/json' \\
                -d '{"tenant":"%4$s","action":"user.role.change","actor":{"type":"user","id":"u_me","name":"Me"},"targets":[{"type":"user","id":"u_9","name":"Bo"}],"outcome":"success","changes":[{"field":"role","before":"agent","after":"admin"}]}'

            Find it again, and follow the story (docs/demo.md):

              export INDELIBLE_URL=%1$s INDELIBLE_KEY=%3$s
              ./indelible search --tenant %4$s 'actor:u_me changed:role'
              ./indelible search --tenant %4$s 'country:BR outcome:failure'
              ./indelible tail --tenant %4$s

            """
                .formatted(
                    greeting.address(),
                    greeting.events() == 0
                        ? ", filled before"
                        : " and " + greeting.events() + " events",
                    greeting.key(),
                    tenant,
                    greeting.link()));
    greetTampered(greeting, tenant);
    terminal
        .out()
        .print(
            "The API, described: %s/docs        Ctrl-C ends the demonstration; its data stays in %s.%n"
                .formatted(greeting.address(), greeting.data()));
    terminal.out().flush();
  }

  private void greetTampered(Greeting greeting, String tenant) {
    Path copy = greeting.copy();
    if (copy == null) {
      return;
    }
    terminal
        .out()
        .print(
            """
            Somebody made a copy of %2$s's log and altered one entry in it. Which one? Edit another one yourself, too:

              ./indelible verify %3$s
              or drop that file on %1$s/t/%2$s/check

            """
                .formatted(greeting.address(), tenant, shown(copy)));
  }

  /** Shortens a path to one relative to the current folder, if it lies in it. */
  private static Path shown(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return file.startsWith(here) ? here.relativize(file) : file;
  }
}
